import { Stack, Token } from 'aws-cdk-lib';
import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { ContainerImage, ContainerImageConfig } from './container-image';
import type { ModelData, ModelDataConfig } from './model-data';
import { assertValid, assertValidAt, collect, kindOf, requiredText, sameRegion, text } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import { warn } from '../shared/warnings';

/** Properties of a model that a container serves. */
export interface ContainerModelProps {
  /** The container image. */
  readonly image: ContainerImage;

  /**
   * The files of the model, which SageMaker places at `/opt/ml/model` in the container.
   *
   * @default - none: the image contains its model, or downloads it at startup
   */
  readonly modelData?: ModelData;

  /**
   * Environment variables of the container: at most 100. Names consist of letters, digits and underscores. Values have at most
   * 1,024 characters. They are plain text in the template and in the model, so do not use them for secrets.
   *
   * @default - none
   */
  readonly environment?: Record<string, string>;
}

/** Options of an existing SageMaker model. */
export interface ExistingModelOptions {
  /**
   * The execution role of the model. It gets the permissions to write results and to publish notifications.
   *
   * @default - not known. A warning lists the statements that the role needs.
   */
  readonly executionRole?: IRole;
}

/** Options of a model package. */
export interface ModelPackageOptions {
  /**
   * The image of the package, so that the execution role may pull it.
   *
   * @default - not known. A warning is printed.
   */
  readonly image?: ContainerImage;

  /**
   * The model data of the package, so that the execution role may read it.
   *
   * @default - the package has none, or the role may read it already
   */
  readonly modelData?: ModelData;

  /**
   * Environment variables of the container, in addition to those of the package.
   *
   * @default - the variables of the package
   */
  readonly environment?: Record<string, string>;

  /**
   * The name of an inference specification of the package.
   *
   * @default - the first one
   */
  readonly inferenceSpecificationName?: string;
}

/** A model where it is used, and what the execution role needs to load it. */
export interface InferenceModelConfig {
  /** The container of a model to create. */
  readonly container?: CfnModel.ContainerDefinitionProperty;
  readonly image?: ContainerImageConfig;
  /** The variable that makes the container download its model at startup, which takes longer than SageMaker's default timeout allows for. */
  readonly downloadVariable?: string;
  /** An existing model. */
  readonly existing?: { readonly modelName: string; readonly executionRole?: IRole };
  readonly statements: readonly PolicyStatement[];
}

/**
 * The model that an endpoint serves. Asynchronous inference serves one model in one container: no pipelines and no multi-model
 * endpoints.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export class InferenceModel {
  /**
   * A container image, with or without model data. The endpoint validates the environment together with its own props.
   */
  public static fromContainer(props: ContainerModelProps): InferenceModel {
    return new InferenceModel((scope) => {
      const errors: ValidationError[] = [];
      const source = props.image as Partial<ContainerImage> | undefined;
      errors.push(
        typeof source?.bind === 'function'
          ? undefined
          : `image must be a ContainerImage, for example ContainerImage.fromDlc(...), got ${kindOf(source)}`,
      );
      const bound = collect(errors, () => source?.bind?.(scope));
      const modelData = collect(errors, () => props.modelData?.bind(scope));
      assertValid(scope, errors);
      const image = bound!;
      warnWithoutModel(scope, image, props);
      return {
        image,
        downloadVariable: downloadVariable(props.environment),
        container: {
          image: image.imageUri,
          ...(image.privateRegistry && { imageConfig: privateRegistry(image) }),
          ...(modelData && dataOf(modelData)),
          environment: sorted(props.environment),
        },
        statements: [...(image.statements ?? []), ...(modelData?.statements ?? [])],
      };
    }, environmentErrors(props.environment));
  }

  /**
   * An existing SageMaker model, with its execution role. The endpoint creates neither.
   *
   * @param modelName the name of the model. CloudFormation deploys when it changes.
   * @throws if the name is malformed
   */
  public static fromModelName(modelName: string, options: ExistingModelOptions = {}): InferenceModel {
    assertValidAt('InferenceModel.fromModelName', [
      requiredText(
        'modelName',
        modelName,
        /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
        '1 to 63 letters, digits and hyphens',
      ),
    ]);
    return new InferenceModel(() => ({
      existing: { modelName, executionRole: options.executionRole },
      statements: [],
    }));
  }

  /**
   * A version of a model package in your own Model Registry, so that an approval in the registry can start a deployment.
   * Asynchronous inference does not support packages of AWS Marketplace.
   *
   * @param modelPackageArn the ARN of the version
   * @throws if the ARN is malformed. The endpoint validates the environment together with its own props.
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry.html
   */
  public static fromModelPackageArn(modelPackageArn: string, options: ModelPackageOptions = {}): InferenceModel {
    const { image, modelData, environment, inferenceSpecificationName } = options;
    assertValidAt('InferenceModel.fromModelPackageArn', [
      requiredText(
        'modelPackageArn',
        modelPackageArn,
        /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:\d{12}:model-package\/[a-zA-Z0-9-]+(\/\d{1,9})?$/,
        'the ARN of a model package',
      ),
      text(
        'inferenceSpecificationName',
        inferenceSpecificationName,
        /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
        '1 to 63 letters, digits and hyphens',
      ),
    ]);
    return new InferenceModel((scope) => {
      const { region } = Stack.of(scope);
      const packageRegion = Token.isUnresolved(modelPackageArn) ? region : modelPackageArn.split(':')[3]!;
      assertValid(scope, [sameRegion('the model package', packageRegion, region)]);
      if (!image) {
        warn(
          scope,
          'modelPackageImage',
          'the image of the model package is not known, so the execution role gets no permission to pull it: ' +
            'pass image and modelData to InferenceModel.fromModelPackageArn, or grant the permissions yourself',
        );
      }
      return {
        downloadVariable: downloadVariable(environment),
        container: { modelPackageName: modelPackageArn, inferenceSpecificationName, environment: sorted(environment) },
        statements: [image, modelData].flatMap((part) => part?.bind(scope).statements ?? []),
      };
    }, environmentErrors(environment));
  }

  private constructor(
    /** @internal */
    public readonly _bind: (scope: Construct) => InferenceModelConfig,
    /**
     * What is wrong with the model. The endpoint reports it together with its own errors.
     *
     * @internal
     */
    public readonly _errors: readonly ValidationError[] = [],
  ) {}
}

