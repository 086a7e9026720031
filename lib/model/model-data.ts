import { resolve } from 'node:path';
import { AssetStaging, FileAssetPackaging, Names, Stack, Token } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { AssetOptions } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { keyErrors } from '../shared/keys';
import { readObjectStatements, readPrefixStatements } from '../shared/statements';
import { assertValid, assertValidAt, given, requiredText, sameRegion } from '../shared/validation';
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
   * @throws if the key is not the key of one `.tar.gz` archive
   */
  public static fromBucket(bucket: IBucket, objectKey: string, options: ModelDataOptions = {}): ModelData {
    assertValidAt('ModelData.fromBucket', [archiveKeyError(objectKey), ...bucketErrors(bucket)]);
    return new BoundModelData((scope) => {
      assertValid(scope, [sameRegion(BUCKET, bucket.env.region, Stack.of(scope).region)]);
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
      !Token.isUnresolved(prefix) && (folder.startsWith('/') || /[*?]|^(s3|https?|arn):/.test(folder))
        ? `prefix must name a folder in the bucket, without a scheme, a wildcard or a slash at the start, got '${prefix}'`
        : undefined,
      ...bucketErrors(bucket),
    ]);
    return new BoundModelData((scope) => {
      assertValid(scope, [sameRegion(BUCKET, bucket.env.region, Stack.of(scope).region)]);
      warnIfArchive(scope, prefix);
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
   * An archive (`.tar.gz`) on this machine, which CDK uploads at deployment. Its key in the bucket of assets ends in `.tar.gz` as well,
   * as SageMaker requires.
   *
   * @param path the archive, or with `bundling` the folder from which it is made
   * @throws if the file, or what bundling makes, is not a `.tar.gz` archive, and for `deployTime`, because instances read the archive
   * whenever they start
   */
  public static fromAsset(path: string, options: AssetOptions = {}): ModelData {
    assertValidAt('ModelData.fromAsset', [
      requiredText(
        'path',
        path,
        options.bundling ? /^/ : ARCHIVE,
        'the path of a .tar.gz archive, which SageMaker unpacks',
      ),
      options.deployTime
        ? 'deployTime must not be true: instances read the archive whenever they start, so it must stay'
        : undefined,
    ]);
    return new BoundModelData((scope) => {
      const { s3ObjectUrl, bucket, objectKey } = uploadArchive(new Construct(scope, 'ModelData'), path, options);
      return { s3Uri: s3ObjectUrl, statements: readObjectStatements(bucket, objectKey) };
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

const ARCHIVE = /\.tar\.gz$/;

function bucketErrors(bucket: IBucket | undefined): ValidationError[] {
  return [given('bucket', bucket, 'an S3 bucket'), keyErrors('the key of the bucket', bucket?.encryptionKey)];
}

/**
 * Uploads an archive under a key that ends in `.tar.gz`. The `Asset` of CDK keeps the last part of the name alone, which is `.gz`.
 */
function uploadArchive(scope: Construct, path: string, options: AssetOptions) {
  const stack = Stack.of(scope);
  const staging = new AssetStaging(scope, 'Stage', {
    ...options,
    sourcePath: resolve(path),
    follow: options.followSymlinks,
  });
  // CDK skips bundling where the stack is not synthesized completely, for example to list stacks.
  const isBundled = options.bundling === undefined || stack.bundlingRequired;
  assertValid(scope, [
    isBundled && !(staging.packaging === FileAssetPackaging.FILE && staging.absoluteStagedPath.endsWith('.tar.gz'))
      ? `the model data must be one .tar.gz archive, and ${options.bundling ? `what bundling makes of ${path}` : path} is none`
      : undefined,
  ]);
  const { bucketName, objectKey, s3ObjectUrl, kmsKeyArn } = stack.synthesizer.addFileAsset({
    packaging: staging.packaging,
    sourceHash: `${staging.assetHash}.tar`,
    fileName: staging.relativeStagedPath(stack),
    displayName: options.displayName ?? Names.stackRelativeConstructPath(scope),
  });
  const bucket = Bucket.fromBucketAttributes(scope, 'AssetBucket', {
    bucketName,
    encryptionKey: kmsKeyArn === undefined ? undefined : Key.fromKeyArn(scope, 'Key', kmsKeyArn),
  });
  options.readers?.forEach((reader) => bucket.grantRead(reader, objectKey));
  return { s3ObjectUrl, bucket, objectKey };
}

/** SageMaker takes the files under a prefix as they are. */
function warnIfArchive(scope: Construct, prefix: string): void {
  if (Token.isUnresolved(prefix) || !/\.(gz|tgz)$/.test(prefix)) return;
  warn(
    scope,
    'modelDataFormat',
    `the prefix of the model data '${prefix}' looks like an archive, which SageMaker does not unpack under a prefix: use ModelData.fromBucket`,
  );
}

function archiveKeyError(objectKey: string): ValidationError {
  if (typeof (objectKey as unknown) !== 'string')
    return requiredText('objectKey', objectKey, /^/, 'the key of one archive');
  if (Token.isUnresolved(objectKey) || /^(?!(s3|https?|arn):|\/)[^*?]*\.tar\.gz$/.test(objectKey)) return undefined;
  return (
    `objectKey must be the key of one .tar.gz archive, without a scheme, a wildcard or a slash at the start, got '${objectKey}': ` +
    'for several files, use ModelData.fromPrefix'
  );
}
