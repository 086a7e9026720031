import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import type { AsyncInferenceEndpointProps } from './endpoint-props';
import { refuse } from '../shared/validation';
import { warnOfForeignResource } from '../shared/warnings';

/** Where an endpoint's results and failures go, and who is told. */
export interface Output {
  readonly bucket: s3.IBucket;
  readonly outputPrefix: string;
  readonly failurePrefix: string;
  readonly successTopic: sns.ITopic;
  readonly errorTopic: sns.ITopic;
  /** The customer's keys among those of bucket, objects and topics. */
  readonly keys: readonly kms.IKey[];
}

/** The output as given by the user, and what is missing as children of the endpoint. */
export function defineOutput(endpoint: Construct, endpointName: string, props: AsyncInferenceEndpointProps): Output {
  const { encryptionKey: key } = props;
  const bucket =
    props.outputBucket ??
    new s3.Bucket(endpoint, 'OutputBucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: key ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
      encryptionKey: key,
      // One data key for many objects, instead of a call of KMS for each.
      bucketKeyEnabled: key ? true : undefined,
      enforceSSL: true,
      lifecycleRules: [
        {
          expiration: props.outputExpiration ?? Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  const own = props.outputBucket ? `${endpointName}/` : '';
  const outputPrefix = props.outputPrefix ?? `${own}output`;
  const failurePrefix = props.failurePrefix ?? `${own}failure`;
  claim(endpoint, bucket, outputPrefix, failurePrefix);

  const masterKey = key ?? kms.Alias.fromAliasName(endpoint, 'SnsKey', 'alias/aws/sns');
  const successTopic = props.successTopic ?? new sns.Topic(endpoint, 'SuccessTopic', { enforceSSL: true, masterKey });
  const errorTopic = props.errorTopic ?? new sns.Topic(endpoint, 'ErrorTopic', { enforceSSL: true, masterKey });
  warnOfForeignResource(endpoint, 'foreignOutputBucket', 'output bucket', bucket, [
    's3:PutObject',
    's3:AbortMultipartUpload',
    's3:ListBucket',
  ]);
  warnOfForeignResource(endpoint, 'foreignSuccessTopic', 'success topic', successTopic, ['sns:Publish']);
  warnOfForeignResource(endpoint, 'foreignErrorTopic', 'error topic', errorTopic, ['sns:Publish']);

  const given = [props.outputBucket?.encryptionKey, props.successTopic?.masterKey, props.errorTopic?.masterKey];
  // What AWS's own keys allow is not ours to grant.
  const keys = [...new Set([key, ...given])].filter(
    (candidate) => candidate !== undefined && !candidate.keyArn.includes(':alias/aws/'),
  ) as kms.IKey[];
  keys.forEach((candidate) =>
    warnOfForeignResource(endpoint, 'foreignKey', 'key', candidate, ['kms:Decrypt', 'kms:GenerateDataKey']),
  );
  return { bucket, outputPrefix, failurePrefix, successTopic, errorTopic, keys };
}

/** Who writes where, for each app. */
const claims = new WeakMap<IConstruct, Map<string, string>>();

/** Two endpoints that write to one prefix would mix their results, and overwrite those of equal names. */
function claim(endpoint: Construct, bucket: s3.IBucket, ...prefixes: string[]): void {
  const { root } = endpoint.node;
  const taken = claims.get(root) ?? new Map<string, string>();
  claims.set(root, taken);
  const place = Token.isUnresolved(bucket.bucketName) ? bucket.node.path : bucket.bucketName;
  refuse(
    endpoint,
    prefixes.map((prefix) => {
      const owner = taken.get(`${place}/${prefix}`);
      return owner === undefined
        ? undefined
        : `${prefix} in the bucket ${place} is where ${owner} writes: give another outputPrefix or failurePrefix`;
    }),
  );
  prefixes.forEach((prefix) => taken.set(`${place}/${prefix}`, endpoint.node.path));
}
