/**
 * A header of HTTP callers that selects where a result is written or what is read. The invoker accepts it only if it is trusted.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export enum TrustedHttpHeader {
  /** The name of the result. A caller that sets it can overwrite the result of another caller. */
  FILENAME = 'X-Amzn-SageMaker-Filename',
  /** The object to read instead of a payload, within the prefix of the input policy. */
  INPUT_LOCATION = 'X-Amzn-SageMaker-InputLocation',
  /** A path within the output prefix. */
  S3_OUTPUT_PATH_EXTENSION = 'X-Amzn-SageMaker-S3OutputPathExtension',
}
