import { InvalidRequestError, MissingOutputLocationError, PayloadTooLargeError, UnreadableAnswerError } from './errors';

/**
 * What became of a request that failed: the invoker rejected it, the service throttled it or could not serve it (another
 * attempt may succeed), the service refused it or answered nonsense (another attempt will not), or the invoker is wrong.
 */
export type Cause = 'rejected' | 'throttled' | 'unavailable' | 'refused' | 'unexpected';

/** What the SDK tells with an error, as far as there is anything to tell. */
export interface ServiceError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

export function causeOf(error: unknown): Cause {
  if (error instanceof InvalidRequestError || error instanceof PayloadTooLargeError) return 'rejected';
  const { name, $metadata } = error as ServiceError;
  const status = $metadata?.httpStatusCode;
  // Services also throttle with 400
  if (status === 429 || /^(Throttling|TooManyRequests)/.test(name)) return 'throttled';
  if (name === 'DeadlineExceededError' || (status ?? 0) >= 500) return 'unavailable';
  if (error instanceof MissingOutputLocationError || error instanceof UnreadableAnswerError || (status ?? 0) >= 300)
    return 'refused';
  return $metadata === undefined ? 'unexpected' : 'unavailable';
}

/** Whether the service certainly did not take the request: of several attempts, an earlier one may have been taken. */
export function isDefiniteRefusal(error: unknown): boolean {
  const { httpStatusCode = 0, attempts } = (error as ServiceError).$metadata ?? {};
  return attempts === 1 && httpStatusCode >= 400 && httpStatusCode < 500;
}
