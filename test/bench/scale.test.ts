import { FLOOD, MILLION_A_DAY, daily, demand, gigabyteSecondsPerMillion, savedPerMillion } from '../../bench/scale';
import { simulate } from '../../bench/simulation';

test('a day has its requests, twice the mean at noon and none at midnight', () => {
  const arrivals = daily(1_000_000, 2);
  const day = Array.from({ length: 86_400 }, (_, second) => arrivals(second));
  expect(day.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(999_999);
  expect(Math.min(...day)).toBe(0);
  expect(day.slice(43_000, 43_400).reduce((sum, count) => sum + count) / 400).toBeCloseTo((2 * 1_000_000) / 86_400, 1);
});

test('what a day takes grows with it', () => {
  expect(demand(1_000_000)).toEqual({
    perSecond: expect.closeTo(23.1, 1) as number,
    functions: 2,
    instances: 3,
    inFlight: 24,
  });
  expect(demand(1_000_000_000)).toEqual({
    perSecond: expect.closeTo(23_148.1, 1) as number,
    functions: 47,
    instances: 2_315,
    inFlight: 23_149,
  });
});

test('a slow pace is paid for', () => {
  const queue = { batchSize: 10, maxConcurrency: 2, submitSeconds: 0.02 };
  expect(gigabyteSecondsPerMillion({ ...queue, maxRequestsPerSecond: 10 })).toBe(50_000);
  expect(gigabyteSecondsPerMillion({ ...queue, maxRequestsPerSecond: 100_000 })).toBeCloseTo(500);
});

test('inline payloads save a PUT and a GET', () => expect(savedPerMillion()).toBeCloseTo(5.4));

test('the scenarios of docs/scale.md end as it says', () => {
  const last = (scenario: Parameters<typeof simulate>[0]) => simulate(scenario).at(-1)!;
  const requestQueue = FLOOD.requestQueue!;
  expect(last(MILLION_A_DAY)).toMatchObject({ done: 999_999, expired: 0 });
  expect(last({ ...FLOOD, requestQueue: undefined })).toMatchObject({ done: 14_284, expired: 105_716 });
  expect(last({ ...FLOOD, requestQueue: { ...requestQueue, backPressure: undefined } })).toMatchObject({
    done: 23_884,
    expired: 96_116,
  });
  expect(last(FLOOD)).toMatchObject({ done: 120_000, expired: 0 });
  expect(simulate(FLOOD).findIndex(({ done }) => done === 120_000)).toBe(8.5 * 60);

  const mostWaiting = (maxBacklog: number) =>
    Math.max(
      ...simulate({
        ...MILLION_A_DAY,
        requestQueue: { ...MILLION_A_DAY.requestQueue!, backPressure: { maxBacklog, maxRequestAgeSeconds: 10_800 } },
      }).map(({ waiting }) => waiting),
    );
  expect([1_000, 12_000].map(mostWaiting)).toEqual([13_807, 5_476]);
});
