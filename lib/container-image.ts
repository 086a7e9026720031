import { Stack } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { dlcAccount } from './private/dlc-registry';
import { pullStatements } from './private/permissions';

/**
 * The container image that serves the model. The endpoint's execution role may pull from its repository, and from no other.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export abstract class ContainerImage {
  /**
   * An image in a repository of Amazon ECR, in the region of the endpoint.
   *
   * @param repository the repository
   * @param tagOrDigest a tag, or a digest that starts with `sha256:`. CloudFormation sees a change, and so deploys,
   * only when this text changes: prefer digests or tags that are never moved.
   */
  public static fromEcrRepository(repository: IRepository, tagOrDigest: string): ContainerImage {
    return new BoundImage(() => ({
      imageUri: repository.repositoryUriForTagOrDigest(tagOrDigest),
      statements: pullStatements(repository.repositoryArn),
    }));
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
        statements: pullStatements(stack.formatArn({ service: 'ecr', account, resource: 'repository', resourceName: repositoryName })),
      };
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
