import { DeadlineExceededError } from './errors';

/** What the invoker reads of Lambda's context. */
export interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** What is kept of the function's time for the answer. */
const ANSWER_MILLISECONDS = 500;

/** The milliseconds that work may still take. */
export function timeLeft(context: Context): number {
  return Math.max(0, context.getRemainingTimeInMillis() - ANSWER_MILLISECONDS);
}

/**
 * Does work while the function has time for it and for an answer, and then aborts it. The race is needed beside the
 * signal: the SDK does not hear it while it waits for its next attempt or for the rest of an answer.
 *
 * @throws DeadlineExceededError
 */
export async function beforeDeadline<T>(context: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const left = timeLeft(context);
  if (left === 0) throw new DeadlineExceededError();
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineExceededError());
      abort.abort();
    }, left);
  });
  try {
    return await Promise.race([work(abort.signal), expiry]);
  } finally {
    clearTimeout(timer);
  }
}
