import { MAX_S3_URI_LENGTH } from '../lib/contract/s3-location';

interface NotifiedInference {
  readonly inferenceId: string;
  readonly endpointName: string;
  /** The location of the request's payload, if it was in S3. */
  readonly inputLocation?: string | undefined;
  readonly customAttributes?: string | undefined;
  /** When the endpoint received the request, in ISO 8601. */
  readonly receivedTime?: string | undefined;
  /** When the request was completed or failed, in ISO 8601. */
  readonly eventTime?: string | undefined;
  /** The response of the model, if the endpoint includes it in notifications and it is not too large for one. */
  readonly response?: Uint8Array | undefined;
  readonly contentType?: string | undefined;
}

/** The model returned a result. */
export interface CompletedInference extends NotifiedInference {
  readonly status: 'completed';
  readonly outputLocation: string;
}

/** The model failed, or the request expired before the model received it. */
export interface FailedInference extends NotifiedInference {
  readonly status: 'failed' | 'expired';
  readonly failureReason?: string | undefined;
  /** The location of the model's response, if there was one and the endpoint has a failure path. */
  readonly failureLocation?: string | undefined;
}

export type InferenceNotification = CompletedInference | FailedInference;

/** Objects and JSON texts count alike. The text of an SQS record around a message of SNS around an event of EventBridge has seven. */
const MAX_LEVELS = 7;

type Json = Readonly<Record<string, unknown>>;

/**
 * The notification of a result. The message is the notification itself or an envelope: a record of an SNS or SQS event of Lambda, a
 * message of the SQS client, an HTTP delivery of SNS or an event of EventBridge. Each may be an object or JSON text.
 *
 * @param only if given, notifications of other endpoints are rejected
 * @returns undefined if the message is not the notification of a result: a `TestNotification`, or a message of another sender
 * @throws TypeError for a whole event of Lambda. Pass each of its records.
 */
export function parseNotification(
  message: unknown,
  only: { readonly endpointName?: string | undefined } = {},
): InferenceNotification | undefined {
  const records: unknown = Array.isArray(message) ? message : (message as Json | null | undefined)?.Records;
  if (Array.isArray(records))
    throw new TypeError(`the message is a batch of ${records.length}: call parseNotification for each of its records`);

  const notification = unwrap(message, MAX_LEVELS);
  if (notification?.eventName !== 'InferenceResult') return undefined;

  const request = objectIn(notification, 'requestParameters');
  const response = objectIn(notification, 'responseParameters');
  const inferenceId = textIn(notification, 'inferenceId');
  const endpointName = textIn(request, 'endpointName');
  const status = textIn(notification, 'invocationStatus');
  if (!inferenceId || !endpointName || !status) return undefined;
  if (only.endpointName !== undefined && only.endpointName.toLowerCase() !== endpointName.toLowerCase())
    return undefined;

  const inference: NotifiedInference = {
    inferenceId,
    endpointName,
    inputLocation: locationIn(request, 'inputLocation'),
    customAttributes: textIn(request, 'customAttributes'),
    receivedTime: textIn(notification, 'receivedTime'),
    eventTime: textIn(notification, 'eventTime'),
    response: responseIn(notification),
    contentType: textIn(response, 'contentType'),
  };
  const outputLocation = locationIn(response, 'outputLocation');
  if (status === 'Completed') return outputLocation ? { ...inference, status: 'completed', outputLocation } : undefined;
  return {
    ...inference,
    status: status === 'Expired' ? 'expired' : 'failed',
    failureReason: textIn(notification, 'failureReason'),
    // Both levels were seen in notifications.
    failureLocation: locationIn(response, 'failureLocation') ?? locationIn(notification, 'failureLocation'),
  };
}

function unwrap(message: unknown, levels: number): Json | undefined {
  if (levels === 0 || message === null) return undefined;
  if (typeof message === 'string') return unwrap(parseJson(message), levels - 1);
  if (typeof message !== 'object') return undefined;
  const envelope = message as Json;
  if (envelope.eventSource === 'aws:sagemaker') return envelope;
  return unwrap(envelope.Sns ?? envelope.Message ?? envelope.body ?? envelope.Body ?? envelope.detail, levels - 1);
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

/** A location that is longer than any of S3 comes from another sender. */
function locationIn(json: Json, name: string): string | undefined {
  const location = textIn(json, name);
  return location !== undefined && location.length <= MAX_S3_URI_LENGTH ? location : undefined;
}

function responseIn(notification: Json): Uint8Array | undefined {
  const body = objectIn(notification, 'responseBody');
  const content = textIn(body, 'content');
  return content === undefined ? undefined : Buffer.from(content, body.encoding === 'BASE64' ? 'base64' : 'utf8');
}
