import fc from 'fast-check';
import type { Endpoint, RequestQueue, Scenario } from '../../bench/simulation';
import { drainRate, simulate } from '../../bench/simulation';

const ENDPOINT: Endpoint = {
  minCapacity: 0,
  maxCapacity: 4,
  targetBacklogPerInstance: 5,
  concurrencyPerInstance: 2,
  modelSeconds: 1,
  requestTtlSeconds: 3_600,
  startSeconds: 300,
};
const QUEUE: RequestQueue = { batchSize: 10, maxConcurrency: 2, maxRequestsPerSecond: 50, submitSeconds: 0.02 };
const HOUR = 3_600;
const burst = (count: number) => (second: number) => (second === 0 ? count : 0);
const run = (scenario: Partial<Scenario>) =>
  simulate({ arrivals: burst(1), seconds: HOUR, endpoint: ENDPOINT, ...scenario });

test('no request is lost or made up, whatever happens', () => {
  const endpoints = fc.record({
    minCapacity: fc.integer({ min: 0, max: 3 }),
    maxCapacity: fc.integer({ min: 3, max: 20 }),
    targetBacklogPerInstance: fc.integer({ min: 1, max: 50 }),
    concurrencyPerInstance: fc.integer({ min: 1, max: 50 }),
    modelSeconds: fc.double({ min: 0.01, max: 100, noNaN: true }),
    requestTtlSeconds: fc.integer({ min: 60, max: 21_600 }),
    startSeconds: fc.integer({ min: 0, max: 900 }),
  });
  const queues = fc.record({
    batchSize: fc.integer({ min: 1, max: 10 }),
    maxConcurrency: fc.integer({ min: 2, max: 1_000 }),
    maxRequestsPerSecond: fc.integer({ min: 1, max: 10_000 }),
    submitSeconds: fc.double({ min: 0.001, max: 1, noNaN: true }),
    backPressure: fc.option(
      fc.record({
        maxBacklog: fc.integer({ min: 0, max: 1_000 }),
        maxRequestAgeSeconds: fc.integer({ min: 1, max: 10_800 }),
      }),
      { nil: undefined },
    ),
  });
  const arrivals = fc.array(fc.nat(200), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(endpoints, fc.option(queues, { nil: undefined }), arrivals, (endpoint, requestQueue, rates) => {
      for (const minute of simulate({
        arrivals: (second) => rates[second % rates.length]!,
        seconds: 1_800,
        endpoint,
        requestQueue,
      })) {
        expect(minute.waiting + minute.backlog + minute.done + minute.expired).toBe(minute.arrived);
        expect(Math.min(...(Object.values(minute) as number[]))).toBeGreaterThanOrEqual(0);
        expect(minute.instances).toBeLessThanOrEqual(endpoint.maxCapacity);
        expect(minute.oldest).toBeLessThanOrEqual(endpoint.requestTtlSeconds);
      }
    }),
    { numRuns: 50 },
  );
});

test('a request wakes an endpoint after two minutes, and an idle one sleeps again', () => {
  const minutes = simulate({ arrivals: burst(1), seconds: HOUR, endpoint: ENDPOINT });
  expect(minutes.findIndex(({ instances }) => instances === 1)).toBe(Math.ceil((120 + ENDPOINT.startSeconds) / 60) - 1);
  expect(minutes.at(-1)).toMatchObject({ instances: 0, done: 1, expired: 0 });
});

test('a backlog starts as many instances as it needs, and no more than there may be', () => {
  expect(Math.max(...run({ arrivals: burst(100_000) }).map(({ instances }) => instances))).toBe(4);
  expect(Math.max(...run({ arrivals: burst(5) }).map(({ instances }) => instances))).toBe(1);
});

test('requests expire at the endpoint when they wait too long, and not one in a queue with back-pressure', () => {
  const flood = { arrivals: burst(100_000), seconds: 6 * HOUR };
  expect(run(flood).at(-1)!.expired).toBeGreaterThan(50_000);
  expect(run({ ...flood, requestQueue: QUEUE }).at(-1)!.expired).toBeGreaterThan(50_000);
  const spared = run({
    ...flood,
    requestQueue: { ...QUEUE, backPressure: { maxBacklog: 1_000, maxRequestAgeSeconds: 1_800 } },
  });
  expect(spared.at(-1)!.expired).toBe(0);
  expect(Math.max(...spared.map(({ backlog }) => backlog))).toBeLessThan(1_000 + 50 * 180);
});

test('a queue keeps its pace, and what its batches can do', () => {
  expect(drainRate(QUEUE)).toBe(50);
  expect(drainRate({ ...QUEUE, maxRequestsPerSecond: 10_000 })).toBe(1_000);
  expect(run({ arrivals: burst(10_000), requestQueue: QUEUE })[0]).toMatchObject({ waiting: 7_000, backlog: 3_000 });
});
