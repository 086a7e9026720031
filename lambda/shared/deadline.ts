import { setMaxListeners } from 'node:events';
import { DeadlineExceededError } from './errors';

/** What our functions read of Lambda's context. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** The part of the function's time that is left for its response. */
const RESPONSE_MILLISECONDS = 500;

/** The milliseconds that work may still take. */
export function timeLeft(context: LambdaContext): number {
  return Math.max(0, context.getRemainingTimeInMillis() - RESPONSE_MILLISECONDS);
}

/** The end of an invocation's time, for all the work that it does. */
export class Deadline {
  private readonly abort = new AbortController();
  private readonly pending = new Set<(error: Error) => void>();

  constructor() {
    // Each request of a batch listens twice. Node.js warns of a leak from the eleventh listener on.
    setMaxListeners(0, this.abort.signal);
  }

  /** Serves an invocation until there is just enough time left for a response. */
  public static async during<T>(context: LambdaContext, serve: (deadline: Deadline) => Promise<T>): Promise<T> {
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
   * Does work until the deadline, which aborts it by the signal. The work is also abandoned: the SDK does not react to the signal
   * while it waits for its next attempt or for the rest of a response.
   *
   * @throws DeadlineExceededError
   */
  public before<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.abort;
    if (signal.aborted) return Promise.reject(new DeadlineExceededError());
    return new Promise((resolve, reject) => {
      this.pending.add(reject);
      work(signal)
        .then(resolve, reject)
        .finally(() => this.pending.delete(reject));
    });
  }

  private pass(): void {
    for (const abandon of this.pending) abandon(new DeadlineExceededError());
    this.abort.abort();
  }
}
