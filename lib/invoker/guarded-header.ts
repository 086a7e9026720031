/**
 * A header that an invoker takes from HTTP callers only where it is told to, since it chooses where a result lands or what is
 * read.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export enum GuardedHeader {
  /** The result's name: who sends it can overwrite another's result. */
  FILENAME = 'X-Amzn-SageMaker-Filename',
  /** The object that is read in place of a payload, within the input policy's own prefix. */
  INPUT_LOCATION = 'X-Amzn-SageMaker-InputLocation',
  /** A path within the output prefix. */
  S3_OUTPUT_PATH_EXTENSION = 'X-Amzn-SageMaker-S3OutputPathExtension',
}
