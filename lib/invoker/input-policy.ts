import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-base';
import type { InvokerConfig } from '../contract/invoker';
import { inputFaults } from './validate';
import { writeInputStatements } from '../shared/statements';
import { refuseAt } from '../shared/validation';

/** Where an invoker puts the payloads that go through S3. */
export interface InputBucketOptions {
  /**
   * The bucket, in the endpoint's region.
   *
   * @default - a new bucket: private, encrypted, TLS only
   */
  readonly bucket?: s3.IBucket;

  /**
   * The prefix of the payloads' keys: 1 to 800 letters, digits and `!-_.'()/`, without a slash at either end.
   *
   * @default - 'input/' and the endpoint's name
   */
  readonly prefix?: string;

  /**
   * How long the new bucket keeps a payload, in whole days. It outlives the longest wait and run by far, and an audit or a replay
   * finds nothing older.
   *
   * @default Duration.days(30)
   */
  readonly expiration?: Duration;

  /**
   * The key that the new bucket is encrypted with.
   *
   * @default - the endpoint's encryption key, else a key of S3's own
   */
  readonly encryptionKey?: IKey;

  /**
   * What becomes of the new bucket when it leaves the stack. With `DESTROY`, empty it before you delete the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Which payloads travel inline, and which through S3. The model's container gets the same request either way.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export abstract class InputPolicy {
  /** All payloads inline, and those of more than 128,000 bytes refused. No bucket, and no right on any. */
  public static inline(): InputPolicy {
    return new BoundInputPolicy(() => ({ config: {}, statements: [] }));
  }

  /** Payloads of up to 128,000 bytes inline, larger ones through S3. */
  public static bySize(options: InputBucketOptions = {}): InputPolicy {
    return throughBucket('by-size', options);
  }

  /** All payloads through S3, which keeps them for an audit or a replay. */
  public static alwaysS3(options: InputBucketOptions = {}): InputPolicy {
    return throughBucket('always-s3', options);
  }

  /** @internal */
  public abstract _bind(scope: Construct, endpoint: IAsyncInferenceEndpoint): InputPolicyConfig;
}

/** The policy where it is used, and what the invoker's role needs for it. */
export interface InputPolicyConfig {
  readonly config: Pick<InvokerConfig, 'inputPolicy' | 'inputBucket' | 'inputPrefix' | 'inputLocationPrefixes'>;
  readonly statements: readonly PolicyStatement[];
  readonly input?: { readonly bucket: s3.IBucket; readonly prefix: string };
}

class BoundInputPolicy extends InputPolicy {
  constructor(
    /** @internal */ public readonly _bind: (scope: Construct, endpoint: IAsyncInferenceEndpoint) => InputPolicyConfig,
  ) {
    super();
  }
}

function throughBucket(inputPolicy: 'by-size' | 'always-s3', options: InputBucketOptions): InputPolicy {
  refuseAt('InputPolicy', inputFaults(options));
  return new BoundInputPolicy((scope, endpoint) => {
    const bucket =
      options.bucket ??
      inputBucket(scope, { ...options, encryptionKey: options.encryptionKey ?? endpoint.encryptionKey });
    const prefix = options.prefix ?? `input/${endpoint.endpointName}`;
    return {
      config: {
        inputPolicy,
        inputBucket: bucket.bucketName,
        inputPrefix: `${prefix}/`,
        inputLocationPrefixes: [`${bucket.s3UrlForObject(prefix)}/`],
      },
      statements: writeInputStatements(bucket, prefix),
      input: { bucket, prefix },
    };
  });
}

function inputBucket(scope: Construct, { encryptionKey, expiration, removalPolicy }: InputBucketOptions): s3.Bucket {
  return new s3.Bucket(scope, 'InputBucket', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    encryption: encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey,
    bucketKeyEnabled: encryptionKey !== undefined,
    lifecycleRules: [{ expiration: expiration ?? Duration.days(30) }],
    removalPolicy: removalPolicy ?? RemovalPolicy.RETAIN,
  });
}
