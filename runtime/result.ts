import { setTimeout as sleep } from 'node:timers/promises';
import type { AcceptedInference } from './invoke';
import { parseLocation } from './s3-location';
import { TimeLimit } from './time-limit';

/** What is used of the S3 client. `S3` fits. */
export interface ObjectReader {
  getObject(
    input: { Bucket: string; Key: string },
    options?: { abortSignal?: AbortSignal },
  ): Promise<{
    readonly Body?: { transformToByteArray(): Promise<Uint8Array> } | undefined;
    readonly ContentType?: string | undefined;
  }>;
}

/** The outcome of a request. */
export type InferenceResult =
  | {
      /** Whether the object at `location` is the result of the model, or its response when it failed. */
      readonly status: 'completed' | 'failed';
      readonly location: string;
      readonly body: Uint8Array;
      readonly contentType?: string | undefined;
    }
  | {
      /** There is no result, and none can come any more. */
      readonly status: 'expired';
    };

export interface WaitOptions {
  readonly s3: ObjectReader;
  /** How long to wait at most, in seconds. Fractions are allowed. */
  readonly timeoutSeconds: number;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The pause after the first look. Each pause is half as long again as the one before. @default 0.5 */
  readonly firstPauseSeconds?: number | undefined;
  /** The longest pause, unless S3 asks for a longer one. @default 15 */
  readonly longestPauseSeconds?: number | undefined;
}

/** There is no result yet. It may still come: wait again with the same locations. */
export class ResultTimeoutError extends Error {
  override readonly name = 'ResultTimeoutError';

  constructor({ InferenceId }: AcceptedInference, seconds: number) {
    super(
      `inference ${InferenceId} has no result after ${seconds} seconds and may still get one: wait again with the same locations`,
    );
  }
}

/**
 * Waits until a result or a failure is in S3. If a notification can start your code, prefer a subscription to the results of the
 * endpoint. It is sooner, and without a `FailureLocation` it is the only way to learn of a failure.
 *
 * The client needs `s3:GetObject` on both locations and `s3:ListBucket` on the bucket, which `grants.readResults` gives. Without
 * `s3:ListBucket`, S3 is expected to return 403 for an object that does not exist yet, and the wait ends with that error.
 *
 * @param accepted what `invokeAsync` or the invoker returned. The status `expired` needs its `AnswerBy`.
 * @throws ResultTimeoutError when the time is up, the reason of `signal` when it aborts, and errors of S3 that are not transient
 */
export async function waitForResult(accepted: AcceptedInference, options: WaitOptions): Promise<InferenceResult> {
  const { s3, timeoutSeconds, signal, firstPauseSeconds = 0.5, longestPauseSeconds = 15 } = options;
  if (!(timeoutSeconds > 0 && timeoutSeconds < Infinity))
    throw new RangeError(`timeoutSeconds must be a positive number, got ${timeoutSeconds}`);
  const limit = new TimeLimit(timeoutSeconds * 1000, signal);
  const end = limit.signal;
  try {
    for (let pause = firstPauseSeconds; !end.aborted; pause = Math.min(pause * 1.5, longestPauseSeconds)) {
      let minimumPause = 0;
      // This is read before the look: an object that is missing after the last moment never comes.
      const late = accepted.AnswerBy !== undefined && Date.now() > Date.parse(accepted.AnswerBy);
      try {
        const result =
          (await look('completed', accepted.OutputLocation)) ?? (await look('failed', accepted.FailureLocation));
        if (result) return result;
        if (late) return { status: 'expired' };
      } catch (error) {
        if (!end.aborted && !isTransient(error)) throw error;
        minimumPause = retryAfterSeconds(error);
      }
      // The jitter keeps those who wait for one batch from looking at the same moment.
      await sleep(Math.max(minimumPause, pause * (0.5 + Math.random() / 2)) * 1000, undefined, { signal: end }).catch(
        () => undefined,
      );
    }
  } finally {
    limit.clear();
  }
  signal?.throwIfAborted();
  throw new ResultTimeoutError(accepted, timeoutSeconds);

  async function look(status: 'completed' | 'failed', location?: string): Promise<InferenceResult | undefined> {
    if (location === undefined) return undefined;
    try {
      const { Body, ContentType: contentType } = await s3.getObject(parseLocation(location), { abortSignal: end });
      return { status, location, body: await Body!.transformToByteArray(), contentType };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

/** An error of the S3 client or of the network. */
interface ReadError {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
}

const TRANSIENT_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** A day, since a timer of Node.js fires at once if its delay is longer than 2^31 - 1 milliseconds. */
const MAX_PAUSE_SECONDS = 86_400;

/** S3 writes a code into the body of an error. A 404 without a body has the name of the status alone. */
function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes((error as ReadError).name ?? '');
}

function isTransient(error: unknown): boolean {
  const { name, code, $metadata: { httpStatusCode: status = 0 } = {} } = error as ReadError;
  return status >= 500 || status === 429 || name === 'TimeoutError' || TRANSIENT_CODES.has(code ?? '');
}

/** The pause that a response asks for, in seconds. The header is a number of seconds or a date. */
function retryAfterSeconds(error: unknown): number {
  const header = (error as ReadError).$response?.headers?.['retry-after'];
  if (header === undefined) return 0;
  const seconds = Number.isNaN(Number(header)) ? (Date.parse(header) - Date.now()) / 1000 : Number(header);
  return seconds > 0 ? Math.min(seconds, MAX_PAUSE_SECONDS) : 0;
}
