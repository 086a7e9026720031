import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { ContainerImage } from './container-image';
import type { ModelData } from './model-data';

/** A model that a container serves. */
export interface ContainerModelProps {
  /** The container image. */
  readonly image: ContainerImage;

  /**
   * The model's artefact, which SageMaker lays at `/opt/ml/model` in the container.
   *
   * @default - none: the image brings its model, or fetches it when it starts
   */
  readonly modelData?: ModelData;

  /**
   * Environment variables of the container.
   *
   * @default - none
   */
  readonly environment?: Record<string, string>;
}

/**
 * What the endpoint serves. Asynchronous inference serves one model in one container: no pipelines, no multi-model endpoints.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export abstract class InferenceModel {
  /** A container image, with an artefact or without. */
  public static fromContainer(props: ContainerModelProps): InferenceModel {
    return new BoundInferenceModel((scope) => {
      const image = props.image._bind(scope);
      const modelData = props.modelData?._bind(scope);
      return {
        container: {
          image: image.imageUri,
          modelDataUrl: modelData?.modelDataUrl,
          environment: props.environment,
        },
        statements: [...image.statements, ...(modelData?.statements ?? [])],
      };
    });
  }

  /** @internal */
  public abstract _bind(scope: Construct): InferenceModelConfig;
}

/** The model where it is used, and what the execution role needs to load it. */
export interface InferenceModelConfig {
  readonly container: CfnModel.ContainerDefinitionProperty;
  readonly statements: readonly PolicyStatement[];
}

class BoundInferenceModel extends InferenceModel {
  constructor(/** @internal */ public readonly _bind: (scope: Construct) => InferenceModelConfig) {
    super();
  }
}
