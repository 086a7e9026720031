import type { AsyncRequest } from './async-request';
import type { Uncertainties } from './assumptions';

/** What SageMaker publishes when an endpoint is created, updated or scaled, to see that it may. */
export const TEST_NOTIFICATION = { eventVersion: '1.0', eventSource: 'aws:sagemaker', eventName: 'TestNotification' };

/** The most bytes of a response that a notification carries. */
const MAX_RESPONSE_BYTES = 128 * 1024;

/** What SageMaker publishes once a request is done with. */
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
    /** Base64 where `encoding` says so, else text. Absent where the response is too large for a notification. */
    readonly content?: string;
    /** Its text is published nowhere. */
    readonly message: string;
    readonly encoding?: 'BASE64';
  };
}

/** What a notification tells of the request, whatever came of it. */
export function requestParameters(
  endpointName: string,
  request: AsyncRequest,
  succeeded: boolean,
  uncertain: Uncertainties,
): ResultNotification['requestParameters'] {
  const { Accept: accept, ContentType: contentType, CustomAttributes: customAttributes } = request;
  const inputLocation =
    request.InputLocation ?? (uncertain.notifiesInlineInputLocation ? 's3://of-the-service/inline-payload' : undefined);
  return {
    endpointName,
    ...((succeeded || uncertain.failuresRepeatParameters) && { accept, contentType, customAttributes }),
    inputLocation,
  };
}

/** The response in a notification: base64 in one of success, text in one of failure. */
export function responseBody(response: Buffer, encoding?: 'BASE64'): ResultNotification['responseBody'] {
  if (response.length > MAX_RESPONSE_BYTES) return { message: 'the response is too large for a notification' };
  return { content: response.toString(encoding ? 'base64' : 'utf8'), message: 'the response of the model', encoding };
}
