// What the control loop is compared with.
import { MAX_RECEIVE_COUNT } from '../lib/contract/request-queue';
import { SCALING_DEFAULTS } from '../lib/scaling/capacity';
import type { ScalingPolicy } from './simulated-fleet';
import type { QueuePolicy } from './simulated-queue';

/**
 * The policies of AWS's page: target tracking of the backlog per instance with a target of 5, and one instance more while the
 * backlog has no instance.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
export function awsExampleScaling(minCapacity: number, maxCapacity: number): ScalingPolicy {
  return {
    minCapacity,
    maxCapacity,
    ...SCALING_DEFAULTS,
    targetBacklogPerInstance: 5,
    tracked: 'backlogPerInstance',
    wake: {
      demand: 'unserved',
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      capacityFor: (_, desired) => desired + 1,
      cooldownSeconds: 300,
    },
  };
}

/** A queue that is drained at the same pace whatever the endpoint does. */
export const alwaysEnabled = (requestsPerSecond: number): QueuePolicy => ({
  intervalSeconds: 2 / requestsPerSecond,
  initialConcurrency: 2,
  maxReceiveCount: MAX_RECEIVE_COUNT,
});

/** The same, disabled while the whole endpoint has more than a number of requests, or one that is older than half the TTL. */
export const fixedBound = (requestsPerSecond: number, maxBacklog: number, ttl: number): QueuePolicy => ({
  ...alwaysEnabled(requestsPerSecond),
  decide: ({ backlog = 0, age = 0 }) => ({ enabled: backlog <= maxBacklog && age <= ttl / 2, concurrency: 2 }),
});
