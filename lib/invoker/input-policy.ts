import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { detailsOf } from '../core/endpoint-details';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import type { InvokerConfig } from '../contract/invoker';
import { inputErrors } from './validate';
import type { InputPlace } from '../shared/statements';
import type { ValidationError } from '../shared/validation';

/** Options of the bucket for payloads in S3. */
export interface InputBucketOptions {
  /**
   * The bucket, in the region of the endpoint.
   *
   * @default - a new bucket: private, encrypted, TLS only
   */
  readonly bucket?: s3.IBucket;

  /**
   * The key prefix of payloads: 1 to 800 letters, digits and `!-_.'()/`, without a slash at either end.
   *
   * @default - 'input/<endpoint name>'
   */
  readonly prefix?: string;

  /**
   * How long the new bucket keeps payloads, in whole days. A request waits for at most 6 hours and runs for at most 1 hour.
   *
   * @default - `Duration.days(30)` with `bySize`. With `alwaysS3` payloads are kept until somebody deletes them.
   */
  readonly expiration?: Duration;

  /**
   * The key that encrypts the new bucket.
   *
   * @default - `outputEncryptionKey` of the endpoint, or the key of Amazon S3
   */
  readonly encryptionKey?: IKey;

  /**
   * What happens to the new bucket when it is removed from the stack. With `DESTROY`, empty it before you delete the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** An input policy where it is used. */
export interface InputPolicyConfig {
  readonly config: Pick<InvokerConfig, 'inputPolicy' | 'inputBucket' | 'inputPrefix' | 'inputLocationPrefixes'>;
  /** Where payloads go. Undefined if all of them are sent inline. */
  readonly input?: InputPlace;
  /** The bucket, if the policy has created it. */
  readonly newBucket?: s3.Bucket;
}

/**
 * Which payloads are sent inline, and which through S3. The container receives the same request in both cases.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export class InputPolicy {
  /** Sends all payloads inline, and rejects payloads of more than 128,000 bytes. Needs no bucket and no permission on any. */
  public static inline(): InputPolicy {
    return new InputPolicy(() => ({ config: {} }), false);
  }

  /** Sends payloads of up to 128,000 bytes inline, and larger ones through S3. */
  public static bySize(options: InputBucketOptions = {}): InputPolicy {
    return this.throughBucket('by-size', { expiration: options.bucket ? undefined : Duration.days(30), ...options });
  }

  /** Sends all payloads through S3, which keeps them for an audit or a replay. */
  public static alwaysS3(options: InputBucketOptions = {}): InputPolicy {
    return this.throughBucket('always-s3', options);
  }

  private static throughBucket(inputPolicy: 'by-size' | 'always-s3', options: InputBucketOptions): InputPolicy {
    return new InputPolicy(
      (scope, endpoint) => {
        const { outputEncryptionKey } = detailsOf(endpoint);
        const newBucket = options.bucket
          ? undefined
          : inputBucket(scope, { ...options, encryptionKey: options.encryptionKey ?? outputEncryptionKey });
        const bucket = options.bucket ?? newBucket!;
        const prefix = options.prefix ?? `input/${endpoint.endpointName}`;
        return {
          config: {
            inputPolicy,
            inputBucket: bucket.bucketName,
            inputPrefix: `${prefix}/`,
            inputLocationPrefixes: [`${bucket.s3UrlForObject(prefix)}/`],
          },
          input: { bucket, prefix },
          newBucket,
        };
      },
      true,
      (region) => inputErrors(options, region),
    );
  }

  private constructor(
    /** @internal */
    public readonly _bind: (scope: Construct, endpoint: IAsyncInferenceEndpoint) => InputPolicyConfig,
    /** @internal */
    public readonly _usesBucket: boolean,
    /**
     * What is wrong with the policy in a region. The invoker reports it together with its own errors.
     *
     * @internal
     */
    public readonly _errors: (region: string) => readonly ValidationError[] = () => [],
  ) {}
}

function inputBucket(scope: Construct, options: InputBucketOptions): s3.Bucket {
  const { encryptionKey, expiration, removalPolicy = RemovalPolicy.RETAIN } = options;
  const bucket = new s3.Bucket(scope, 'InputBucket', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    encryption: encryptionKey ? s3.BucketEncryption.KMS : s3.BucketEncryption.S3_MANAGED,
    encryptionKey,
    bucketKeyEnabled: encryptionKey !== undefined,
    lifecycleRules: [{ expiration, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy,
  });
  // A bucket that stays without its stack still accepts TLS only.
  bucket.policy!.applyRemovalPolicy(removalPolicy);
  return bucket;
}
