import { Stack, Token } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { DockerImageAssetOptions } from 'aws-cdk-lib/aws-ecr-assets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { dlcAccount } from './dlc-registry';
import { leavesAcceleratorIdle, platformErrors, requirementsOfDlc, requirementsOfRepository } from './image-platform';
import type { ImageProcessor } from './image-platform';
import { pullStatements } from '../shared/statements';
import { assertValid, assertValidAt, given, noEffect, requiredText, sameRegion, text } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import { warn, warnIfForeign, warnIfMoving } from '../shared/warnings';

/** What a container image is where it is used. */
export interface ContainerImageConfig {
  /** The URI of the image, with a tag or a digest. */
  readonly imageUri: string;

  /**
   * What the execution role needs to pull the image.
   *
   * @default - nothing
   */
  readonly statements?: PolicyStatement[];

  /**
   * The processor that the software in the image uses. An instance type without it is an error.
   *
   * @default - not known, so it is not checked
   */
  readonly processor?: ImageProcessor;

  /**
   * The platform that the image is built for. An instance type with another architecture is an error.
   *
   * @default - not known, so it is not checked
   */
  readonly platform?: Platform;

  /**
   * Whether the image is in a private Docker registry that is only reachable from the VPC of the endpoint.
   *
   * @default false
   */
  readonly privateRegistry?: boolean;

  /**
   * The Lambda function that returns the credentials of the private registry.
   *
   * @default - the registry needs no authentication
   */
  readonly credentialsProvider?: IFunction;
}

/** Options of an image of AWS Deep Learning Containers. */
export interface DlcImageOptions {
  /**
   * The account of the registry.
   *
   * @default - the account of AWS for the region. In a stack without a region it is looked up at deployment.
   */
  readonly accountId?: string;
}

/** Options of an image that is given by its URI. */
export interface ImageUriOptions {
  /**
   * The Amazon ECR repository of the image, so that the execution role may pull it.
   *
   * @default - the repository in the URI. If the URI is a token, the role gets no permission, and a warning is printed.
   */
  readonly repository?: IRepository;

  /**
   * Whether the image is in a private Docker registry that is only reachable from the VPC of the endpoint. The endpoint needs a
   * `vpc`.
   *
   * @default false - the image is in Amazon ECR
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html
   */
  readonly privateRegistry?: boolean;

  /**
   * The Lambda function that returns the credentials of the private registry.
   *
   * @default - the registry needs no authentication
   */
  readonly credentialsProvider?: IFunction;
}

/** The URI of an image in Amazon ECR: account, region and repository. */
const ECR_URI = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.[a-z.-]+\/([a-z0-9._/-]+?)([:@].*)?$/;

