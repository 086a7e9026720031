/** What one invocation of the function submits in a second, with ten messages at a time. An estimate. */
const SUBMISSIONS_PER_SECOND = 50;

/** The longest time between two messages. An invocation waits for it, and Lambda limits an invocation to 15 minutes. */
const MAX_INTERVAL_SECONDS = 840;

/** The limits of MaximumConcurrency of an event source mapping. */
export const MAPPING_CONCURRENCY = { min: 2, max: 1_000 };

/** How a function limits a rate that is proportional to the instances in service. */
export interface Pace {
  /** Messages in one invocation. */
  readonly batchSize: number;
  /** Concurrent invocations for each instance in service. */
  readonly invocationsPerInstance: number;
  /** The least time between two messages of one execution environment. */
  readonly intervalSeconds: number;
}

/**
 * The pace for a number of requests per second and instance. Two invocations share the rate of one instance, because that is the
 * smallest concurrency of a mapping. More of them share it if two cannot submit as fast. If the largest concurrency does not reach
 * the rate for the whole fleet, the rate is lower.
 */
export function paceOf(requestsPerSecond: number, maxCapacity = 1): Pace {
  const most = Math.max(MAPPING_CONCURRENCY.min, Math.floor(MAPPING_CONCURRENCY.max / maxCapacity));
  const invocations = Math.max(MAPPING_CONCURRENCY.min, Math.ceil(requestsPerSecond / SUBMISSIONS_PER_SECOND));
  const invocationsPerInstance = Math.min(most, invocations);
  const intervalSeconds = Math.min(
    MAX_INTERVAL_SECONDS,
    Math.max(invocationsPerInstance / requestsPerSecond, 1 / SUBMISSIONS_PER_SECOND),
  );
  return {
    batchSize: Math.min(10, Math.max(1, Math.floor(1 / intervalSeconds))),
    invocationsPerInstance,
    intervalSeconds,
  };
}

/** The concurrency of the mapping for the instances in service. An endpoint without instances gets the pace of one. */
export function mappingConcurrency({ invocationsPerInstance }: Pace, instances: number): number {
  return Math.min(MAPPING_CONCURRENCY.max, invocationsPerInstance * Math.max(1, instances));
}
