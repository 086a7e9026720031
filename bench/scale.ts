// The figures of docs/scale.md: npm run bench:scale
import type { Pace } from '../lib/requests/pace';
import { paceOf } from '../lib/requests/pace';
import { instanceLimits } from '../lib/requests/workload';
import type { Workload } from '../lib/requests/workload';
import { defaultTarget } from '../lib/scaling/capacity';
import { alwaysEnabled, awsExampleScaling, fixedBound } from './baselines';
import { BURSTS, complete } from './bursts';
import type { Burst, Way } from './bursts';
import { chart } from './chart';
import { queuePolicy, scalingPolicy } from './control-loop';
import type { Minute, Result, Scenario } from './simulation';
import { simulate } from './simulation';
import { digits, toMarkdown } from './table';

const DAY = 86_400;
const write = (text: string) => process.stdout.write(`${text}\n\n`);
const whole = (value: number) => Math.round(value).toLocaleString('en-US');

/** What a number of requests per day needs, if the busiest hour has so many times the mean. */
export function demand(
  perDay: number,
  { peak = 2, submitSeconds = 0.02, batchSize = 10, modelSeconds = 1, concurrencyPerInstance = 10 } = {},
) {
  const perSecond = (perDay / DAY) * peak;
  return {
    perSecond,
    /** Concurrent invocations, each of which submits the messages of its batch at the same time. */
    functions: Math.max(2, Math.ceil((perSecond / batchSize) * submitSeconds)),
    instances: Math.ceil((perSecond * modelSeconds) / concurrencyPerInstance),
    /** Requests that the endpoint processes at the same time. */
    inFlight: Math.ceil(perSecond * modelSeconds),
  };
}

/** The GB-seconds of Lambda for a million requests that keep to a pace. Lambda charges for the time that an invocation waits. */
export const gigabyteSecondsPerMillion = ({ intervalSeconds }: Pick<Pace, 'intervalSeconds'>, gigabytes = 0.25) =>
  1_000_000 * intervalSeconds * gigabytes;

/** The requests to S3 that inline payloads save: a PUT and a GET each. The prices are those of S3 Standard in us-east-1. */
export const savedPerMillion = (put = 0.005, get = 0.0004) => (1_000_000 / 1_000) * (put + get);

/** More by day than by night, as a sine wave with `peak` times the mean at noon. */
export function daily(perDay: number, peak: number): (from: number, to: number) => number {
  const mean = perDay / DAY;
  const until = (second: number) =>
    Math.floor(mean * second - ((mean * (peak - 1) * DAY) / (2 * Math.PI)) * Math.sin((2 * Math.PI * second) / DAY));
  return (from, to) => until(to) - until(from);
}

const evenly = (count: number, seconds: number) => (from: number, to: number) =>
  Math.floor((count * Math.min(to, seconds)) / seconds) - Math.floor((count * Math.min(from, seconds)) / seconds);

/** A scenario with the request queue and the scaling that the constructs deploy. */
function deployed(workload: Workload, maxCapacity: number): Omit<Scenario, 'arrivals' | 'seconds'> {
  const { ttl, concurrency, processingTime } = workload;
  const size = { minCapacity: 0, maxCapacity, targetBacklogPerInstance: defaultTarget(concurrency) };
  return {
    model: { seconds: processingTime, variation: 0.3 },
    ttl,
    concurrency,
    scaling: scalingPolicy(size, 1, ttl),
    requestQueue: queuePolicy(workload, maxCapacity),
  };
}

/** A burst for a small fleet without instances, with requests that may wait for an hour. */
const FLOOD_WORKLOAD: Workload = { ttl: 3_600, startTime: 600, processingTime: 1, concurrency: 2 };
export const FLOOD: Scenario = {
  ...deployed(FLOOD_WORKLOAD, 2),
  arrivals: evenly(120_000, 600),
  seconds: 12 * 3_600,
};

export const MILLION_A_DAY: Scenario = {
  ...deployed({ ttl: 21_600, startTime: 600, processingTime: 1, concurrency: 10 }, 10),
  arrivals: daily(1_000_000, 2),
  seconds: DAY,
};

/** The ways of the flood, by their names in the documentation. */
export const FLOOD_WAYS: Readonly<Record<string, Scenario>> = {
  'direct, without a queue': {
    ...FLOOD,
    scaling: { ...FLOOD.scaling, tracked: 'backlogPerInstance' },
    requestQueue: undefined,
  },
  'through a queue that is always enabled, 40 per second': { ...FLOOD, requestQueue: alwaysEnabled(40) },
  'through `AsyncInferenceRequestQueue`': FLOOD,
};

/** 20,000 messages for one instance with a concurrency of 1 and a TTL of six hours. */
export function slowModel(processingTime: number): { readonly fixed: Result; readonly loop: Result } {
  const workload = { ttl: 21_600, startTime: 600, processingTime, concurrency: 1 };
  const scenario: Scenario = {
    ...deployed(workload, 1),
    arrivals: evenly(20_000, 60),
    seconds: Math.max(DAY, 20_000 * processingTime * 1.05 + 3_600),
    stepSeconds: 20,
  };
  return {
    fixed: simulate({ ...scenario, scaling: awsExampleScaling(0, 1), requestQueue: fixedBound(10, 1_000, 21_600) }),
    loop: simulate(scenario),
  };
}

