// Random histories of request queues that synth accepts, with every failure that AWS is known or suspected to have.
import type { Workload } from '../lib/requests/workload';
import { instanceLimits, workloadErrors } from '../lib/requests/workload';
import { defaultTarget } from '../lib/scaling/capacity';
import { queuePolicy, scalingPolicy } from './control-loop';
import type { Random } from './random';
import { between, integerBetween, logBetween, oneOf, randomFrom } from './random';
import type { AwsBehavior, Interval, Result, Scenario } from './simulation';
import { simulate } from './simulation';

// Jest looks up a global slowly, and this runs millions of times.
const { ceil, floor, min, round } = Math;
const ALL = Infinity;

const HOUR = 3_600;

/** An event source mapping submits no more than that, with 1,000 invocations at a time. */
const MOST_REQUESTS_PER_SECOND = 40_000;

/** A history, and what the criteria need to know about it. */
export interface History {
  readonly scenario: Scenario;
  readonly workload: Workload;
  /** The mean time of a request as a part of the expected time. */
  readonly meanRatio: number;
}

/** The same history for the same seed. */
export function historyOf(seed: number): History {
  const random = randomFrom(seed);
  const { workload, maxCapacity, meanRatio } = fleetOf(random);
  const capacity = (maxCapacity * workload.concurrency) / workload.processingTime / meanRatio;
  const { ttl, processingTime, concurrency, startTime } = workload;
  const minCapacity = random() < 0.8 ? 0 : integerBetween(random, 1, maxCapacity);
  const model = { seconds: processingTime * meanRatio, variation: oneOf(random, [0, 0.3, 0.9]) };
  const seconds = integerBetween(random, 8, 30) * HOUR;
  return {
    workload,
    meanRatio,
    scenario: {
      seed,
      seconds,
      arrivals: arrivalsOf(random, capacity, seconds),
      model,
      ttl,
      startTime,
      concurrency,
      scaling: scalingPolicy(
        {
          minCapacity,
          maxCapacity,
          targetBacklogPerInstance: min(defaultTarget(concurrency), instanceLimits(workload).maxBacklog),
        },
        1,
        ttl,
      ),
      requestQueue: queuePolicy(workload, maxCapacity),
      aws: behaviorOf(random, seconds, maxCapacity, startTime),
    },
  };
}

/** A workload, the fleet for it, and how its mean time compares with the expected one. */
function fleetOf(random: Random) {
  for (;;) {
    const workload = workloadOf(random);
    const maxCapacity = round(logBetween(random, 1, 50));
    const meanRatio = oneOf(random, [1, 1, 1, 0.5, 0.25, between(random, 0.05, 1)]);
    if ((maxCapacity * workload.concurrency) / workload.processingTime / meanRatio <= MOST_REQUESTS_PER_SECOND)
      return { workload, maxCapacity, meanRatio };
  }
}

/** Both ranges that synth must accept, and whatever else it does. */
function workloadOf(random: Random): Workload {
  const concurrency = random() < 0.4 ? 1 : round(logBetween(random, 1, 100));
  for (;;) {
    const workload: Workload = oneOf(random, [
      () => ({
        ttl: between(random, 1, 6) * HOUR,
        startTime: between(random, 60, 600),
        processingTime: logBetween(random, 0.1, 300),
      }),
      () => ({ ttl: HOUR, startTime: 600, processingTime: 300 }),
      () => ({ ttl: 6 * HOUR, startTime: between(random, 60, 1_800), processingTime: logBetween(random, 1, 900) }),
      () => ({
        ttl: logBetween(random, 900, 6 * HOUR),
        startTime: between(random, 60, 3_600),
        processingTime: logBetween(random, 1, 3_600),
      }),
    ])() as Workload;
    const candidate = { ...workload, ttl: floor(workload.ttl / 60) * 60, concurrency };
    if (workloadErrors(candidate, instanceLimits(candidate)).every((error) => error === undefined)) return candidate;
  }
}

/** Requests by time: one flood, bursts with nothing in between, a steady load, or all of them. */
function arrivalsOf(random: Random, capacity: number, seconds: number): Scenario['arrivals'] {
  const kind = oneOf(random, ['flood', 'bursts', 'steady', 'mixed']);
  const steady = kind === 'steady' || kind === 'mixed' ? capacity * logBetween(random, 0.01, 1.5) : 0;
  const bursts: { readonly at: number; readonly count: number }[] = [];
  if (kind === 'flood') bursts.push({ at: 0, count: ceil(capacity * seconds * 1.2) });
  if (kind === 'bursts' || kind === 'mixed') {
    for (let count = integerBetween(random, 1, 6); count > 0; count -= 1)
      bursts.push({
        at: floor(random() * seconds * 0.8),
        count: ceil(capacity * logBetween(random, 1, 0.3 * seconds)),
      });
  }
  let remainder = 0;
  return (from, to) => {
    const exact = steady * (to - from) + remainder;
    remainder = exact % 1;
    let count = floor(exact);
    for (const burst of bursts) if (burst.at >= from && burst.at < to) count += burst.count;
    return count;
  };
}

