/** Requests a day through request queue, invoker and endpoint, second by second. Nothing in it waits: it is arithmetic. */
export interface Scenario {
  /** Requests that arrive in a second. */
  readonly arrivals: (second: number) => number;
  readonly seconds: number;
  /** None: requests go to the endpoint as they arrive. */
  readonly requestQueue?: RequestQueue;
  readonly endpoint: Endpoint;
}

export interface RequestQueue {
  readonly batchSize: number;
  readonly maxConcurrency: number;
  readonly maxRequestsPerSecond: number;
  /** From a call of SageMaker to its answer. */
  readonly submitSeconds: number;
  /** None: the queue is always on. */
  readonly backPressure?: { readonly maxBacklog: number; readonly maxRequestAgeSeconds: number };
}

export interface Endpoint {
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly targetBacklogPerInstance: number;
  readonly concurrencyPerInstance: number;
  readonly modelSeconds: number;
  readonly requestTtlSeconds: number;
  /** From a decision to scale to an instance that serves: an estimate of the scenario, since AWS promises none. */
  readonly startSeconds: number;
}

/** How things stand at the end of a minute. */
export interface Minute {
  /** Requests that wait in the request queue. */
  readonly waiting: number;
  /** Requests in the endpoint's queue. */
  readonly backlog: number;
  /** The age of the oldest request in the endpoint's queue, in seconds. */
  readonly oldest: number;
  readonly instances: number;
  /** So far. */
  readonly arrived: number;
  readonly done: number;
  readonly expired: number;
}

/** What a request queue hands over in a second: its pace, or less where so many batches at once do not get that far. */
export function drainRate({ batchSize, maxConcurrency, maxRequestsPerSecond, submitSeconds }: RequestQueue): number {
  // The invoker submits ten messages of a batch at once
  const batchSeconds = submitSeconds * Math.ceil(batchSize / 10);
  return Math.min(maxRequestsPerSecond, (maxConcurrency * batchSize) / batchSeconds);
}

// As lib/async-inference-scaling.ts has them, which has them from AWS's page
const WAKE_AFTER_MINUTES = 2;
const SCALE_OUT_COOLDOWN_MINUTES = 5;
const SCALE_IN_COOLDOWN_MINUTES = 15;
// How target tracking goes about it, which AWS does not promise
const TRACKING_OUT_AFTER_MINUTES = 3;
const TRACKING_IN_AFTER_MINUTES = 15;
const TRACKING_IN_BELOW = 0.9;
/** From an alarm to a queue that is off or on: the event, the state machine, and the mapping's own change. An estimate. */
const TURN_SECONDS = 60;

export function simulate({ arrivals, seconds, requestQueue, endpoint }: Scenario): Minute[] {
  const waiting = new Cohorts();
  const backlog = new Cohorts();
  const fleet = new Fleet(endpoint);
  const valve = new Valve(requestQueue?.backPressure);
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
    // What a second does not make whole is kept for the next one
    drained = valve.isOpen(second) ? (drained % 1) + drain : 0;
    backlog.add(second, waiting.take(Math.floor(drained)));
    expired += backlog.takeOlderThan(second - endpoint.requestTtlSeconds);
    served = (served % 1) + (fleet.inService(second) * endpoint.concurrencyPerInstance) / endpoint.modelSeconds;
    done += backlog.take(Math.floor(served));
    most = { backlog: Math.max(most.backlog, backlog.size), oldest: Math.max(most.oldest, backlog.age(second)) };
    if (second % 60 !== 59) continue;
    valve.turn(second, most);
    fleet.scale(second, backlog.size);
    most = { backlog: 0, oldest: 0 };
    minutes.push({
      waiting: waiting.size,
      backlog: backlog.size,
      oldest: backlog.age(second),
      instances: fleet.inService(second),
      arrived,
      done,
      expired,
    });
  }
  return minutes;
}

/** Requests in the order of their coming, those of a second together. */
class Cohorts {
  public size = 0;
  private first = 0;
  private readonly cohorts: { readonly second: number; count: number }[] = [];

  public add(second: number, count: number): void {
    if (count > 0) this.cohorts.push({ second, count });
    this.size += count;
  }

  public take(most: number): number {
    let taken = 0;
    while (taken < most && this.first < this.cohorts.length) {
      const cohort = this.cohorts[this.first]!;
      const count = Math.min(most - taken, cohort.count);
      cohort.count -= count;
      taken += count;
      if (cohort.count === 0) this.first += 1;
    }
    this.size -= taken;
    return taken;
  }

  public takeOlderThan(second: number): number {
    let taken = 0;
    while (this.first < this.cohorts.length && this.cohorts[this.first]!.second < second)
      taken += this.take(this.cohorts[this.first]!.count);
    return taken;
  }

  public age(second: number): number {
    return this.first < this.cohorts.length ? second - this.cohorts[this.first]!.second : 0;
  }
}

/** Off while one of two alarms is: the larger of a minute is above its limit. */
class Valve {
  private open = true;
  private turnsAt?: number;

  constructor(private readonly limits: RequestQueue['backPressure']) {}

  public isOpen(second: number): boolean {
    if (this.turnsAt === second) this.open = !this.open;
    return this.open;
  }

  public turn(second: number, { backlog, oldest }: { readonly backlog: number; readonly oldest: number }): void {
    if (!this.limits) return;
    const open = backlog <= this.limits.maxBacklog && oldest <= this.limits.maxRequestAgeSeconds;
    this.turnsAt = open === this.open ? undefined : second + TURN_SECONDS;
  }
}

/** Instances by target tracking of the backlog per instance, and by the alarm that wakes them from zero. */
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
