import type { Clock } from '../../local/aws/clock';

/** A clock that stands still until a test advances it. */
export class ManualClock implements Clock {
  private time = Date.UTC(2026, 0, 1);
  private due: { readonly at: number; readonly callback: () => void }[] = [];

  public now(): number {
    return this.time;
  }

  public after(milliseconds: number, callback: () => void): () => void {
    const entry = { at: this.time + milliseconds, callback };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((other) => other !== entry);
    };
  }

  public advance(seconds: number): void {
    this.time += seconds * 1000;
    const now = this.due.filter(({ at }) => at <= this.time);
    this.due = this.due.filter(({ at }) => at > this.time);
    for (const { callback } of now) callback();
  }
}
