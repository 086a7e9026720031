/** Requests through request queue, invoker and endpoint, second by second. Nothing waits in real time. */
export interface Scenario {
  /** Requests that arrive in a second. */
  readonly arrivals: (second: number) => number;
  readonly seconds: number;
  /** Undefined if requests go to the endpoint as they arrive. */
  readonly requestQueue?: RequestQueue;
  readonly endpoint: Endpoint;
}

export interface RequestQueue {
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly maxRequestsPerSecond: number;
  /** The time from a call of SageMaker to its response. */
  readonly submitSeconds: number;
  /** Undefined if the event source mapping is always enabled. */
  readonly backPressure?: BackPressure;
}

export interface BackPressure {
  readonly maxBacklog: number;
  readonly maxRequestAgeSeconds: number;
  /** The time from a metric to a mapping that is disabled or enabled. An estimate, 60 seconds by default. */
  readonly reactionSeconds?: number;
}

export interface Endpoint {
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly targetBacklogPerInstance: number;
  readonly concurrencyPerInstance: number;
  readonly modelSeconds: number;
  readonly requestTtlSeconds: number;
  /** The time from a scaling activity to an instance in service. An estimate, because AWS documents none. */
  readonly startSeconds: number;
  /** No instance is in service before this second, whatever scaling does. Zero by default. */
  readonly inServiceFrom?: number;
}

/** The state at the end of a minute. */
export interface Minute {
  /** Requests that wait in the request queue. */
  readonly waiting: number;
  /** Requests in the endpoint's queue. */
  readonly backlog: number;
  /** The age of the oldest request in the endpoint's queue, in seconds. */
  readonly oldest: number;
  readonly instances: number;
  /** Whether the event source mapping is enabled. */
  readonly enabled: boolean;
  /** Totals since the start. */
  readonly arrived: number;
  readonly done: number;
  readonly expired: number;
}

/** The requests that leave a request queue per second: its pace, or less if its concurrent batches are slower. */
export function drainRate({ batchSize, maxConcurrency, maxRequestsPerSecond, submitSeconds }: RequestQueue): number {
  // The invoker submits ten messages of a batch at the same time.
  const batchSeconds = submitSeconds * Math.ceil(batchSize / 10);
  return Math.min(maxRequestsPerSecond, (maxConcurrency * batchSize) / batchSeconds);
}

// The values of lib/scaling/scaling.ts, which are those of AWS's page.
const WAKE_AFTER_MINUTES = 2;
const SCALE_OUT_COOLDOWN_MINUTES = 5;
const SCALE_IN_COOLDOWN_MINUTES = 15;
// The behavior of target tracking, which AWS does not document.
const TRACKING_OUT_AFTER_MINUTES = 3;
const TRACKING_IN_AFTER_MINUTES = 15;
const TRACKING_IN_BELOW = 0.9;
/** The time from an alarm to the change of the mapping: the event, the state machine and the mapping itself. An estimate. */
const REACTION_SECONDS = 60;

export function simulate({ arrivals, seconds, requestQueue, endpoint }: Scenario): Minute[] {
  const waiting = new Arrivals();
  const backlog = new Arrivals();
  const fleet = new Fleet(endpoint);
  const mapping = new Mapping(requestQueue?.backPressure);
  const drain = requestQueue ? drainRate(requestQueue) : 0;
  let arrived = 0,
    done = 0,
    expired = 0,
    served = 0,
    drained = 0;
  let most = { backlog: 0, oldest: 0 };
  const minutes: Minute[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const coming = arrivals(second);
    arrived += coming;
    (requestQueue ? waiting : backlog).add(second, coming);
    // Fractions of a request are carried over to the next second.
    drained = mapping.isEnabled(second) ? (drained % 1) + drain : 0;
    backlog.add(second, waiting.take(Math.floor(drained)));
    expired += backlog.takeOlderThan(second - endpoint.requestTtlSeconds);
    const inService = second < (endpoint.inServiceFrom ?? 0) ? 0 : fleet.inService(second);
    served = (served % 1) + (inService * endpoint.concurrencyPerInstance) / endpoint.modelSeconds;
    done += backlog.take(Math.floor(served));
    most = { backlog: Math.max(most.backlog, backlog.size), oldest: Math.max(most.oldest, backlog.age(second)) };
    if (second % 60 !== 59) continue;
    mapping.update(second, most);
    fleet.scale(second, backlog.size);
    most = { backlog: 0, oldest: 0 };
    minutes.push({
      waiting: waiting.size,
      backlog: backlog.size,
      oldest: backlog.age(second),
      instances: inService,
      enabled: mapping.isEnabled(second),
      arrived,
      done,
      expired,
    });
  }
  return minutes;
}

