import type { SdkError } from '../shared/sdk-error';
import {
  InvalidRequestError,
  MissingOutputLocationError,
  PayloadTooLargeError,
  UnreadableResponseError,
} from './errors';

/**
 * Why a request failed.
 *
 * - `rejected`: the request breaks the contract and was not sent.
 * - `throttled`, `unavailable`: a retry may succeed.
 * - `refused`: a retry will not succeed.
 * - `unusable`: the service accepted the request, but its response cannot be used.
 * - `unexpected`: the invoker has a bug.
 */
export type Failure = 'rejected' | 'throttled' | 'unavailable' | 'refused' | 'unusable' | 'unexpected';

export function failureOf(error: unknown): Failure {
  if (error instanceof InvalidRequestError || error instanceof PayloadTooLargeError) return 'rejected';
  if (error instanceof MissingOutputLocationError) return 'unusable';
  const { name, $metadata } = error as SdkError;
  const status = $metadata?.httpStatusCode;
  // Services also throttle with status 400.
  if (status === 429 || /^(Throttling|TooManyRequests)/.test(name)) return 'throttled';
  if (name === 'DeadlineExceededError' || (status ?? 0) >= 500) return 'unavailable';
  if ((status ?? 0) >= 300) return 'refused';
  if (error instanceof UnreadableResponseError) return 'unusable';
  return $metadata === undefined ? 'unexpected' : 'unavailable';
}

/** Whether the service certainly did not accept the request. Of several attempts, an earlier one may have been accepted. */
export function isDefiniteRefusal(error: unknown): boolean {
  const { httpStatusCode = 0, attempts } = (error as SdkError).$metadata ?? {};
  return attempts === 1 && httpStatusCode >= 400 && httpStatusCode < 500;
}
