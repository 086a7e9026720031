import type { Clock } from './clock';

/** What waits in the queue. */
export interface QueuedWork {
  /** How long it may wait, in seconds. */
  readonly ttlSeconds: number;
  /** Called when a place is free, which it then holds until the promise settles. It must not reject. */
  run(): Promise<void>;
  /** Called instead when it waited too long. */
  expire(): void;
}

/** The queue in front of an endpoint's instances. */
export class RequestQueue {
  private waiting: { readonly work: QueuedWork; readonly stay: () => void }[] = [];
  private running = 0;

  constructor(
    /** How many requests are served at once: all instances together. */
    private readonly places: number,
    private readonly clock: Clock,
    private readonly servesInOrder: () => boolean,
  ) {}

  public push(work: QueuedWork): void {
    const stay = this.clock.after(work.ttlSeconds * 1000, () => {
      this.waiting = this.waiting.filter((waiter) => waiter.work !== work);
      work.expire();
    });
    this.waiting.push({ work, stay });
    this.serve();
  }

  /** Forgets what waits. */
  public clear(): void {
    for (const { stay } of this.waiting.splice(0)) stay();
  }

  private serve(): void {
    if (this.running >= this.places) return;
    const next = this.servesInOrder() ? this.waiting.shift() : this.waiting.pop();
    if (!next) return;
    next.stay();
    this.running += 1;
    void next.work.run().finally(() => {
      this.running -= 1;
      this.serve();
    });
  }
}
