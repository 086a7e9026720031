/**
 * The HTTP headers that carry the members of InvokeEndpointAsync, by member. Header names have no case.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export const HTTP_HEADERS = {
  ContentType: 'X-Amzn-SageMaker-Content-Type',
  Accept: 'X-Amzn-SageMaker-Accept',
  CustomAttributes: 'X-Amzn-SageMaker-Custom-Attributes',
  InferenceId: 'X-Amzn-SageMaker-Inference-Id',
  InputLocation: 'X-Amzn-SageMaker-InputLocation',
  S3OutputPathExtension: 'X-Amzn-SageMaker-S3OutputPathExtension',
  Filename: 'X-Amzn-SageMaker-Filename',
  RequestTTLSeconds: 'X-Amzn-SageMaker-RequestTTLSeconds',
  InvocationTimeoutSeconds: 'X-Amzn-SageMaker-InvocationTimeoutSeconds',
} as const;

/** What the names of all these headers begin with, in lower case. */
export const HTTP_HEADER_PREFIX = 'x-amzn-sagemaker-';

/** The headers of the response. */
export const HTTP_RESPONSE_HEADERS = {
  OutputLocation: 'X-Amzn-SageMaker-OutputLocation',
  FailureLocation: 'X-Amzn-SageMaker-FailureLocation',
} as const;

/** The headers that choose what is read or where a result lands. The stack names those that HTTP callers may send. */
export const TRUSTED_HTTP_HEADERS = [
  HTTP_HEADERS.Filename,
  HTTP_HEADERS.InputLocation,
  HTTP_HEADERS.S3OutputPathExtension,
] as const;
export type TrustedHttpHeader = (typeof TRUSTED_HTTP_HEADERS)[number];
