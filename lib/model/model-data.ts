import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import { readObjectStatements, readPrefixStatements } from '../shared/statements';
import { refuse, refuseAt } from '../shared/validation';
import { warnOfForeignResource, warnOfMovingName } from '../shared/warnings';

/** How the files of a prefix are used. */
export interface ModelDataPrefixOptions {
  /**
   * Whether you accept the end-user licence of a gated model whose files these are.
   *
   * @default - nothing is said of a licence
   */
  readonly acceptEula?: boolean;
}

/**
 * The model's artefact. The endpoint's execution role may read it, and nothing else in its bucket. A bucket of another account
 * must let the role read, which a warning says in detail.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 */
export abstract class ModelData {
  /**
   * One archive (`model.tar.gz`) in a bucket, in the region of the endpoint.
   *
   * @param bucket the bucket; where it has an encryption key, the execution role may decrypt with it
   * @param objectKey the archive's key. CloudFormation sees a change, and so deploys, only when it changes:
   * give each version of the model a key of its own. A key without a digit gets a warning.
   */
  public static fromBucket(bucket: IBucket, objectKey: string): ModelData {
    return new BoundModelData((scope) => {
      warnOfMovingName(scope, 'movingModelDataKey', 'key of the model data', objectKey);
      warnOfForeignResource(scope, 'foreignModelDataBucket', 'bucket of the model data', bucket, ['s3:GetObject']);
      return {
        data: { modelDataUrl: bucket.s3UrlForObject(objectKey) },
        statements: readObjectStatements(bucket, objectKey),
      };
    });
  }

  /**
   * All files under a prefix, as they are: nothing has to be packed and unpacked, which large models load faster for.
   *
   * @param bucket the bucket; where it has an encryption key, the execution role may decrypt with it
   * @param prefix the prefix, with or without a slash at its end. Give each version of the model a prefix of its own.
   * A prefix without a digit gets a warning.
   * @throws when the prefix is empty or begins with a slash
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/large-model-inference-uncompressed.html
   */
  public static fromPrefix(bucket: IBucket, prefix: string, options: ModelDataPrefixOptions = {}): ModelData {
    const folder = prefix.replace(/\/*$/, '/');
    refuseAt('ModelData.fromPrefix', [
      folder.startsWith('/') ? `prefix must name a folder, and not begin with a slash, got '${prefix}'` : undefined,
    ]);
    return new BoundModelData((scope) => {
      warnOfMovingName(scope, 'movingModelDataKey', 'prefix of the model data', prefix);
      warnOfForeignResource(scope, 'foreignModelDataBucket', 'bucket of the model data', bucket, [
        's3:GetObject',
        's3:ListBucket',
      ]);
      return {
        data: {
          modelDataSource: {
            s3DataSource: {
              s3Uri: bucket.s3UrlForObject(folder),
              s3DataType: 'S3Prefix',
              compressionType: 'None',
              modelAccessConfig: options.acceptEula === undefined ? undefined : { acceptEula: options.acceptEula },
            },
          },
        },
        statements: readPrefixStatements(bucket, folder),
      };
    });
  }

  /**
   * An archive (`.tar.gz`) on this machine, which CDK uploads when the stack is deployed.
   *
   * @param path the archive
   * @throws when the file is not named as an archive
   */
  public static fromAsset(path: string): ModelData {
    refuseAt('ModelData.fromAsset', [
      /\.(tar\.gz|tgz)$/.test(path)
        ? undefined
        : `path must be that of a .tar.gz archive, which SageMaker unpacks, got '${path}'`,
    ]);
    return new BoundModelData((scope) => {
      const asset = new Asset(scope, 'ModelData', { path });
      refuse(scope, [asset.isFile ? undefined : `the model data must be a file, and ${path} is a folder`]);
      return {
        data: { modelDataUrl: asset.s3ObjectUrl },
        statements: readObjectStatements(asset.bucket, asset.s3ObjectKey),
      };
    });
  }

  /** @internal */
  public abstract _bind(scope: Construct): ModelDataConfig;
}

/** The artefact where it is used, and what the execution role needs to read it. */
export interface ModelDataConfig {
  readonly data: Pick<CfnModel.ContainerDefinitionProperty, 'modelDataUrl' | 'modelDataSource'>;
  readonly statements: readonly PolicyStatement[];
}

class BoundModelData extends ModelData {
  constructor(/** @internal */ public readonly _bind: (scope: Construct) => ModelDataConfig) {
    super();
  }
}
