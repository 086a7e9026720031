import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { readObjectStatements } from './private/permissions';

/**
 * The model's artefact. The endpoint's execution role may read it, and nothing else in its bucket.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 */
export abstract class ModelData {
  /**
   * One archive (`model.tar.gz`) in a bucket, in the region of the endpoint.
   *
   * @param bucket the bucket; where it has an encryption key, the execution role may decrypt with it
   * @param objectKey the archive's key. CloudFormation sees a change, and so deploys, only when it changes:
   * give each version of the model a key of its own.
   */
  public static fromBucket(bucket: IBucket, objectKey: string): ModelData {
    return new BoundModelData(() => ({
      modelDataUrl: bucket.s3UrlForObject(objectKey),
      statements: readObjectStatements(bucket, objectKey),
    }));
  }

  /** @internal */
  public abstract _bind(scope: Construct): ModelDataConfig;
}

/** The artefact where it is used, and what the execution role needs to read it. */
export interface ModelDataConfig {
  readonly modelDataUrl: string;
  readonly statements: readonly PolicyStatement[];
}

class BoundModelData extends ModelData {
  constructor(/** @internal */ public readonly _bind: (scope: Construct) => ModelDataConfig) {
    super();
  }
}
