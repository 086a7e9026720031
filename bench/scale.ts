// What docs/scale.md says, reckoned: npm run bench:scale
import { chart } from './chart';
import type { Endpoint, Minute, RequestQueue, Scenario } from './simulation';
import { drainRate, simulate } from './simulation';
import { digits, toMarkdown } from './table';

const DAY = 86_400;
const write = (text: string) => process.stdout.write(`${text}\n\n`);

/** What a number of requests a day takes, the busiest hour with so many times the mean. */
export function demand(
  perDay: number,
  { peak = 2, submitSeconds = 0.02, batchSize = 10, modelSeconds = 1, concurrencyPerInstance = 10 } = {},
) {
  const perSecond = (perDay / DAY) * peak;
  return {
    perSecond,
    /** Batches under way at once, each with its payloads submitted at once. */
    functions: Math.max(2, Math.ceil((perSecond / batchSize) * submitSeconds)),
    instances: Math.ceil((perSecond * modelSeconds) / concurrencyPerInstance),
    /** Requests under way at the endpoint at once: 120,000 are known to fit one endpoint's queue. */
    inFlight: Math.ceil(perSecond * modelSeconds),
  };
}

/** What Lambda charges for a million requests from a queue, in GB-seconds: it charges for the time that a batch waits to keep the pace. */
export function gigabyteSecondsPerMillion(
  { batchSize, maxConcurrency, maxRequestsPerSecond, submitSeconds }: RequestQueue,
  gigabytes = 0.25,
): number {
  const batchSeconds = Math.max(
    submitSeconds * Math.ceil(batchSize / 10),
    (batchSize * maxConcurrency) / maxRequestsPerSecond,
  );
  return (1_000_000 / batchSize) * batchSeconds * gigabytes;
}

/** The requests of S3 that inline payloads save: a PUT and a GET each. The prices are S3 Standard's in us-east-1. */
export const savedPerMillion = (put = 0.005, get = 0.0004) => (1_000_000 / 1_000) * (put + get);

/** More by day than by night, by a sine, `peak` times the mean at noon. */
export function daily(perDay: number, peak: number): (second: number) => number {
  const mean = perDay / DAY;
  const until = (second: number) =>
    Math.floor(mean * second - ((mean * (peak - 1) * DAY) / (2 * Math.PI)) * Math.sin((2 * Math.PI * second) / DAY));
  return (second) => until(second + 1) - until(second);
}

const ENDPOINT: Endpoint = {
  minCapacity: 0,
  maxCapacity: 10,
  targetBacklogPerInstance: 100,
  concurrencyPerInstance: 10,
  modelSeconds: 1,
  requestTtlSeconds: 21_600,
  startSeconds: 300,
};
const QUEUE: RequestQueue = {
  batchSize: 10,
  maxConcurrency: 2,
  maxRequestsPerSecond: 100,
  submitSeconds: 0.02,
  backPressure: { maxBacklog: 1_000, maxRequestAgeSeconds: 10_800 },
};

/** A flood for a small fleet that starts from zero, with requests that are worth an hour. */
export const FLOOD: Scenario = {
  arrivals: (second) => (second < 600 ? 200 : 0),
  seconds: 10 * 3_600,
  requestQueue: {
    ...QUEUE,
    maxRequestsPerSecond: 40,
    backPressure: { maxBacklog: 1_000, maxRequestAgeSeconds: 1_800 },
  },
  endpoint: { ...ENDPOINT, maxCapacity: 2, concurrencyPerInstance: 2, requestTtlSeconds: 3_600 },
};

export const MILLION_A_DAY: Scenario = {
  arrivals: daily(1_000_000, 2),
  seconds: DAY,
  requestQueue: QUEUE,
  endpoint: ENDPOINT,
};

function charts(title: string, minutes: readonly Minute[]): void {
  const { arrived, done, expired } = minutes.at(-1)!;
  write(
    `## ${title}\n\n${arrived.toLocaleString('en-US')} arrived, ${done.toLocaleString('en-US')} done, ${expired.toLocaleString('en-US')} expired`,
  );
  const series: [string, (minute: Minute) => number][] = [
    ['Waiting in the request queue', ({ waiting }) => waiting],
    ['Backlog of the endpoint', ({ backlog }) => backlog],
    ['Age of its oldest request, in seconds', ({ oldest }) => oldest],
    ['Instances', ({ instances }) => instances],
    ['Expired so far', (minute) => minute.expired],
  ];
  write(series.map(([name, of]) => chart(name, minutes.map(of), 72, 4)).join('\n'));
}

function tell(): void {
  write(
    toMarkdown(
      [1e6, 1e8, 1e9].flatMap((perDay) =>
        Object.entries(demand(perDay)).map(([what, figure]) => ({
          what: `${perDay.toLocaleString('en-US')} a day: ${what}`,
          figure: digits(figure),
        })),
      ),
    ),
  );
  write(
    toMarkdown(
      [10, 100, 1_000].map((maxRequestsPerSecond) => ({
        what: `GB-seconds a million at ${maxRequestsPerSecond} a second (drains ${digits(drainRate({ ...QUEUE, maxRequestsPerSecond }))})`,
        figure: digits(gigabyteSecondsPerMillion({ ...QUEUE, maxRequestsPerSecond })),
      })),
    ),
  );
  write(`Saved by inline payloads, a million: $${savedPerMillion().toFixed(2)} of requests to S3`);
  charts('A million a day, from zero, twice the mean at noon', simulate(MILLION_A_DAY));
  const requestQueue = FLOOD.requestQueue!;
  charts(
    '120,000 in ten minutes for two instances: straight to the endpoint',
    simulate({ ...FLOOD, requestQueue: undefined }),
  );
  charts(
    'The same through a request queue without back-pressure',
    simulate({ ...FLOOD, requestQueue: { ...requestQueue, backPressure: undefined } }),
  );
  charts('The same with back-pressure', simulate(FLOOD));
}

if (require.main === module) tell();
