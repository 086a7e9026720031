/** The longest delay of a timer of Node.js, which fires a longer one at once. */
const MAX_DELAY = 2 ** 31 - 1;

/**
 * A signal that aborts after a time of any length, or when another signal aborts. It holds its timer itself. `AbortSignal.any` holds
 * its sources weakly, so on Node.js 20 the garbage collector takes the timer of an `AbortSignal.timeout` that nothing else holds.
 */
export class TimeLimit {
  private readonly controller = new AbortController();
  private readonly end: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    milliseconds: number,
    private readonly other?: AbortSignal,
  ) {
    // The clock of the machine may jump, and this one does not.
    this.end = performance.now() + milliseconds;
    other?.addEventListener('abort', this.abort, { once: true });
    if (other?.aborted) this.abort();
    else this.startTimer();
  }

  public get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Releases the timer, and the listener on the other signal. */
  public clear(): void {
    clearTimeout(this.timer);
    this.other?.removeEventListener('abort', this.abort);
  }

  private readonly abort = (): void => {
    this.clear();
    this.controller.abort();
  };

  private startTimer(): void {
    const left = this.end - performance.now();
    if (left <= 0) this.abort();
    else
      this.timer = setTimeout(
        () => {
          this.startTimer();
        },
        Math.min(Math.ceil(left), MAX_DELAY),
      );
  }
}
