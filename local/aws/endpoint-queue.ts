import type { Clock } from './clock';

/** A request in the queue. */
export interface QueuedRequest {
  readonly ttlSeconds: number;
  /** Processes the request. The request is in flight until the promise is settled. The promise must not reject. */
  process(this: void): Promise<void>;
  /** Called instead of `process` if the request waited longer than its TTL. */
  expire(this: void): void;
}

/** The internal queue of an endpoint. */
export class EndpointQueue {
  private waiting: { readonly request: QueuedRequest; readonly cancelExpiry: () => void }[] = [];
  private inFlight = 0;

  constructor(
    /** The concurrent requests of all instances together. */
    private readonly maxConcurrency: number,
    private readonly clock: Clock,
    private readonly servesInOrder: () => boolean,
  ) {}

  public push(request: QueuedRequest): void {
    const cancelExpiry = this.clock.after(request.ttlSeconds * 1000, () => {
      this.waiting = this.waiting.filter((waiting) => waiting.request !== request);
      request.expire();
    });
    this.waiting.push({ request, cancelExpiry });
    this.processNext();
  }

  /** Discards the waiting requests. */
  public clear(): void {
    for (const { cancelExpiry } of this.waiting.splice(0)) cancelExpiry();
  }

  private processNext(): void {
    if (this.inFlight >= this.maxConcurrency) return;
    const next = this.servesInOrder() ? this.waiting.shift() : this.waiting.pop();
    if (!next) return;
    next.cancelExpiry();
    this.inFlight += 1;
    void next.request.process().finally(() => {
      this.inFlight -= 1;
      this.processNext();
    });
  }
}
