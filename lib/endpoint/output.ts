import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AsyncInferenceEndpointProps } from './endpoint-props';
import { keyBehind } from '../shared/keys';
import { warnIfShared } from '../shared/prefixes';
import { warnIfForeign } from '../shared/warnings';

/** Where results, failures and notifications go. */
export interface Output {
  readonly bucket: s3.IBucket;
  readonly outputPrefix: string;
  readonly failurePrefix: string;
  readonly successTopic: sns.ITopic;
  readonly errorTopic: sns.ITopic;
  /** The keys of bucket, objects and topics that the execution role needs permissions for. */
  readonly keys: readonly kms.IKey[];
}

/** The prefixes of an endpoint, with their defaults. */
export function prefixesOf(endpointName: string, props: AsyncInferenceEndpointProps) {
  const parent = props.outputBucket ? `${endpointName}/` : '';
  return {
    outputPrefix: props.outputPrefix ?? `${parent}output`,
    failurePrefix: props.failurePrefix ?? `${parent}failure`,
  };
}

/** The bucket and topics that the user gave, and new ones as children of the endpoint for those that are missing. */
export function defineOutput(endpoint: Construct, endpointName: string, props: AsyncInferenceEndpointProps): Output {
  const key = props.outputEncryptionKey;
  const bucket = props.outputBucket ?? newBucket(endpoint, props);
  const { outputPrefix, failurePrefix } = prefixesOf(endpointName, props);
  warnIfShared(endpoint, 'results', bucket, [outputPrefix, failurePrefix]);

  const masterKey = key ?? kms.Alias.fromAliasName(endpoint, 'SnsKey', 'alias/aws/sns');
  const successTopic = props.successTopic ?? new sns.Topic(endpoint, 'SuccessTopic', { enforceSSL: true, masterKey });
  const errorTopic = props.errorTopic ?? new sns.Topic(endpoint, 'ErrorTopic', { enforceSSL: true, masterKey });
  warnIfForeign(endpoint, 'foreignOutputBucket', 'output bucket', bucket, [
    's3:PutObject',
    's3:AbortMultipartUpload',
    's3:ListBucket',
  ]);
  warnIfForeign(endpoint, 'foreignSuccessTopic', 'success topic', successTopic, ['sns:Publish']);
  warnIfForeign(endpoint, 'foreignErrorTopic', 'error topic', errorTopic, ['sns:Publish']);

  const candidates = [
    key,
    props.outputBucket?.encryptionKey,
    props.successTopic?.masterKey,
    props.errorTopic?.masterKey,
  ];
  const keys = [...new Set(candidates.map(keyBehind))].filter((candidate) => candidate !== undefined);
  keys.forEach((used) => warnIfForeign(endpoint, 'foreignKey', 'key', used, ['kms:Decrypt', 'kms:GenerateDataKey']));
  return { bucket, outputPrefix, failurePrefix, successTopic, errorTopic, keys };
}

function newBucket(endpoint: Construct, props: AsyncInferenceEndpointProps): s3.Bucket {
  const { outputEncryptionKey: key, outputRemovalPolicy: removalPolicy = RemovalPolicy.RETAIN } = props;
  const bucket = new s3.Bucket(endpoint, 'OutputBucket', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: key ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey: key,
    // One data key for many objects instead of one KMS request per object.
    bucketKeyEnabled: key ? true : undefined,
    enforceSSL: true,
    lifecycleRules: [{ expiration: props.outputExpiration, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy,
  });
  // A bucket that stays without its stack still accepts TLS only.
  bucket.policy!.applyRemovalPolicy(removalPolicy);
  return bucket;
}
