import { Stack } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { DockerImageAssetOptions } from 'aws-cdk-lib/aws-ecr-assets';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { dlcAccount } from './dlc-registry';
import { pullStatements } from '../shared/statements';
import { warnOfForeignResource, warnOfMovingName } from '../shared/warnings';

/**
 * The container image that serves the model. The endpoint's execution role may pull from its repository, and from no other.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export abstract class ContainerImage {
  /**
   * An image in a repository of Amazon ECR, in the region of the endpoint. A repository of another account must let the
   * execution role pull, which a warning says in detail.
   *
   * @param repository the repository
   * @param tagOrDigest a tag, or a digest that starts with `sha256:`. CloudFormation sees a change, and so deploys,
   * only when this text changes: prefer digests or tags that are never moved. A tag without a digit gets a warning.
   */
  public static fromEcrRepository(repository: IRepository, tagOrDigest: string): ContainerImage {
    return new BoundImage((scope) => {
      const statements = pullStatements(repository.repositoryArn);
      warnOfMovingName(scope, 'movingImageTag', 'image tag', tagOrDigest);
      warnOfForeignResource(scope, 'foreignRepository', 'repository', repository, statements[0]!.actions);
      return { imageUri: repository.repositoryUriForTagOrDigest(tagOrDigest), statements };
    });
  }

  /**
   * An image of AWS Deep Learning Containers, from AWS's own registry in the region of the endpoint.
   *
   * @param repositoryName for example 'huggingface-pytorch-inference'
   * @param tag for example '2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04'
   * @param accountId the account of the registry. By default AWS's account for the region; in a stack without
   * a region it is looked up at deploy time.
   * @throws when the stack's region is one whose registry is not known, and no account is given
   * @see https://github.com/aws/deep-learning-containers/blob/master/available_images.md
   */
  public static fromDlc(repositoryName: string, tag: string, accountId?: string): ContainerImage {
    return new BoundImage((scope) => {
      const stack = Stack.of(scope);
      const account = accountId ?? dlcAccount(scope);
      return {
        imageUri: `${account}.dkr.ecr.${stack.region}.${stack.urlSuffix}/${repositoryName}:${tag}`,
        statements: pullStatements(
          stack.formatArn({ service: 'ecr', account, resource: 'repository', resourceName: repositoryName }),
        ),
      };
    });
  }

  /**
   * An image that CDK builds from a folder with a Dockerfile, when the stack is deployed. It needs Docker.
   *
   * @param directory the folder
   * @param options how to build it. The platform is linux/amd64 unless told: say `Platform.LINUX_ARM64` for Graviton instances.
   */
  public static fromAsset(directory: string, options: DockerImageAssetOptions = {}): ContainerImage {
    return new BoundImage((scope) => {
      const asset = new DockerImageAsset(scope, 'Image', { platform: Platform.LINUX_AMD64, ...options, directory });
      return { imageUri: asset.imageUri, statements: pullStatements(asset.repository.repositoryArn) };
    });
  }

  /** @internal */
  public abstract _bind(scope: Construct): ContainerImageConfig;
}

/** The image where it is used, and what the execution role needs to pull it. */
export interface ContainerImageConfig {
  readonly imageUri: string;
  readonly statements: readonly PolicyStatement[];
}

class BoundImage extends ContainerImage {
  constructor(/** @internal */ public readonly _bind: (scope: Construct) => ContainerImageConfig) {
    super();
  }
}
