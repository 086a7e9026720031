import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { AssetOptions } from 'aws-cdk-lib/aws-s3-assets';
import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { keyErrors } from '../shared/keys';
import { readObjectStatements, readPrefixStatements } from '../shared/statements';
import { assertValid, assertValidAt, requiredText, sameRegion } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import { warn, warnIfForeign, warnIfMoving } from '../shared/warnings';

const BUCKET = 'bucket of the model data';

/** What model data is where it is used. */
export interface ModelDataConfig {
  /** The S3 URI of the archive, or of the prefix with a slash at the end. */
  readonly s3Uri: string;

  /**
   * Whether the URI is a prefix of uncompressed files instead of one archive.
   *
   * @default false
   */
  readonly isPrefix?: boolean;

  /**
   * Whether you accept the license agreement of a gated model.
   *
   * @default - the model is not gated
   */
  readonly acceptEula?: boolean;

  /**
   * What the execution role needs to read the files.
   *
   * @default - nothing
   */
  readonly statements?: PolicyStatement[];
}

/** Options of model data in a bucket. */
export interface ModelDataOptions {
  /**
   * Whether you accept the license agreement of a gated model.
   *
   * @default - the model is not gated
   */
  readonly acceptEula?: boolean;
}

/**
 * The files of the model. The execution role may read them, and nothing else in their bucket. The policy of a bucket of another
 * account must allow the role to read. A warning is printed in this case. Extend this class to add other sources of model data.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html
 */
export abstract class ModelData {
  /**
   * One archive (`model.tar.gz`) in a bucket in the region of the endpoint.
   *
   * @param bucket the bucket. If it has an encryption key, the execution role may decrypt with it.
   * @param objectKey the key of the archive. CloudFormation deploys only when the template changes, so use a new key for every
   * model version. A key without a digit gets a warning.
   * @throws if the key is not the key of one archive
   */
  public static fromBucket(bucket: IBucket, objectKey: string, options: ModelDataOptions = {}): ModelData {
    assertValidAt('ModelData.fromBucket', [
      archiveKeyError(objectKey),
      keyErrors('the key of the bucket', bucket.encryptionKey),
    ]);
    return new BoundModelData((scope) => {
      assertValid(scope, [sameRegion(BUCKET, bucket.env.region, Stack.of(scope).region)]);
      warnIfOther(scope, `the key of the model data '${objectKey}'`, objectKey, true);
      warnIfMoving(scope, 'movingModelDataKey', 'key of the model data', objectKey);
      warnIfForeign(scope, 'foreignModelDataBucket', BUCKET, bucket, ['s3:GetObject']);
      return {
        s3Uri: bucket.s3UrlForObject(objectKey),
        acceptEula: options.acceptEula,
        statements: readObjectStatements(bucket, objectKey),
      };
    });
  }

  /**
   * All files under a prefix, uncompressed. Large models load faster this way.
   *
   * @param bucket the bucket. If it has an encryption key, the execution role may decrypt with it.
   * @param prefix the prefix, with or without a slash at the end. Use a new prefix for every model version. A prefix without a
   * digit gets a warning.
   * @throws if the prefix is empty or starts with a slash
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/large-model-inference-uncompressed.html
   */
  public static fromPrefix(bucket: IBucket, prefix: string, options: ModelDataOptions = {}): ModelData {
    const folder = `${prefix}`.replace(/\/*$/, '/');
    assertValidAt('ModelData.fromPrefix', [
      requiredText('prefix', prefix, /^/, 'a folder'),
      !Token.isUnresolved(prefix) && (folder.startsWith('/') || /[*?]|^s3:/.test(folder))
        ? `prefix must name a folder in the bucket, without a scheme, a wildcard or a slash at the start, got '${prefix}'`
        : undefined,
      keyErrors('the key of the bucket', bucket.encryptionKey),
    ]);
    return new BoundModelData((scope) => {
      assertValid(scope, [sameRegion(BUCKET, bucket.env.region, Stack.of(scope).region)]);
      warnIfOther(scope, `the prefix of the model data '${prefix}'`, prefix, false);
      warnIfMoving(scope, 'movingModelDataKey', 'prefix of the model data', prefix);
      warnIfForeign(scope, 'foreignModelDataBucket', BUCKET, bucket, ['s3:GetObject', 's3:ListBucket']);
      return {
        s3Uri: bucket.s3UrlForObject(folder),
        isPrefix: true,
        acceptEula: options.acceptEula,
        statements: readPrefixStatements(bucket, folder),
      };
    });
  }

  /**
   * An archive (`.tar.gz`) on this machine, which CDK uploads at deployment.
   *
   * @param path the archive
   * @throws if the file is not a `.tar.gz` or `.tgz` archive
   */
  public static fromAsset(path: string, options: AssetOptions = {}): ModelData {
    assertValidAt('ModelData.fromAsset', [
      /\.(tar\.gz|tgz)$/.test(path)
        ? undefined
        : `path must be the path of a .tar.gz archive, which SageMaker unpacks, got '${path}'`,
    ]);
    return new BoundModelData((scope) => {
      const asset = new Asset(scope, 'ModelData', { ...options, path });
      assertValid(scope, [asset.isFile ? undefined : `the model data must be a file, and ${path} is a folder`]);
      return { s3Uri: asset.s3ObjectUrl, statements: readObjectStatements(asset.bucket, asset.s3ObjectKey) };
    });
  }

  /**
   * Called when an endpoint uses the model data.
   *
   * @param scope the scope for constructs that the model data needs. Each use has its own scope.
   */
  public abstract bind(scope: Construct): ModelDataConfig;
}

class BoundModelData extends ModelData {
  constructor(public override readonly bind: (scope: Construct) => ModelDataConfig) {
    super();
  }
}

/** SageMaker unpacks one gzip archive, and takes the files under a prefix as they are. */
function warnIfOther(scope: Construct, what: string, name: string, isArchive: boolean): void {
  // CDK uploads an archive as `<hash>.gz`.
  if (Token.isUnresolved(name) || /\.(gz|tgz)$/.test(name) === isArchive) return;
  const advice = isArchive
    ? 'does not end in .tar.gz, and SageMaker unpacks a gzip archive: use such a file, or ModelData.fromPrefix'
    : 'looks like an archive, which SageMaker does not unpack under a prefix: use ModelData.fromBucket';
  warn(scope, 'modelDataFormat', `${what} ${advice}`);
}

function archiveKeyError(objectKey: string): ValidationError {
  if (typeof (objectKey as unknown) !== 'string')
    return requiredText('objectKey', objectKey, /^/, 'the key of one archive');
  if (Token.isUnresolved(objectKey) || /^(?!s3:|\/)[^*?]*[^*?/]$/.test(objectKey)) return undefined;
  return (
    `objectKey must be the key of one archive, without a scheme, a wildcard or a slash at either end, got '${objectKey}': ` +
    'for several files, use ModelData.fromPrefix'
  );
}
