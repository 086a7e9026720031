/**
 * A message attribute that an invoker accepts from SQS only where the stack trusts its producers with it, since it chooses where a
 * result lands.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export enum TrustedSqsAttribute {
  /** The name of the result. A producer that sends it can overwrite the result of another. */
  FILENAME = 'Filename',
  /** A path under the output prefix. */
  S3_OUTPUT_PATH_EXTENSION = 'S3OutputPathExtension',
}