/**
 * The container image that serves the model. Extend this class to add other sources of images.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export abstract class ContainerImage {
  /**
   * An image in an Amazon ECR repository in the region of the endpoint. The policy of a repository of another account must allow
   * the execution role to pull. A warning is printed in this case.
   *
   * @param repository the repository. An image of AWS Deep Learning Containers is an error for an instance type that cannot run it.
   * @param tagOrDigest a tag, or a digest that starts with `sha256:`. CloudFormation deploys only when the template changes, so
   * use a new tag or digest for every image version. A tag without a digit gets a warning.
   */
  public static fromEcrRepository(repository: IRepository, tagOrDigest: string): ContainerImage {
    assertValidAt('ContainerImage.fromEcrRepository', [
      given('repository', repository, 'an Amazon ECR repository'),
      tagOrDigestError(tagOrDigest),
    ]);
    return new BoundImage((scope) => {
      assertValid(scope, [sameRegion('the repository', repository.env.region, Stack.of(scope).region)]);
      const statements = pullStatements(repository.repositoryArn);
      warnIfTagMoves(scope, tagOrDigest);
      warnIfForeign(scope, 'foreignRepository', 'repository', repository, statements[0]!.actions);
      return {
        ...requirementsOfRepository(repository, tagOrDigest),
        imageUri: repository.repositoryUriForTagOrDigest(tagOrDigest),
        statements,
      };
    });
  }

  /**
   * An image of AWS Deep Learning Containers, or another image of AWS for inference, from the registry of AWS in the region of the
   * endpoint. This version contains the accounts, regions and repositories of AWS's tables. It does not know which tags exist.
   *
   * An image for GPUs, for AWS Neuron or for AWS Graviton is an error for an instance type that cannot run it. Use `fromUri` for an
   * image that its name describes wrongly.
   *
   * @param repositoryName for example 'huggingface-pytorch-inference'
   * @param tagOrDigest a tag, for example '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04', or a digest that starts with `sha256:`. A
   * digest always names the same image. A tag without a version gets a warning.
   * @throws if the repository name, the tag or the account is malformed. At synth, if the region lacks the repository and no account
   * is given, and for an instance type that cannot run the image.
   * @see https://aws.github.io/deep-learning-containers/reference/available_images/
   */
  public static fromDlc(repositoryName: string, tagOrDigest: string, options: DlcImageOptions = {}): ContainerImage {
    assertValidAt('ContainerImage.fromDlc', [
      text(
        'repositoryName',
        `${repositoryName}`,
        /^(?!\d{12}\.dkr\.|undefined$)[a-z0-9]+([._/-][a-z0-9]+)*$/,
        'the name of a repository, without registry and tag',
      ),
      tagOrDigestError(tagOrDigest),
      text('accountId', options.accountId, /^\d{12}$/, 'an account ID of 12 digits'),
    ]);
    return new BoundImage((scope) => {
      const stack = Stack.of(scope);
      const account = options.accountId ?? dlcAccount(scope, repositoryName);
      warnIfTagMoves(scope, tagOrDigest);
      return {
        ...requirementsOfDlc(repositoryName, tagOrDigest),
        imageUri:
          `${account}.dkr.ecr.${stack.region}.${stack.urlSuffix}/${repositoryName}` +
          `${tagOrDigest.startsWith('sha256:') ? '@' : ':'}${tagOrDigest}`,
        statements: pullStatements(
          stack.formatArn({ service: 'ecr', account, resource: 'repository', resourceName: repositoryName }),
        ),
      };
    });
  }

  /**
   * An image by its URI: with a tag or a digest, as a token, or in a private Docker registry.
   *
   * @param imageUri for example '111122223333.dkr.ecr.eu-west-1.amazonaws.com/models@sha256:…'
   * @throws if the URI is malformed, or if options contradict each other
   */
  public static fromUri(imageUri: string, options: ImageUriOptions = {}): ContainerImage {
    const { repository, privateRegistry, credentialsProvider } = options;
    assertValidAt('ContainerImage.fromUri', [
      requiredText(
        'imageUri',
        imageUri,
        /^(?=.{1,255}$)(?!.*:\/\/)[^\s:/@]([^\s@]*[^\s@:/])?(@sha256:[a-f0-9]{64})?$/,
        'the URI of an image without spaces, of at most 255 characters',
      ),
      repository && privateRegistry
        ? 'repository is in Amazon ECR and excludes privateRegistry: give one of them'
        : undefined,
      privateRegistry ? undefined : noEffect('credentialsProvider', credentialsProvider, 'privateRegistry: true'),
    ]);
    return new BoundImage((scope) => {
      if (privateRegistry) {
        return {
          imageUri,
          privateRegistry,
          credentialsProvider,
          statements: credentialsStatements(credentialsProvider),
        };
      }
      const [tag = 'latest'] = /(?<=:)[^:/@]+$/.exec(imageUri) ?? [];
      if (!Token.isUnresolved(imageUri) && !imageUri.includes('@')) warnIfTagMoves(scope, tag);
      if (repository) assertValid(scope, [sameRegion('the repository', repository.env.region, Stack.of(scope).region)]);
      const repositoryArn = repository?.repositoryArn ?? repositoryArnIn(scope, imageUri);
      if (repositoryArn === undefined) {
        warn(
          scope,
          'imagePullNotGranted',
          'the repository of the image URI is not known at synth, so the execution role gets no permission to pull from it: ' +
            'pass repository to ContainerImage.fromUri, or grant the permission yourself',
        );
      }
      return { imageUri, statements: repositoryArn === undefined ? [] : pullStatements(repositoryArn) };
    });
  }

  /**
   * An image that CDK builds from a folder with a Dockerfile and uploads at deployment. This needs Docker.
   *
   * @param directory the folder
   * @param options how to build the image. The platform is linux/amd64 unless it is given: use `Platform.LINUX_ARM64` for Graviton
   * instance types.
   */
  public static fromAsset(directory: string, options: DockerImageAssetOptions = {}): ContainerImage {
    assertValidAt('ContainerImage.fromAsset', [
      requiredText('directory', directory, /./, 'a folder with a Dockerfile'),
    ]);
    return new BoundImage((scope) => {
      const platform = options.platform ?? Platform.LINUX_AMD64;
      const asset = new DockerImageAsset(scope, 'Image', { ...options, platform, directory });
      return { imageUri: asset.imageUri, platform, statements: pullStatements(asset.repository.repositoryArn) };
    });
  }

  /**
   * Called when an endpoint uses the image.
   *
   * @param scope the scope for constructs that the image needs. Each use has its own scope.
   */
  public abstract bind(scope: Construct): ContainerImageConfig;
}

