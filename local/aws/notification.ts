import type { Assumptions } from './assumptions';
import type { AsyncRequest } from './async-request';

/** The message that SageMaker publishes to check its permission, for example when an endpoint is created. */
export const TEST_NOTIFICATION = { eventVersion: '1.0', eventSource: 'aws:sagemaker', eventName: 'TestNotification' };

/** The largest response body in a notification. */
const MAX_RESPONSE_BYTES = 128 * 1024;

/** The message that SageMaker publishes when a request is completed. */
export interface ResultNotification {
  readonly awsRegion: string;
  readonly eventTime: string;
  readonly receivedTime: string;
  readonly invocationStatus: 'Completed' | 'Failed' | 'Expired';
  readonly failureReason?: string;
  readonly requestParameters: {
    readonly accept?: string;
    readonly endpointName: string;
    readonly contentType?: string;
    readonly customAttributes?: string;
    readonly inputLocation?: string;
  };
  readonly responseParameters?: {
    readonly contentType?: string;
    readonly outputLocation?: string;
    readonly failureLocation?: string;
  };
  readonly inferenceId: string;
  readonly eventVersion: '1.0';
  readonly eventSource: 'aws:sagemaker';
  readonly eventName: 'InferenceResult';
  readonly responseBody?: {
    /** base64 if `encoding` says so, else text. Absent if the response is too large for a notification. */
    readonly content?: string;
    /** The texts of SageMaker are not published. */
    readonly message: string;
    readonly encoding?: 'BASE64';
  };
}

/** The parameters of a request in its notification. */
export function requestParameters(
  endpointName: string,
  request: AsyncRequest,
  succeeded: boolean,
  assumptions: Assumptions,
): ResultNotification['requestParameters'] {
  const { Accept: accept, ContentType: contentType, CustomAttributes: customAttributes } = request;
  const inlineLocation = assumptions.notifiesInlineInputLocation ? 's3://service-bucket/inline-payload' : undefined;
  return {
    endpointName,
    ...((succeeded || assumptions.repeatsParametersOfFailures) && { accept, contentType, customAttributes }),
    inputLocation: request.InputLocation ?? inlineLocation,
  };
}

/** The response in a notification: base64 for a result, text for a failure. */
export function responseBody(response: Buffer, encoding?: 'BASE64'): ResultNotification['responseBody'] {
  if (response.length > MAX_RESPONSE_BYTES) return { message: 'The response is too large for a notification.' };
  return { content: response.toString(encoding ? 'base64' : 'utf8'), message: 'The response of the model.', encoding };
}
