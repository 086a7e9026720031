import type { Pace } from './pace';
import { MAPPING_CONCURRENCY } from './pace';
import type { InstanceLimits, Workload } from './workload';

/** What the back-pressure workflow decides by. */
export interface BackPressurePolicy {
  /** The number of requests per instance above which the queue is disabled. */
  readonly maxBacklog: number;
  /** The age of the oldest request at the endpoint above which the queue is disabled, in seconds. */
  readonly maxRequestAge: number;
  readonly invocationsPerInstance: number;
  /** While no metric is available, the queue is enabled for so many minutes of each cycle. */
  readonly blindMinutes: number;
  /** The length of this cycle, in minutes. */
  readonly blindCycleMinutes: number;
}

/** How old a metric may be, in minutes. */
export const METRIC_AGE_MINUTES = 6;

/** Enough for a change of the mapping to take effect. */
const BLIND_MINUTES = 3;

/** While no metric is available, the fleet gets less than half of the work that it is expected to do. */
const BLIND_PART = 0.4;

export function backPressurePolicy(
  { ttl, processingTime, concurrency }: Workload,
  { maxBacklog, requestsPerSecond }: InstanceLimits,
  { invocationsPerInstance }: Pace,
): BackPressurePolicy {
  const factor = Math.max(1, (requestsPerSecond * processingTime) / concurrency);
  return {
    maxBacklog,
    maxRequestAge: Math.floor(ttl / 2),
    invocationsPerInstance,
    blindMinutes: BLIND_MINUTES,
    blindCycleMinutes: Math.ceil((BLIND_MINUTES * factor) / BLIND_PART),
  };
}

/**
 * The state that the mapping should have, in JSONata, as `{ Enabled, Concurrency }`. The input has what could be read:
 * `Instances` and `DesiredInstances` of the endpoint, and the newest values of the metrics `Backlog`, `Age` and `Unserved`.
 *
 * - If the endpoint cannot be read, no message is received.
 * - Without instances, the queue is enabled if the endpoint has no request and no instance is starting. The first request starts
 *   one. All others are safer in the queue.
 * - With instances, the newest backlog is compared with the instances that are in service now.
 * - If no metric is available, the backlog is not known. The queue is enabled for a part of the time, without instances as well, because
 *   the endpoint may publish no metric then.
 */
export function wantedState(policy: BackPressurePolicy): string {
  const { maxBacklog, maxRequestAge, invocationsPerInstance, blindMinutes, blindCycleMinutes } = policy;
  return `(
    $read := $states.input;
    $backlog := $exists($read.Backlog) ? $read.Backlog : 0;
    $isBlind := $not($exists($read.Backlog) or $exists($read.Unserved));
    $isWaiting := $backlog > 0 or ($exists($read.Unserved) ? $read.Unserved > 0 : false);
    {
      'Enabled': $not($exists($read.Instances)) ? false
        : $read.Instances = 0 and ($read.DesiredInstances > 0 or $isWaiting) ? false
        : $isBlind ? $floor($millis() / 60000) % ${blindCycleMinutes} < ${blindMinutes}
        : $read.Instances = 0 ? true
        : $backlog <= ${maxBacklog} * $read.Instances and ($exists($read.Age) ? $read.Age <= ${maxRequestAge} : true),
      'Concurrency': $min([${MAPPING_CONCURRENCY.max}, ${invocationsPerInstance} * $max([1, $exists($read.Instances) ? $read.Instances : 1])])
    }
  )`;
}
