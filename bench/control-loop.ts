// The policies that the constructs deploy, in the form that the simulator takes.
import { MAX_RECEIVE_COUNT } from '../lib/contract/request-queue';
import { backPressurePolicy } from '../lib/requests/back-pressure-policy';
import { mappingConcurrency, paceOf } from '../lib/requests/pace';
import type { Workload } from '../lib/requests/workload';
import { instanceLimits } from '../lib/requests/workload';
import { SCALING_DEFAULTS } from '../lib/scaling/capacity';
import { trackedDemand, wakeDemand } from '../lib/scaling/demand';
import { WAKE_ALARM, capacityFor, wakeSteps } from '../lib/scaling/wake-steps';
import type { ScalingPolicy } from './simulated-fleet';
import type { MappingState, QueuePolicy, Reading } from './simulated-queue';

// Jest looks up a global slowly, and this runs millions of times.
const { floor } = Math;

export interface FleetSize {
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly targetBacklogPerInstance: number;
}

/** How the scaling of an endpoint works, with a number of metrics that add to its demand. */
export function scalingPolicy(size: FleetSize, demands: number, ttl: number): ScalingPolicy {
  const steps = wakeSteps(size.targetBacklogPerInstance, size.maxCapacity);
  return {
    ...size,
    ...SCALING_DEFAULTS,
    tracked: trackedDemand(size.targetBacklogPerInstance, demands, ttl),
    wake: { ...WAKE_ALARM, demand: wakeDemand(demands), capacityFor: (demand) => capacityFor(demand, steps) },
  };
}

/** How a request queue works. */
export function queuePolicy(workload: Workload, maxCapacity: number): QueuePolicy {
  const limits = instanceLimits(workload);
  const pace = paceOf(limits.requestsPerSecond, maxCapacity);
  const policy = backPressurePolicy(workload, limits, pace);
  return {
    intervalSeconds: pace.intervalSeconds,
    initialConcurrency: mappingConcurrency(pace, 1),
    maxReceiveCount: MAX_RECEIVE_COUNT,
    // What the expression in JSONata says, which is too slow for millions of runs. A test compares the two.
    decide: ({ second, instances, desired, backlog, age, unserved }: Reading): MappingState => {
      const concurrency = mappingConcurrency(pace, instances ?? 1);
      const isBlind = backlog === undefined && unserved === undefined;
      const isInWindow = floor(second / 60) % policy.blindCycleMinutes < policy.blindMinutes;
      let enabled = (backlog ?? 0) <= policy.maxBacklog * (instances ?? 0) && (age ?? 0) <= policy.maxRequestAge;
      if (instances === undefined) enabled = false;
      else if (instances === 0 && (desired > 0 || (backlog ?? 0) > 0 || (unserved ?? 0) > 0)) enabled = false;
      else if (isBlind) enabled = isInWindow;
      else if (instances === 0) enabled = true;
      return { enabled, concurrency };
    },
  };
}