function intervals(random: Random, seconds: number, most: number, longest: number): Interval[] {
  return Array.from({ length: integerBetween(random, 1, most) }, () => {
    const from = floor(random() * seconds * 0.8);
    return { from, to: from + ceil(logBetween(random, 60, longest)) };
  }).sort((a, b) => a.from - b.from);
}

function behaviorOf(random: Random, seconds: number, maxCapacity: number, startTime: number): Partial<AwsBehavior> {
  const sometimes = (part: number) => random() < part;
  const shortages = sometimes(0.4)
    ? intervals(random, seconds, 4, seconds).map((interval) => ({
        ...interval,
        most: floor(random() * maxCapacity * 0.8),
      }))
    : [];
  const fastest = between(random, 20, 240);
  const fastestSwitch = between(random, 5, 60);
  return {
    metricDelay: sometimes(0.3) ? [20, 60] : [fastest, between(random, fastest, 240)],
    switchSeconds: [fastestSwitch, between(random, fastestSwitch, 95)],
    failedSwitches: sometimes(0.5) ? between(random, 0, 0.5) : 0,
    lostRuns: sometimes(0.5) ? between(random, 0, 0.3) : 0,
    metricsAtZero: oneOf(random, ['all', 'unserved', 'unserved when 1'] as const),
    gaps: sometimes(0.3)
      ? intervals(random, seconds, 3, 4 * HOUR).flatMap((gap) =>
          oneOf(random, [['endpoint'], ['queue'], ['endpoint', 'queue']] as const).map((of) => ({ ...gap, of })),
        )
      : [],
    failures: sometimes(0.4)
      ? intervals(random, seconds, 3, 5 * HOUR).map((interval) => ({
          ...interval,
          ...oneOf(random, [{ rate: 1 }, { rate: 1, isGone: true }, { rate: between(random, 0.05, 0.7) }]),
        }))
      : [],
    startSeconds: [startTime * between(random, 0.3, 0.9), startTime],
    available: (second) => {
      let least = ALL;
      for (const { from, to, most } of shortages) if (second >= from && second < to && most < least) least = most;
      return least;
    },
    losses: sometimes(0.2)
      ? intervals(random, seconds, 3, 60).map(({ from }) => ({
          second: from,
          instances: integerBetween(random, 1, maxCapacity),
        }))
      : [],
    wakePolicyWorks: sometimes(0.8),
    tracksFromZero: sometimes(0.5) ? 'one' : 'all',
  };
}

/** Work may wait for so long beside the start of an instance: for late metrics, alarms, and a change that follows another one. */
const LONGEST_STALL_SECONDS = 3_600;

/** The busy part of a fleet is judged after so long, and by so many requests, since chance makes some shorter and some longer. */
const LEAST_SATURATION = { seconds: 2 * HOUR, requests: 300 };

/** What a history did that no request queue should do. */
export function violations({ workload, meanRatio }: History, result: Result): string[] {
  const { expiredNeedlessly, deadLetters, longestStall, saturated } = result;
  const leastBusy = meanRatio === 1 ? 0.95 : meanRatio >= 0.25 ? 0.75 : 0;
  return [
    ...(expiredNeedlessly > 0 ? [`${expiredNeedlessly} requests expired that the capacity would have served`] : []),
    ...(deadLetters > 0 ? [`${deadLetters} messages that could have succeeded are in the dead-letter queue`] : []),
    ...(longestStall > LONGEST_STALL_SECONDS + workload.startTime
      ? [`work waited for ${longestStall} seconds without a reason`]
      : []),
    ...(saturated.seconds >= LEAST_SATURATION.seconds &&
    saturated.requests >= LEAST_SATURATION.requests &&
    saturated.busy < leastBusy
      ? [`${floor(saturated.busy * 1_000) / 10} % of the fleet was busy while messages waited`]
      : []),
  ];
}

/** The violations of each history that has any. */
export function violationsOf(
  seeds: readonly number[],
  change: (history: History) => Scenario = ({ scenario }) => scenario,
) {
  return seeds.flatMap((seed) => {
    const history = historyOf(seed);
    const found = violations(history, simulate(change(history)));
    return found.length > 0 ? [{ seed, found }] : [];
  });
}
