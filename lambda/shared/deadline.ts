import { setMaxListeners } from 'node:events';
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

/** The end of a call's time, for all the requests that it serves. */
export class Deadline {
  private readonly abort = new AbortController();
  private readonly waiting = new Set<(error: Error) => void>();

  constructor() {
    // Each request of a batch listens twice. Node.js warns of a leak from the eleventh listener on.
    setMaxListeners(0, this.abort.signal);
  }

  /** Serves a call while the function has time for it and for an answer. */
  public static async during<T>(context: Context, serve: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = new Deadline();
    const left = timeLeft(context);
    if (left === 0) deadline.pass();
    const timer = setTimeout(() => {
      deadline.pass();
    }, left);
    try {
      return await serve(deadline);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Does work until the deadline, which aborts it. Beside the signal it is left alone as well: the SDK does not hear the signal
   * while it waits for its next attempt or for the rest of an answer.
   *
   * @throws DeadlineExceededError
   */
  public before<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.abort;
    if (signal.aborted) return Promise.reject(new DeadlineExceededError());
    return new Promise((resolve, reject) => {
      this.waiting.add(reject);
      work(signal)
        .then(resolve, reject)
        .finally(() => this.waiting.delete(reject));
    });
  }

  private pass(): void {
    for (const leave of this.waiting) leave(new DeadlineExceededError());
    this.abort.abort();
  }
}
