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
  private hasPassed = false;
  private readonly pending = new Set<() => void>();

  /**
   * Serves an invocation until there is just enough time left for a response.
   *
   * @param flush writes what has been logged. Called at the deadline too: the work that ends then may take the rest of the time.
   */
  public static async during<T>(
    context: LambdaContext,
    serve: (deadline: Deadline) => Promise<T>,
    flush: () => void = () => undefined,
  ): Promise<T> {
    const deadline = new Deadline();
    const left = timeLeft(context);
    if (left === 0) deadline.pass();
    const timer = setTimeout(() => {
      flush();
      deadline.pass();
    }, left);
    try {
      return await serve(deadline);
    } finally {
      clearTimeout(timer);
      flush();
    }
  }

  /**
   * Does work until the deadline, which aborts it by its signal. The work is also abandoned: the SDK does not react to the signal
   * while it waits for its next attempt or for the rest of a response. Each work has a signal of its own, because Node.js warns of
   * many listeners on one.
   *
   * @throws DeadlineExceededError
   */
  public before<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.hasPassed) return Promise.reject(new DeadlineExceededError());
    return new Promise((resolve, reject) => {
      const controller = new AbortController();
      const abandon = () => {
        reject(new DeadlineExceededError());
        controller.abort();
      };
      this.pending.add(abandon);
      work(controller.signal)
        .then(resolve, reject)
        .finally(() => this.pending.delete(abandon));
    });
  }

  private pass(): void {
    this.hasPassed = true;
    for (const abandon of this.pending) abandon();
  }
}
