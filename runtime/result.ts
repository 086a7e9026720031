import { setTimeout as sleep } from 'node:timers/promises';
import type { AcceptedInference } from './invoke';
import { parseLocation } from './s3-location';

/** Of the S3 client: `S3` is one. */
export interface ObjectReader {
  getObject(
    input: { Bucket: string; Key: string },
    options?: { abortSignal?: AbortSignal },
  ): Promise<{
    readonly Body?: { transformToByteArray(): Promise<Uint8Array> };
    readonly ContentType?: string;
  }>;
}

/** What came of a request. */
export type InferenceResult =
  | {
      /** Whether the object at `location` is the model's answer, or what the model said when it failed. */
      readonly status: 'completed' | 'failed';
      readonly location: string;
      readonly body: Uint8Array;
      readonly contentType?: string;
    }
  | {
      /** There is no answer, and none can come any more. */
      readonly status: 'expired';
    };

export interface WaitOptions {
  readonly s3: ObjectReader;
  /** How long to wait at the most. */
  readonly timeoutSeconds: number;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal;
  /** The pause after the first look; each is half as long again as the one before. @default 0.5 */
  readonly firstPauseSeconds?: number;
  /** The longest pause. @default 15 */
  readonly longestPauseSeconds?: number;
}

/** There is no result yet. It may still come: wait again with the same locations. */
export class ResultTimeoutError extends Error {
  override readonly name = 'ResultTimeoutError';

  constructor({ InferenceId }: AcceptedInference, seconds: number) {
    super(
      `there is no result of inference ${InferenceId} after ${seconds} seconds; it may still come, so wait again with the same locations`,
    );
  }
}

/**
 * Waits until a result or a failure is in S3. Prefer a subscription to the endpoint's results where there is somebody to be told:
 * it is sooner, and it is the only way to hear of a failure where no `FailureLocation` is known.
 *
 * The client needs `s3:GetObject` on both locations and `s3:ListBucket` on the bucket (`grantReadResults` gives both): without the
 * latter S3 is expected to answer 403 for what is not there yet, and the wait ends with that error.
 *
 * @param accepted what `invokeAsync` or the invoker answered; `expired` is told only where it has an `AnswerBy`
 * @throws ResultTimeoutError when the time is up; the reason of `signal` when it aborts; errors of S3 but passing ones
 */
export async function waitForResult(accepted: AcceptedInference, options: WaitOptions): Promise<InferenceResult> {
  const { s3, timeoutSeconds, signal, firstPauseSeconds = 0.5, longestPauseSeconds = 15 } = options;
  if (!(timeoutSeconds > 0 && timeoutSeconds < Infinity))
    throw new RangeError(`timeoutSeconds must be above 0, got ${timeoutSeconds}`);
  const end = AbortSignal.any([AbortSignal.timeout(timeoutSeconds * 1000), ...(signal ? [signal] : [])]);
  for (let pause = firstPauseSeconds; !end.aborted; pause = Math.min(pause * 1.5, longestPauseSeconds)) {
    // Read before the look: what is found missing after that moment will stay so.
    const late = accepted.AnswerBy !== undefined && Date.now() > Date.parse(accepted.AnswerBy);
    try {
      const result =
        (await look('completed', accepted.OutputLocation)) ?? (await look('failed', accepted.FailureLocation));
      if (result) return result;
      if (late) return { status: 'expired' };
    } catch (error) {
      if (!end.aborted && !isPassing(error)) throw error;
    }
    // Not all who wait for one batch should look at the same moment.
    await sleep(pause * (0.5 + Math.random() / 2) * 1000, undefined, { signal: end }).catch(() => undefined);
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

interface ServiceError {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function isMissing(error: unknown): boolean {
  return (error as ServiceError).name === 'NoSuchKey';
}

function isPassing(error: unknown): boolean {
  const { name, code, $metadata: { httpStatusCode: status = 0 } = {} } = error as ServiceError;
  return (
    status >= 500 ||
    status === 429 ||
    name === 'TimeoutError' ||
    ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'].includes(code ?? '')
  );
}
