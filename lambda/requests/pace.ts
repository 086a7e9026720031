import { setTimeout as sleep } from 'node:timers/promises';

/** The rate at which one execution environment submits requests. */
export class Pace {
  private nextAt = 0;
  private waiting = 0;

  /**
   * @param now the time in milliseconds
   * @param wait waits for so many milliseconds
   */
  constructor(
    private readonly intervalMilliseconds: number,
    private readonly now: () => number = Date.now,
    private readonly wait = (milliseconds: number, signal: AbortSignal): Promise<unknown> =>
      sleep(milliseconds, undefined, { signal }),
  ) {}

  /** Waits until the interval since the last turn is over. The first turn, and one after a long pause, comes at once. */
  public readonly turn = async (signal: AbortSignal): Promise<void> => {
    const now = this.now();
    // After the clock was set back, a turn is no further away than the turns before it.
    const longest = (this.waiting + 1) * this.intervalMilliseconds;
    const left = Math.min(longest, Math.max(0, this.nextAt - now));
    this.nextAt = now + left + this.intervalMilliseconds;
    this.waiting += 1;
    await this.wait(left, signal).finally(() => (this.waiting -= 1));
  };
}