class BoundImage extends ContainerImage {
  constructor(public override readonly bind: (scope: Construct) => ContainerImageConfig) {
    super();
  }
}

/** Validates what an image requires of the endpoint and of the instance type. */
export function imageErrors(image: ContainerImageConfig, instanceTypeName: string, hasVpc: boolean): ValidationError[] {
  return [
    image.privateRegistry && !hasVpc
      ? 'an image in a private registry needs a vpc, from which SageMaker pulls it'
      : undefined,
    ...platformErrors(image, instanceTypeName),
  ];
}

/** Warns about an image that runs on the instance type, but does not use what makes it expensive. */
export function warnIfIdle(scope: IConstruct, image: ContainerImageConfig, instanceTypeName: string): void {
  if (!leavesAcceleratorIdle(image, instanceTypeName)) return;
  warn(
    scope,
    'cpuImageOnAccelerator',
    `the image uses the CPU only, and the instance type ${instanceTypeName} has a GPU or an AWS Neuron device: use an image for it, ` +
      'or another instance type',
  );
}

function tagOrDigestError(tagOrDigest: string): ValidationError {
  return text(
    'tagOrDigest',
    `${tagOrDigest}`,
    /^(?!undefined$)([a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}|sha256:[a-f0-9]{64})$/,
    'a tag of 1 to 128 letters, digits and ._-, or a digest',
  );
}

/** Parts of a tag that name the platform and not the version, and major versions of AWS, which move with each minor version. */
const PLATFORM_PARTS =
  /(^|[-_.])((cu|py|ubuntu|amzn|al)\d[\d.]*|arm64|x86_64|amd64)(?=[-_.]|$)|(?<=-(cuda|cpu))-v\d+$/g;

function warnIfTagMoves(scope: IConstruct, tagOrDigest: string): void {
  warnIfMoving(scope, 'movingImageTag', 'image tag', tagOrDigest, tagOrDigest.replace(PLATFORM_PARTS, ''));
}

function repositoryArnIn(scope: Construct, imageUri: string): string | undefined {
  if (Token.isUnresolved(imageUri)) return undefined;
  const [, account, region, resourceName] = ECR_URI.exec(imageUri) ?? [];
  if (!region || !resourceName) return undefined;
  assertValid(scope, [sameRegion('the image', region, Stack.of(scope).region)]);
  return Stack.of(scope).formatArn({ service: 'ecr', account, region, resource: 'repository', resourceName });
}

/** Gets the credentials of a private registry. SageMaker does this with the execution role. */
function credentialsStatements(provider: IFunction | undefined): PolicyStatement[] {
  if (!provider) return [];
  return [
    new PolicyStatement({
      sid: 'GetRegistryCredentials',
      actions: ['lambda:InvokeFunction'],
      resources: [provider.functionArn],
    }),
  ];
}