/** Requests in order of arrival, grouped by second. */
class Arrivals {
  public size = 0;
  private first = 0;
  private readonly groups: { readonly second: number; count: number }[] = [];

  public add(second: number, count: number): void {
    if (count > 0) this.groups.push({ second, count });
    this.size += count;
  }

  public take(most: number): number {
    let taken = 0;
    while (taken < most && this.first < this.groups.length) {
      const group = this.groups[this.first]!;
      const count = Math.min(most - taken, group.count);
      group.count -= count;
      taken += count;
      if (group.count === 0) this.first += 1;
    }
    this.size -= taken;
    return taken;
  }

  public takeOlderThan(second: number): number {
    let taken = 0;
    while (this.first < this.groups.length && this.groups[this.first]!.second < second)
      taken += this.take(this.groups[this.first]!.count);
    return taken;
  }

  public age(second: number): number {
    return this.first < this.groups.length ? second - this.groups[this.first]!.second : 0;
  }
}

/** The event source mapping: disabled while one of two alarms is in ALARM, with the maximum of a minute above its threshold. */
class Mapping {
  private enabled = true;
  private changesAt?: number;

  constructor(private readonly backPressure: BackPressure | undefined) {}

  public isEnabled(second: number): boolean {
    if (this.changesAt !== undefined && second >= this.changesAt) {
      this.enabled = !this.enabled;
      this.changesAt = undefined;
    }
    return this.enabled;
  }

  public update(second: number, { backlog, oldest }: { readonly backlog: number; readonly oldest: number }): void {
    if (!this.backPressure) return;
    const { maxBacklog, maxRequestAgeSeconds, reactionSeconds = REACTION_SECONDS } = this.backPressure;
    const wanted = backlog <= maxBacklog && oldest <= maxRequestAgeSeconds;
    if (wanted === this.enabled) this.changesAt = undefined;
    else this.changesAt ??= second + reactionSeconds;
  }
}

/** Instances by target tracking of the backlog per instance, and by the alarm that starts the first one. */
class Fleet {
  private instances: number;
  private readonly starting: { readonly at: number; readonly count: number }[] = [];
  private minutesAbove = 0;
  private minutesBelow = 0;
  private minutesWithoutCapacity = 0;
  private sinceOut = Infinity;
  private sinceChange = Infinity;

  constructor(private readonly endpoint: Endpoint) {
    this.instances = endpoint.minCapacity;
  }

  public inService(second: number): number {
    while (this.starting.length > 0 && this.starting[0]!.at <= second) this.instances += this.starting.shift()!.count;
    return this.instances;
  }

  public scale(second: number, backlog: number): void {
    const { minCapacity, maxCapacity, targetBacklogPerInstance: target } = this.endpoint;
    this.sinceOut += 1;
    this.sinceChange += 1;
    const desired = this.starting.reduce((sum, { count }) => sum + count, this.instances);
    this.minutesWithoutCapacity = this.instances === 0 && backlog > 0 ? this.minutesWithoutCapacity + 1 : 0;
    const perInstance = this.instances === 0 ? NaN : backlog / this.instances;
    this.minutesAbove = perInstance > target ? this.minutesAbove + 1 : 0;
    this.minutesBelow = perInstance < target * TRACKING_IN_BELOW ? this.minutesBelow + 1 : 0;

    if (this.minutesWithoutCapacity >= WAKE_AFTER_MINUTES && desired === 0) {
      this.start(second, 1);
    } else if (this.minutesAbove >= TRACKING_OUT_AFTER_MINUTES && this.sinceOut >= SCALE_OUT_COOLDOWN_MINUTES) {
      this.start(second, Math.min(maxCapacity, Math.ceil(backlog / target)) - desired);
    } else if (
      this.minutesBelow >= TRACKING_IN_AFTER_MINUTES &&
      this.sinceChange >= SCALE_IN_COOLDOWN_MINUTES &&
      this.starting.length === 0
    ) {
      const fewer = Math.max(minCapacity, Math.ceil(backlog / target));
      if (fewer < this.instances) this.sinceChange = 0;
      this.instances = Math.min(this.instances, fewer);
    }
  }

  private start(second: number, count: number): void {
    if (count <= 0) return;
    this.starting.push({ at: second + this.endpoint.startSeconds, count });
    this.sinceOut = this.sinceChange = 0;
  }
}
