import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** A place in Amazon S3 that contains payloads. */
export interface InputLocation {
  /**
   * The bucket.
   *
   * @default - the bucket of the input policy
   */
  readonly bucket?: IBucket;

  /** The key prefix of the payloads: 1 to 800 letters, digits and `!-_.'()/`, without a slash at either end. */
  readonly prefix: string;

  /**
   * The key that encrypts the payloads.
   *
   * @default - the key of the bucket
   */
  readonly encryptionKey?: IKey;
}
