// Bursts that find no instance, against an oracle.
import { defaultTarget } from '../lib/scaling/capacity';
import { awsExampleScaling, fixedBound } from './baselines';
import { queuePolicy, scalingPolicy } from './control-loop';
import type { Scenario } from './simulation';
import { simulate } from './simulation';

export interface Burst {
  readonly requests: number;
  readonly processingTime: number;
  readonly concurrency: number;
  readonly maxCapacity: number;
  /** How long an instance takes to start. */
  readonly startTime: number;
}

/** How long a burst takes from its first request, and what it costs. */
export interface Completion {
  readonly seconds: number;
  readonly instanceSeconds: number;
  readonly expired: number;
}

/** An oracle starts instances at the first request: as many as the target asks for, or as many as shorten the time. */
export type Way = 'oracle' | 'fastest oracle' | 'direct' | 'queue' | 'direct, AWS example' | 'queue, fixed bound';

/** Work for more than two days is left out. */
const LONGEST_WORK_SECONDS = 172_800;

const workSeconds = ({ requests, processingTime, concurrency, maxCapacity }: Burst) =>
  (requests * processingTime) / concurrency / Math.min(maxCapacity, Math.ceil(requests / defaultTarget(concurrency)));

export const BURSTS: readonly Burst[] = [10, 100, 1_000, 10_000]
  .flatMap((requests) =>
    [1, 10, 60, 300].flatMap((processingTime) =>
      [1, 4].flatMap((concurrency) =>
        [1, 5, 20, 50].flatMap((maxCapacity) =>
          [180, 420, 900].map((startTime) => ({ requests, processingTime, concurrency, maxCapacity, startTime })),
        ),
      ),
    ),
  )
  .filter((burst) => workSeconds(burst) <= LONGEST_WORK_SECONDS);

const TTL = 21_600;
/** The endpoint is idle before the burst, and the burst takes a minute. */
const IDLE_SECONDS = 1_800;
const BURST_SECONDS = 60;
const STEP_SECONDS = 5;
/** The time in which an idle fleet certainly scales to zero. */
const SCALE_IN_SECONDS = 7_200;
/** A burst may begin at any second of a minute, since metrics count minutes. */
const OFFSETS = [5, 30, 55];

export function complete(burst: Burst, way: Way, metricDelay: readonly [number, number], seed: number): Completion {
  const { requests, processingTime, concurrency, maxCapacity, startTime } = burst;
  const start = IDLE_SECONDS + OFFSETS[seed % OFFSETS.length]!;
  const arrived = (second: number) =>
    Math.floor((requests * Math.min(BURST_SECONDS, Math.max(0, second - start))) / BURST_SECONDS);
  const target = defaultTarget(concurrency);
  const size = { minCapacity: 0, maxCapacity, targetBacklogPerInstance: target };
  const workload = { ttl: TTL, startTime: Math.max(600, startTime), processingTime, concurrency };
  const ownScaling = scalingPolicy(size, way === 'queue' ? 1 : 0, TTL);
  const ways: Readonly<Record<Way, Partial<Scenario>>> = {
    oracle: { wishes: [{ second: start, capacity: Math.ceil(requests / target) }] },
    'fastest oracle': { wishes: [{ second: start, capacity: fastest(burst) }] },
    direct: {},
    queue: { requestQueue: queuePolicy(workload, maxCapacity) },
    'direct, AWS example': { scaling: awsExampleScaling(0, maxCapacity) },
    'queue, fixed bound': { scaling: awsExampleScaling(0, maxCapacity), requestQueue: fixedBound(10, 1_000, TTL) },
  };
  const shortest = start + startTime + 1.2 * workSeconds(burst);
  for (let seconds = shortest + SCALE_IN_SECONDS; ; seconds *= 2) {
    const { doneAt, instanceSeconds, expired } = simulate({
      seed,
      seconds: Math.ceil(seconds / 60) * 60,
      stepSeconds: STEP_SECONDS,
      arrivals: (from, to) => arrived(to) - arrived(from),
      model: { seconds: processingTime, variation: 0 },
      // Whoever submits all at once must not lose what expires, or the times would not compare.
      ttl: way.startsWith('queue') ? TTL : Infinity,
      concurrency,
      scaling: ownScaling,
      ...ways[way],
      aws: { metricDelay, startSeconds: [startTime, startTime], switchSeconds: [10, 60] },
    });
    if (doneAt !== undefined && doneAt + SCALE_IN_SECONDS <= seconds)
      return { seconds: doneAt - start, instanceSeconds, expired };
  }
}

/** The fewest instances that complete a burst as soon as the whole fleet would. */
function fastest({ requests, processingTime, concurrency, maxCapacity }: Burst): number {
  const seconds = (instances: number) =>
    Math.max(BURST_SECONDS, Math.ceil(requests / (instances * concurrency)) * processingTime);
  let instances = 1;
  while (instances < maxCapacity && seconds(instances) > seconds(maxCapacity)) instances += 1;
  return instances;
}