function dataOf({ s3Uri, isPrefix, acceptEula }: ModelDataConfig): CfnModel.ContainerDefinitionProperty {
  if (!isPrefix && acceptEula === undefined) return { modelDataUrl: s3Uri };
  return {
    modelDataSource: {
      s3DataSource: {
        s3Uri,
        s3DataType: isPrefix ? 'S3Prefix' : 'S3Object',
        compressionType: isPrefix ? 'None' : 'Gzip',
        modelAccessConfig: acceptEula === undefined ? undefined : { acceptEula },
      },
    },
  };
}

function privateRegistry({ credentialsProvider }: ContainerImageConfig): CfnModel.ImageConfigProperty {
  return {
    repositoryAccessMode: 'Vpc',
    repositoryAuthConfig: credentialsProvider && { repositoryCredentialsProviderArn: credentialsProvider.functionArn },
  };
}

/** Images of AWS that serve any model, and so contain none. */
const WITHOUT_MODEL = /\/((huggingface-|tei|vllm|sglang)[a-z0-9-]*)[:@]/;

/** The names of variables that tell such a container what to serve. */
const NAMES_MODEL = /(^|_)MODEL(_ID|_PATH|_DIR|_NAME)?$/;

function warnWithoutModel(
  scope: Construct,
  { imageUri }: ContainerImageConfig,
  { modelData, environment = {} }: ContainerModelProps,
): void {
  const repository = WITHOUT_MODEL.exec(imageUri)?.[1];
  const isNamed = Object.entries(environment).some(
    ([name, value]) => value !== '' && (NAMES_MODEL.test(name) || MODEL_VARIABLES.includes(name)),
  );
  if (!repository || modelData || isNamed) return;
  warn(
    scope,
    'noModel',
    `the image ${repository} contains no model: give modelData, or the variable of environment that names one, such as HF_MODEL_ID`,
  );
}

/** Maps of some languages have no order, and another order in the template would deploy the model again. */
function sorted(environment: Record<string, string> | undefined): Record<string, string> | undefined {
  if (!environment) return undefined;
  return Object.fromEntries(Object.entries(environment).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The variables that name the model for the Hugging Face, TGI, TEI and LMI containers, and for vLLM, SGLang and llama.cpp. */
const MODEL_VARIABLES = [
  'HF_MODEL_ID',
  'OPTION_MODEL_ID',
  'SM_VLLM_MODEL',
  'SM_SGLANG_MODEL_PATH',
  'LLAMA_ARG_HF_REPO',
];

/** A path in the container, such as /opt/ml/model, needs no download. */
function downloadVariable(environment: Record<string, unknown> = {}): string | undefined {
  return MODEL_VARIABLES.find((name) => {
    const value = environment[name];
    return typeof value === 'string' && value !== '' && !value.startsWith('/');
  });
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html */
function environmentErrors(environment: Record<string, string> = {}): ValidationError[] {
  const entries: [string, unknown][] = Object.entries(environment);
  return [
    entries.length > 100 ? `environment must have at most 100 variables, got ${entries.length}` : undefined,
    ...entries.flatMap(([name, value]) => [
      text(
        `the name of the environment variable ${name}`,
        name,
        /^[a-zA-Z_]\w{0,1023}$/,
        '1 to 1,024 letters, digits and underscores, and must not start with a digit',
      ),
      valueError(name, value),
    ]),
  ];
}

function valueError(name: string, value: unknown): ValidationError {
  const what = `the value of the environment variable ${name}`;
  // Of an unset variable of the environment at synth, such as `process.env.MODEL`.
  if (typeof value !== 'string') return `${what} must be a string, got ${kindOf(value)}`;
  if (Token.isUnresolved(value) || value.length <= 1024) return undefined;
  return `${what} must have at most 1,024 characters, got ${value.length}`;
}
