import { performance } from 'node:perf_hooks';
import type { InvokerResponse } from '../../lib/contract/invoker';
import type { Deployment } from '../aws/deployment';
import { FunctionError } from '../aws/lambda-function';
import type { LambdaFunction } from '../aws/lambda-function';
import type { ResultNotification } from '../aws/notification';

/** A direct call of the invoker, and the text in it where it was made of one. */
export interface DemoRequest {
  readonly text?: string;
  readonly event: unknown;
}

/** What came of a request: it was answered, or it failed in the queue, or the invoker refused it. */
export interface RoundTrip {
  readonly request: DemoRequest;
  readonly bytes: number;
  readonly response?: InvokerResponse;
  readonly notification?: ResultNotification;
  readonly answer?: unknown;
  /** What the model said to a request that failed. */
  readonly failure?: unknown;
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
  /** What each step took. */
  readonly milliseconds: { readonly accepted: number; readonly notified: number; readonly read: number };
}

/** Sends a request through the invoker and follows it to its result. */
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
        errorMessage: notification.failureReason ?? 'no reason was given',
      };
      const failure =
        response.FailureLocation === undefined ? undefined : parse(await deployment.read(response.FailureLocation));
      return { ...sent, response, notification, error, failure };
    }
    const answer = parse(await deployment.read(response.OutputLocation));
    milliseconds.read = lap();
    return { ...sent, response, notification, answer };
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    const { errorType, errorMessage } = error;
    return { ...sent, error: { errorType, errorMessage } };
  }
}

/** A round trip as one JSON object. */
export function toJson({ request, bytes, response, answer, error, failure }: RoundTrip): string {
  return JSON.stringify({ text: request.text, bytes, ...response, labels: answer, ...error, failure });
}

/** Times what happens between two calls, in milliseconds. */
export function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const lap = now - last;
    last = now;
    return lap;
  };
}

/** The bytes that a call asks to be sent inline. */
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
    return text; // a model may answer in any format
  }
}
