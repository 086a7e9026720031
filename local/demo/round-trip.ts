import type { InvokerResponse } from '../../lib/contract/invoker';
import type { Deployment } from '../aws/deployment';
import { FunctionError } from '../aws/lambda-function';
import type { LambdaFunction } from '../aws/lambda-function';
import type { ResultNotification } from '../aws/notification';
import { stopwatch } from './stopwatch';

/** A direct call of the invoker, with the text that it was made from, if any. */
export interface DemoRequest {
  readonly text?: string;
  readonly event: unknown;
}

/** A request from its start to its end: it has a result, it failed, or the invoker rejected it. */
export interface RoundTrip {
  readonly request: DemoRequest;
  readonly bytes: number;
  readonly response?: InvokerResponse;
  readonly notification?: ResultNotification;
  readonly result?: unknown;
  /** The response of the model to a request that failed. */
  readonly failure?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
  /** The duration of each step. */
  readonly milliseconds: { readonly accepted: number; readonly notified: number; readonly read: number };
}

/** Sends a request through the invoker and waits for its result. */
export async function roundTrip(
  deployment: Deployment,
  invoker: LambdaFunction,
  request: DemoRequest,
): Promise<RoundTrip> {
  const lap = stopwatch();
  const milliseconds = { accepted: 0, notified: 0, read: 0 };
  const sent = { request, bytes: payloadBytes(request.event), milliseconds };
  try {
    const response = (await invoker.invoke(request.event)) as InvokerResponse;
    milliseconds.accepted = lap();
    const notification = await deployment.notificationOf(response.InferenceId);
    milliseconds.notified = lap();
    if (notification.invocationStatus !== 'Completed') {
      const error = {
        errorType: notification.invocationStatus,
        errorMessage: notification.failureReason ?? 'The notification has no reason.',
      };
      const failure =
        response.FailureLocation === undefined ? undefined : parse(await deployment.read(response.FailureLocation));
      return { ...sent, response, notification, error, failure };
    }
    const result = parse(await deployment.read(response.OutputLocation));
    milliseconds.read = lap();
    return { ...sent, response, notification, result };
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    const { errorType, errorMessage } = error;
    return { ...sent, error: { errorType, errorMessage } };
  }
}

/** A round trip as one JSON object. */
export function toJson({ request, bytes, response, result, error, failure }: RoundTrip): string {
  return JSON.stringify({ text: request.text, bytes, ...response, result, ...error, failure });
}

/** The size of the payload in an event of the invoker. */
function payloadBytes(event: unknown): number {
  const { Body, BodyBase64 } = Object(event) as { readonly Body?: unknown; readonly BodyBase64?: unknown };
  if (typeof BodyBase64 === 'string') return Buffer.from(BodyBase64, 'base64').length;
  return Body === undefined ? 0 : Buffer.byteLength(typeof Body === 'string' ? Body : JSON.stringify(Body));
}

function parse(result: Buffer): unknown {
  const text = result.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text; // A model can respond in any format.
  }
}