/** How the bursts of a way compare with those of another way. */
export interface Comparison {
  /** How much later the bursts are complete, in minutes. */
  readonly later: { readonly median: number; readonly p90: number; readonly max: number };
  /** How many times longer they take, where the other way takes 45 minutes or more. */
  readonly ratioOfLong: number;
  /** Instance-hours, as a multiple: in total, and per burst. */
  readonly cost: { readonly total: number; readonly p90: number };
  readonly expired: number;
}

export function compare(
  bursts: readonly Burst[],
  way: Way,
  other: Way,
  metricDelay: readonly [number, number],
  seeds = 3,
): Comparison {
  const pairs = bursts.flatMap((burst) =>
    Array.from({ length: seeds }, (_, seed) => ({
      own: complete(burst, way, metricDelay, seed),
      other: complete(burst, other, metricDelay, seed),
    })),
  );
  const quantile = (values: readonly number[], part: number) =>
    [...values].sort((a, b) => a - b)[Math.ceil(part * values.length) - 1]!;
  const later = pairs.map(({ own, other: { seconds } }) => (own.seconds - seconds) / 60);
  const long = pairs.filter(({ other: { seconds } }) => seconds >= 2_700);
  const cost = pairs.map(({ own, other: { instanceSeconds } }) => own.instanceSeconds / instanceSeconds);
  const sum = (of: (pair: (typeof pairs)[number]) => number) => pairs.reduce((total, pair) => total + of(pair), 0);
  return {
    later: { median: quantile(later, 0.5), p90: quantile(later, 0.9), max: quantile(later, 1) },
    ratioOfLong: Math.max(...long.map(({ own, other: { seconds } }) => own.seconds / seconds)),
    cost: {
      total: sum(({ own }) => own.instanceSeconds) / sum((pair) => pair.other.instanceSeconds),
      p90: quantile(cost, 0.9),
    },
    expired: sum(({ own }) => own.expired),
  };
}

function charts(title: string, { minutes }: Result): void {
  const { arrived, done, expired } = minutes.at(-1)!;
  write(`## ${title}\n\n${whole(arrived)} arrived, ${whole(done)} done, ${whole(expired)} expired`);
  const series: [string, (minute: Minute) => number][] = [
    ['Messages in the request queue', ({ waiting }) => waiting],
    ['Backlog of the endpoint', ({ backlog }) => backlog],
    ['Age of its oldest request, in seconds', ({ oldest }) => oldest],
    ['Instances', ({ instances }) => instances],
    ['Expired so far', (minute) => minute.expired],
  ];
  write(series.map(([name, of]) => chart(name, minutes.map(of), 72, 4)).join('\n'));
}

function report(): void {
  write(
    toMarkdown(
      [1e6, 1e8, 1e9].flatMap((perDay) =>
        Object.entries(demand(perDay)).map(([what, figure]) => ({
          what: `${whole(perDay)} a day: ${what}`,
          figure: digits(figure),
        })),
      ),
    ),
  );
  const paces = [
    [1, 10],
    [30, 1],
    [300, 1],
  ] as const;
  write(
    toMarkdown(
      paces.map(([processingTime, concurrency]) => {
        const workload = { ttl: 21_600, startTime: 600, processingTime, concurrency };
        const pace = paceOf(instanceLimits(workload).requestsPerSecond);
        return {
          what: `GB-seconds per million, ${processingTime} s, ${concurrency} at a time`,
          figure: whole(gigabyteSecondsPerMillion(pace)),
        };
      }),
    ),
  );
  write(`Saved by inline payloads, per million: $${savedPerMillion().toFixed(2)} of requests to S3`);
  charts('A million a day, from zero, twice the mean at noon', simulate(MILLION_A_DAY));
  for (const [way, scenario] of Object.entries(FLOOD_WAYS))
    charts(`120,000 in ten minutes for two instances: ${way}`, simulate(scenario));
  write(
    toMarkdown(
      [1, 4, 10, 30, 60, 300].map((processingTime) => {
        const { fixed, loop } = slowModel(processingTime);
        return {
          what: `20,000 requests of ${processingTime} s: expired of a fixed bound, and of the control loop`,
          figure: `${whole(fixed.expired)}, ${whole(loop.expired)}`,
        };
      }),
    ),
  );
  const comparisons: [Way, Way][] = [
    ['direct', 'oracle'],
    ['queue', 'oracle'],
    ['direct', 'fastest oracle'],
    ['queue', 'fastest oracle'],
    ['direct, AWS example', 'oracle'],
    ['queue, fixed bound', 'oracle'],
  ];
  for (const metricDelay of [
    [20, 120],
    [20, 240],
  ] as const) {
    write(`${BURSTS.length} bursts from zero, metrics ${metricDelay.join(' to ')} s late`);
    write(
      toMarkdown(
        comparisons.map(([way, other]) => {
          const { later, ratioOfLong, cost, expired } = compare(BURSTS, way, other, metricDelay);
          return {
            what: `${way}, against the ${other}`,
            figure:
              `+${digits(later.median)} min (p90 +${digits(later.p90)}, max +${digits(later.max)}), long ones × ${digits(ratioOfLong)}, ` +
              `instance-hours × ${digits(cost.total)} (p90 × ${digits(cost.p90)}), expired ${whole(expired)}`,
          };
        }),
      ),
    );
  }
}

if (require.main === module) report();
