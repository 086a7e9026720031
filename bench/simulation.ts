// One simulator for documentation, benchmarks and tests: a request queue and its workflow, an endpoint and its scaling, and what
// AWS does to them. It is arithmetic in steps of some seconds. Nothing in it waits.
import { REACTION_SECONDS } from '../lib/requests/workload';
import { CapacityLedger } from './capacity-ledger';
import { between, randomFrom } from './random';
import { Saturation } from './saturation';
import type { SimulatedModel } from './simulated-endpoint';
import { SimulatedEndpoint } from './simulated-endpoint';
import type { CapacityBehavior, ScalingPolicy } from './simulated-fleet';
import { SimulatedFleet } from './simulated-fleet';
import type { MetricName } from './simulated-metrics';
import { SimulatedMetrics } from './simulated-metrics';
import type { QueueBehavior, QueuePolicy } from './simulated-queue';
import { SimulatedMapping, SimulatedQueue } from './simulated-queue';

// Jest looks up a global slowly, and this runs millions of times.
const { ceil, floor, max } = Math;
const ALL = Infinity;

/** A time in which something is different, in seconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What AWS does. */
export interface AwsBehavior extends CapacityBehavior, QueueBehavior {
  /** How late a metric is, in seconds. */
  readonly metricDelay: readonly [number, number];
  /** Times of which no metric is ever published: none of the endpoint, or none of the queue. */
  readonly gaps: readonly (Interval & { readonly of: 'endpoint' | 'queue' })[];
  /** The metrics of an endpoint without instances: all, HasBacklogWithoutCapacity, or that only while it is 1. */
  readonly metricsAtZero: 'all' | 'unserved' | 'unserved when 1';
  /** Times in which a part of the requests fails. The endpoint may also be gone, and comes back empty. */
  readonly failures: readonly (Interval & { readonly rate: number; readonly isGone?: boolean })[];
}

/** AWS on a good day. */
export const GOOD_DAY: AwsBehavior = {
  startSeconds: [300, 300],
  available: () => ALL,
  losses: [],
  wakePolicyWorks: true,
  tracksFromZero: 'all',
  lostRuns: 0,
  switchSeconds: [20, 20],
  failedSwitches: 0,
  metricDelay: [60, 60],
  gaps: [],
  metricsAtZero: 'all',
  failures: [],
};

export interface Scenario {
  readonly seed?: number;
  readonly seconds: number;
  /** A divisor of 60. */
  readonly stepSeconds?: number;
  /** Requests that arrive from a second until another one. */
  readonly arrivals: (from: number, to: number) => number;
  readonly model: SimulatedModel;
  /** How long a request may wait at the endpoint, in seconds. */
  readonly ttl: number;
  /** How many requests an instance processes at the same time. */
  readonly concurrency: number;
  readonly scaling: ScalingPolicy;
  /** Without a queue, requests go to the endpoint as they arrive. */
  readonly requestQueue?: QueuePolicy;
  /** The part of the TTL that is reserved for the start of an instance, in seconds. */
  readonly startTime?: number;
  readonly aws?: Partial<AwsBehavior>;
  /** Capacities that are set by somebody who knows the demand. */
  readonly wishes?: readonly { readonly second: number; readonly capacity: number }[];
}

/** The state at the end of a minute. */
export interface Minute {
  /** Requests in the request queue. */
  readonly waiting: number;
  /** Requests at the endpoint. */
  readonly backlog: number;
  /** The age of the oldest request that waits at the endpoint, in seconds. */
  readonly oldest: number;
  readonly instances: number;
  /** So far. */
  readonly arrived: number;
  readonly done: number;
  readonly expired: number;
}

