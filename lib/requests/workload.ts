import type { ValidationError } from '../shared/validation';

/** What the limits of a request queue are computed from. All times are in seconds. */
export interface Workload {
  /** How long a request may wait at the endpoint before it expires. */
  readonly ttl: number;
  /** From the decision to start an instance to the instance in service. */
  readonly startTime: number;
  /** How long the model takes to process a request on average. */
  readonly processingTime: number;
  /** How many requests an instance processes at the same time. */
  readonly concurrency: number;
}

/** How much a request queue gives to each instance in service. */
export interface InstanceLimits {
  /** The number of requests above which the queue is disabled. */
  readonly maxBacklog: number;
  readonly requestsPerSecond: number;
}

/**
 * The longest time from a change at the endpoint to a queue that is paced accordingly. An estimate: a metric is up to four minutes
 * late and has a period of one minute, some runs of the workflow may be lost, and an event source mapping may change slowly.
 */
export const REACTION_SECONDS = 720;

/** The longest time from a request without an instance to the decision to start one. An estimate. */
const WAKE_SECONDS = 300;

/** The work that each instance has when the queue is disabled. With less, it would be idle before the queue is enabled again. */
const MIN_WORK_SECONDS = 900;

/** With the lower bound, a fleet that is three times as fast as expected is busy. The upper bound limits a mistake of the loop. */
const PACE_FACTOR = { min: 3.2, max: 8 };

/**
 * How much faster the queue is drained than the instances in service are expected to work. The part above 1 grows the backlog until
 * the queue reacts. Half of the TTL is reserved for that.
 */
export function paceFactor({ ttl }: Pick<Workload, 'ttl'>): number {
  return Math.min(PACE_FACTOR.max, Math.max(PACE_FACTOR.min, 1 + ttl / 2 / REACTION_SECONDS));
}

/** The limits that make the best of a TTL. */
export function instanceLimits(workload: Workload): InstanceLimits {
  const { ttl, startTime, processingTime, concurrency } = workload;
  const factor = paceFactor(workload);
  const workSeconds = Math.min(ttl / 2, ttl - growthSeconds(factor)) - startTime;
  return {
    maxBacklog: Math.floor((workSeconds * concurrency) / processingTime),
    requestsPerSecond: (factor * concurrency) / processingTime,
  };
}

/** The work, in seconds, that the backlog of an instance grows by until the queue reacts. */
function growthSeconds(factor: number): number {
  return Math.max(0, factor - 1) * REACTION_SECONDS;
}

/**
 * Checks that each request is started within its TTL, and that the instances have enough work.
 *
 * @param rateOfOthers the requests per second and instance of other request queues of the endpoint
 */
export function workloadErrors(workload: Workload, limits: InstanceLimits, rateOfOthers = 0): ValidationError[] {
  const { ttl, startTime, processingTime, concurrency } = workload;
  if (ttl < WAKE_SECONDS + startTime) {
    return [
      `the request TTL of ${ttl} seconds must be at least ${WAKE_SECONDS + startTime}: a request that finds no instance waits up to ` +
        `${WAKE_SECONDS} seconds for the decision to start one, and instanceStartTime is ${startTime}. ` +
        'Raise the TTL, or reduce instanceStartTime if instances start faster',
    ];
  }
  const workSeconds = (limits.maxBacklog * processingTime) / concurrency;
  const requestsPerSecond = limits.requestsPerSecond + rateOfOthers;
  const growth = growthSeconds((requestsPerSecond * processingTime) / concurrency);
  const sum =
    `${startTime} (instanceStartTime) + ${digits(workSeconds)} (a backlog of ${limits.maxBacklog} × ${processingTime} ÷ ` +
    `${concurrency} at a time) + ${digits(growth)} (growth until the queue is disabled, at ${digits(requestsPerSecond)} ` +
    `requests per second${rateOfOthers > 0 ? ' of all request queues of the endpoint' : ''}) = ${digits(startTime + workSeconds + growth)} seconds`;
  const remedies =
    'Raise the TTL, process more requests at a time, or reduce expectedProcessingTime' +
    (rateOfOthers > 0
      ? ', instanceStartTime or maxRequestsPerSecondPerInstance of each queue'
      : ' or instanceStartTime');
  // What an instance processes, and as much that waits for it.
  const needed = Math.max(MIN_WORK_SECONDS, 2 * processingTime);
  if (limits.maxBacklog < 1) {
    return [
      `of a request TTL of ${ttl} seconds, ${startTime} (instanceStartTime) and ${digits(growth)} (growth until the queue is disabled, at ` +
        `${digits(requestsPerSecond)} requests per second) leave no time for a backlog. ${remedies}`,
    ];
  }
  return [
    startTime + workSeconds + growth > ttl
      ? `requests of each instance may wait for longer than the request TTL of ${ttl} seconds: ${sum}. ${remedies}`
      : undefined,
    // A backlog of whole requests may be less than the work by a part of one.
    workSeconds + processingTime / concurrency <= needed
      ? `the backlog of each instance must be at least ${digits(needed)} seconds of work, or the instance is idle while the queue is ` +
        `disabled: ${sum}, within a request TTL of ${ttl} seconds. ${remedies}`
      : undefined,
  ];
}

const digits = (value: number): number => Number(value.toPrecision(4));
