interface Notified {
  readonly inferenceId: string;
  readonly endpointName: string;
  /** Where the request was, if it was in S3. */
  readonly inputLocation?: string;
  readonly customAttributes?: string;
  /** When the request came in, in ISO 8601. */
  readonly receivedTime?: string;
  /** When it was done with, in ISO 8601. */
  readonly eventTime?: string;
  /** The response of the model, where the endpoint includes it in notifications and it is not too large for one. */
  readonly response?: Uint8Array;
  readonly contentType?: string;
}

/** The model has answered. */
export interface CompletedInference extends Notified {
  readonly status: 'completed';
  readonly outputLocation: string;
}

/** The model failed, or the request expired before it got to the model. */
export interface FailedInference extends Notified {
  readonly status: 'failed' | 'expired';
  readonly failureReason?: string;
  /** Where the response of the model is, if it gave one and the endpoint has a failure path. */
  readonly failureLocation?: string;
}

export type InferenceNotification = CompletedInference | FailedInference;

/** As deep as envelopes go: a queue's record around SNS's envelope around the notification, each one of them in JSON text. */
const MAX_ENVELOPES = 8;

type Json = Readonly<Record<string, unknown>>;

/**
 * The notification of a result, in whichever envelope it came: a record of an SNS or SQS event of Lambda, a message that the SQS
 * client received, an HTTP delivery of SNS, an event of EventBridge, or the notification itself, each as an object or in JSON text.
 *
 * @param only where given, notifications of other endpoints are rejected
 * @returns undefined for what is not the notification of a result: a `TestNotification`, or anything that a stranger put there
 */
export function parseNotification(
  message: unknown,
  only: { readonly endpointName?: string } = {},
): InferenceNotification | undefined {
  const notification = unwrap(message, MAX_ENVELOPES);
  if (notification?.eventName !== 'InferenceResult') return undefined;

  const request = objectIn(notification, 'requestParameters');
  const response = objectIn(notification, 'responseParameters');
  const inferenceId = textIn(notification, 'inferenceId');
  const endpointName = textIn(request, 'endpointName');
  const status = textIn(notification, 'invocationStatus');
  if (!inferenceId || !endpointName || !status) return undefined;
  if (only.endpointName !== undefined && only.endpointName.toLowerCase() !== endpointName.toLowerCase())
    return undefined;

  const notified: Notified = {
    inferenceId,
    endpointName,
    inputLocation: textIn(request, 'inputLocation'),
    customAttributes: textIn(request, 'customAttributes'),
    receivedTime: textIn(notification, 'receivedTime'),
    eventTime: textIn(notification, 'eventTime'),
    response: responseIn(notification),
    contentType: textIn(response, 'contentType'),
  };
  const outputLocation = textIn(response, 'outputLocation');
  if (status === 'Completed') return outputLocation ? { ...notified, status: 'completed', outputLocation } : undefined;
  return {
    ...notified,
    status: status === 'Expired' ? 'expired' : 'failed',
    failureReason: textIn(notification, 'failureReason'),
    failureLocation: textIn(response, 'failureLocation'),
  };
}

function unwrap(message: unknown, envelopes: number): Json | undefined {
  if (envelopes === 0 || message === null) return undefined;
  if (typeof message === 'string') return unwrap(parseJson(message), envelopes - 1);
  if (typeof message !== 'object') return undefined;
  const envelope = message as Json;
  if (envelope.eventSource === 'aws:sagemaker') return envelope;
  return unwrap(envelope.Sns ?? envelope.Message ?? envelope.body ?? envelope.Body ?? envelope.detail, envelopes - 1);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectIn(json: Json, name: string): Json {
  const value = json[name];
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function textIn(json: Json, name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' ? value : undefined;
}

function responseIn(notification: Json): Uint8Array | undefined {
  const body = objectIn(notification, 'responseBody');
  const content = textIn(body, 'content');
  return content === undefined ? undefined : Buffer.from(content, body.encoding === 'BASE64' ? 'base64' : 'utf8');
}