export interface Result {
  readonly minutes: readonly Minute[];
  readonly arrived: number;
  readonly done: number;
  readonly expired: number;
  /** Requests that expired and that the capacity within their TTL would have served. */
  readonly expiredNeedlessly: number;
  /** Requests that the endpoint had when it was deleted. */
  readonly deleted: number;
  readonly deadLetters: number;
  /** When the last request was done, in seconds. Undefined if some are left. */
  readonly doneAt?: number;
  readonly instanceSeconds: number;
  /** Each change of the instances that are asked for, or in service. */
  readonly capacity: readonly { readonly second: number; readonly desired: number; readonly inService: number }[];
  /** While enough messages waited, without failures or gaps: for how long, the requests that the fleet could process, and its busy part. */
  readonly saturated: { readonly seconds: number; readonly requests: number; readonly busy: number };
  /** The longest time in which work waited, nothing prevented it, and none was done, in seconds. */
  readonly longestStall: number;
}

/** How long messages may be hidden after a failure, and metrics be late after a gap. */
const AFTERMATH_SECONDS = 900;

export function simulate(scenario: Scenario): Result {
  const aws: AwsBehavior = { ...GOOD_DAY, ...scenario.aws };
  const { seconds, stepSeconds = 10, model, ttl, concurrency, scaling, requestQueue } = scenario;
  const { startTime = 0, wishes = [] } = scenario;
  const random = randomFrom(scenario.seed ?? 1);
  const steps = ceil(seconds / stepSeconds);
  const stepsPerMinute = 60 / stepSeconds;
  const ttlSteps = ceil(ttl / stepSeconds);
  const [scalingPhase, workflowPhase] = [random(), random()].map((phase) => floor(phase * stepsPerMinute));

  const queue = new SimulatedQueue(requestQueue?.maxReceiveCount ?? Infinity, stepSeconds);
  const mapping = requestQueue && new SimulatedMapping(requestQueue, aws, random);
  const endpoint = new SimulatedEndpoint(model, concurrency, stepSeconds, steps, random);
  const fleet = new SimulatedFleet(scaling, aws, random);
  const metrics = new SimulatedMetrics(ceil(steps / stepsPerMinute) + 1);
  const [tracked, demand] = [metrics.expression(scaling.tracked), metrics.expression(scaling.wake.demand)];
  const [endpointGaps, queueGaps] = ['endpoint', 'queue'].map((of) => aws.gaps.filter((gap) => gap.of === of));
  const ledger = new CapacityLedger(concurrency / model.seconds, {
    withInstances: ttl - startTime,
    withoutInstances: ttl - startTime - REACTION_SECONDS,
  });
  const saturation = new Saturation();

  const minutes: Minute[] = [];
  const capacity: Result['capacity'][number][] = [];
  const total = { arrived: 0, done: 0, expired: 0, expiredNeedlessly: 0, deleted: 0, deadLetters: 0 };
  let doneAt: number | undefined;
  let [instanceSeconds, lastProgress, longestStall, unserved] = [0, 0, 0, 0];
  let isGone = false;

  const submit = (step: number, count: number) => {
    if (count === 0) return;
    const hasJustLost = step * stepSeconds < fleet.lostAt + REACTION_SECONDS;
    ledger.promise(endpoint.submit(step, count), fleet.inService, hasJustLost);
  };

  for (let step = 0; step < steps; step += 1) {
    const second = step * stepSeconds;
    const failure = aws.failures.find(({ from, to }) => second >= from && second < to);
    if ((failure?.isGone ?? false) !== isGone) {
      isGone = !isGone;
      if (isGone) total.deleted += endpoint.clear();
      if (isGone) fleet.delete();
      else fleet.create(second);
    }
    fleet.advance(second);
    const { desired, inService } = fleet;
    const previous = capacity.at(-1);
    if (desired !== previous?.desired || inService !== previous.inService)
      capacity.push({ second, desired, inService });

    const coming = scenario.arrivals(second, second + stepSeconds);
    total.arrived += coming;
    let moved = 0;
    if (mapping) {
      queue.add(coming);
      mapping.advance(second);
      const most = mapping.take(stepSeconds, queue.visible);
      const { accepted, deadLetters } = queue.receive(step, most, failure?.rate ?? 0);
      moved = accepted;
      total.deadLetters += deadLetters;
    }
    submit(step, mapping ? moved : coming);

    endpoint.expire(step - ttlSteps, (count, group) => {
      total.expired += count;
      if (ledger.isNeedless(group)) total.expiredNeedlessly += count;
    });
    const finished = endpoint.work(step, fleet.inService);
    total.done += finished;
    const isBlind = isIn(endpointGaps!, second);
    const isShort = fleet.lost > 0 || isGone || isBlind || aws.available(second) < scaling.maxCapacity;
    ledger.add(fleet.inService, stepSeconds, isShort);
    instanceSeconds += fleet.billed(second) * stepSeconds;
    const left = queue.size + endpoint.backlog;
    doneAt = left > 0 ? undefined : (doneAt ?? second + stepSeconds);

    const isQuiet = !isIn(aws.failures, second, AFTERMATH_SECONDS) && !isIn(aws.gaps, second, AFTERMATH_SECONDS);
    const enough = (fleet.inService * concurrency * max(model.seconds, REACTION_SECONDS)) / model.seconds;
    const { places, busy } = endpoint;
    saturation.add(second, stepSeconds, fleet.inService, {
      isSaturated: isQuiet && queue.visible >= enough,
      places,
      busy,
    });
    const works = finished > 0 || endpoint.inProgress > 0 || moved > 0;
    if (works || !isQuiet || left === 0 || aws.available(second) === 0) lastProgress = second;
    longestStall = max(longestStall, second - lastProgress);

    if (fleet.inService === 0 && endpoint.backlog > 0) unserved = 1;
    if (step % stepsPerMinute === stepsPerMinute - 1) {
      const oldest = (step - endpoint.oldest(step)) * stepSeconds;
      const publish = (name: MetricName, value: number) => {
        metrics.publish(name, minutes.length, value, second + stepSeconds + between(random, ...aws.metricDelay));
      };
      if (!isGone && !isBlind) {
        if (fleet.inService > 0 || aws.metricsAtZero === 'all') {
          publish('backlog', endpoint.backlog);
          publish('backlogPerInstance', endpoint.backlog / max(1, fleet.inService));
          publish('age', oldest);
        }
        if (unserved === 1 || aws.metricsAtZero !== 'unserved when 1') publish('unserved', unserved);
      }
      if (mapping && !isIn(queueGaps!, second)) publish('demand0', queue.visible);
      unserved = 0;
      const { arrived, done, expired } = total;
      const { backlog } = endpoint;
      minutes.push({ waiting: queue.size, backlog, oldest, instances: inService, arrived, done, expired });
    }

    const newestMinute = floor(step / stepsPerMinute) - 1;
    for (const wish of wishes) {
      if (wish.second >= second && wish.second < second + stepSeconds) fleet.setCapacity(second, wish.capacity);
    }
    if (step % stepsPerMinute === scalingPhase) fleet.scale(second, newestMinute, tracked(second), demand(second));
    if (!mapping || !requestQueue?.decide) continue;
    if (step % stepsPerMinute === workflowPhase) mapping.start(second);
    mapping.run(second, () => ({
      second,
      instances: isGone ? undefined : fleet.inService,
      desired: fleet.desired,
      backlog: metrics.newest('backlog', newestMinute, second),
      age: metrics.newest('age', newestMinute, second),
      unserved: metrics.newest('unserved', newestMinute, second),
    }));
  }
  return {
    ...total,
    minutes,
    capacity,
    doneAt,
    instanceSeconds,
    saturated: {
      seconds: saturation.seconds,
      requests: saturation.placeSeconds / model.seconds,
      busy: saturation.busy,
    },
    longestStall,
  };
}

const isIn = (intervals: readonly Interval[], second: number, aftermath = 0): boolean =>
  intervals.some(({ from, to }) => second >= from && second < to + aftermath);
