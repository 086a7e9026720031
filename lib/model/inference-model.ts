import { Token } from 'aws-cdk-lib';
import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { ContainerImage } from './container-image';
import type { ModelData } from './model-data';
import { refuseAt, text } from '../shared/validation';
import type { Fault } from '../shared/validation';
import { warn } from '../shared/warnings';

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
   * Environment variables of the container: at most 100, with names of letters, digits and underscores, and values of at most
   * 1,024 characters.
   *
   * @default - none
   */
  readonly environment?: Record<string, string>;
}

/** What there is to know of a SageMaker model that exists. */
export interface ExistingModelOptions {
  /**
   * The model's own execution role, which an existing model keeps. It gets the right to write results and to publish notifications.
   *
   * @default - not known: a warning lists the statements that it needs
   */
  readonly executionRole?: IRole;
}

/** What there is to know of a model package. */
export interface ModelPackageOptions {
  /**
   * The image that the package names, so that the execution role may pull it.
   *
   * @default - not known: a warning says what the role needs
   */
  readonly image?: ContainerImage;

  /**
   * The artefact that the package names, so that the execution role may read it.
   *
   * @default - the package has none, or the role may read it already
   */
  readonly modelData?: ModelData;

  /**
   * Environment variables of the container, on top of those of the package.
   *
   * @default - those of the package
   */
  readonly environment?: Record<string, string>;
}

/**
 * What the endpoint serves. Asynchronous inference serves one model in one container: no pipelines, no multi-model endpoints.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export abstract class InferenceModel {
  /**
   * A container image, with an artefact or without.
   *
   * @throws when the environment is out of the service's limits, with all faults in one error
   */
  public static fromContainer(props: ContainerModelProps): InferenceModel {
    refuseAt('InferenceModel.fromContainer', environmentFaults(props.environment));
    return new BoundInferenceModel((scope) => {
      const image = props.image._bind(scope);
      const modelData = props.modelData?._bind(scope);
      return {
        container: { image: image.imageUri, ...modelData?.data, environment: props.environment },
        statements: [...image.statements, ...(modelData?.statements ?? [])],
      };
    });
  }

  /**
   * A SageMaker model that exists, with the execution role that it has. The endpoint defines neither.
   *
   * @param modelName the model's name. CloudFormation deploys when it changes.
   * @throws when the name is not one
   */
  public static fromModelName(modelName: string, options: ExistingModelOptions = {}): InferenceModel {
    refuseAt('InferenceModel.fromModelName', [
      text('modelName', modelName, /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/, '1 to 63 letters, digits and hyphens'),
    ]);
    return new BoundInferenceModel(() => ({
      existing: { modelName, executionRole: options.executionRole },
      statements: [],
    }));
  }

  /**
   * A version of a model package in your own Model Registry, so that an approval there can drive a deploy. Packages of AWS Marketplace
   * are not supported by asynchronous inference.
   *
   * @param modelPackageArn the ARN of the version
   * @throws when the ARN is not one of a model package, or the environment is out of the service's limits
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry.html
   */
  public static fromModelPackage(modelPackageArn: string, options: ModelPackageOptions = {}): InferenceModel {
    refuseAt('InferenceModel.fromModelPackage', [
      text(
        'modelPackageArn',
        modelPackageArn,
        /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:\d{12}:model-package\/[a-zA-Z0-9-]+(\/\d{1,9})?$/,
        'the ARN of a model package',
      ),
      ...environmentFaults(options.environment),
    ]);
    return new BoundInferenceModel((scope) => {
      if (!options.image) {
        warn(
          scope,
          'modelPackageImage',
          'give InferenceModel.fromModelPackage the image and modelData of the package, ' +
            'so that the execution role may load them, or see to it that the role can',
        );
      }
      return {
        container: { modelPackageName: modelPackageArn, environment: options.environment },
        statements: [options.image, options.modelData].flatMap((part) => part?._bind(scope).statements ?? []),
      };
    });
  }

  /** @internal */
  public abstract _bind(scope: Construct): InferenceModelConfig;
}

/** The model where it is used, and what the execution role needs to load it. */
export interface InferenceModelConfig {
  /** Of a model to define. */
  readonly container?: CfnModel.ContainerDefinitionProperty;
  /** A model to refer to, which has its role already. */
  readonly existing?: { readonly modelName: string; readonly executionRole?: IRole };
  readonly statements: readonly PolicyStatement[];
}

class BoundInferenceModel extends InferenceModel {
  constructor(/** @internal */ public readonly _bind: (scope: Construct) => InferenceModelConfig) {
    super();
  }
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html */
function environmentFaults(environment: Record<string, string> = {}): Fault[] {
  const entries = Object.entries(environment);
  return [
    entries.length > 100 ? `environment must have at most 100 variables, got ${entries.length}` : undefined,
    ...entries.flatMap(([name, value]) => [
      text(
        `the name of the variable ${name}`,
        name,
        /^[a-zA-Z_]\w{0,1023}$/,
        '1 to 1,024 letters, digits and underscores, no digit first',
      ),
      Token.isUnresolved(value) || value.length <= 1024
        ? undefined
        : `the variable ${name} must have a value of at most 1,024 characters, got ${value.length}`,
    ]),
  ];
}
