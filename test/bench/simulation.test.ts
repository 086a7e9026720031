import fc from 'fast-check';
import { alwaysEnabled, fixedBound } from '../../bench/baselines';
import { queuePolicy, scalingPolicy } from '../../bench/control-loop';
import type { Scenario } from '../../bench/simulation';
import { simulate } from '../../bench/simulation';

const HOUR = 3_600;
const WORKLOAD = { ttl: HOUR, startTime: 600, processingTime: 30, concurrency: 2 };
const SCALING = scalingPolicy({ minCapacity: 0, maxCapacity: 4, targetBacklogPerInstance: 5 }, 1, HOUR);
const burst =
  (count: number, at = 0) =>
  (from: number) =>
    from === at ? count : 0;

/** One request to an endpoint without instances, unless told otherwise. */
const run = (scenario: Partial<Scenario> = {}) =>
  simulate({
    seconds: 2 * HOUR,
    arrivals: burst(1),
    model: { seconds: 30, variation: 0 },
    ttl: WORKLOAD.ttl,
    startTime: WORKLOAD.startTime,
    concurrency: WORKLOAD.concurrency,
    scaling: SCALING,
    ...scenario,
  });

test('no request is lost or invented', () => {
  const scenarios = fc.record({
    seed: fc.nat(1_000),
    seconds: fc.constant(3 * HOUR),
    stepSeconds: fc.constantFrom(5, 10, 20),
    ttl: fc.integer({ min: 60, max: 6 * HOUR }),
    concurrency: fc.integer({ min: 1, max: 20 }),
    model: fc.record({ seconds: fc.double({ min: 0.1, max: 600, noNaN: true }), variation: fc.constantFrom(0, 0.5) }),
    requestQueue: fc.constantFrom(undefined, alwaysEnabled(10), fixedBound(10, 100, HOUR), queuePolicy(WORKLOAD, 4)),
    aws: fc.record({
      failures: fc.constantFrom(
        [],
        [{ from: 600, to: 1_800, rate: 0.5 }],
        [{ from: 600, to: 900, rate: 1, isGone: true }],
      ),
      losses: fc.constantFrom([], [{ second: 3_000, instances: 2 }]),
      available: fc.constantFrom(
        () => Infinity,
        () => 1,
      ),
      metricsAtZero: fc.constantFrom('all' as const, 'unserved' as const, 'unserved when 1' as const),
    }),
  });
  fc.assert(
    fc.property(scenarios, fc.array(fc.nat(200), { minLength: 1, maxLength: 20 }), (scenario, rates) => {
      const arrivals = (from: number) => rates[from % rates.length]!;
      const { minutes, arrived, done, expired, deleted, deadLetters } = run({ ...scenario, arrivals });
      const { waiting, backlog } = minutes.at(-1)!;
      expect(waiting + backlog + done + expired + deleted + deadLetters).toBe(arrived);
      for (const minute of minutes) {
        expect(Math.min(...(Object.values(minute) as number[]))).toBeGreaterThanOrEqual(0);
        expect(minute.instances).toBeLessThanOrEqual(SCALING.maxCapacity);
        expect(minute.oldest).toBeLessThanOrEqual(scenario.ttl + 60);
      }
    }),
    { numRuns: 40 },
  );
});

test('the same seed gives the same history', () => {
  const scenario = { seed: 7, arrivals: burst(500), requestQueue: queuePolicy(WORKLOAD, 4) };
  expect(run(scenario)).toEqual(run(scenario));
});

test('a request starts an instance, and an idle endpoint scales to zero', () => {
  const { minutes, done } = run();
  const started = minutes.findIndex(({ instances }) => instances === 1);
  // Two minutes of metrics that are a minute late, and five minutes to start.
  expect(started).toBeGreaterThanOrEqual(7);
  expect(started).toBeLessThanOrEqual(9);
  expect(done).toBe(1);
  expect(minutes.at(-1)!.instances).toBe(0);
});

test('an instance works on as many requests at a time as it may', () => {
  const { minutes } = run({ arrivals: burst(10), wishes: [{ second: 0, capacity: 1 }] });
  // Five rounds of two requests, of 30 seconds each, from the start after 300 seconds.
  expect(minutes[4]!.done).toBe(0);
  expect(minutes[5]!.done).toBeGreaterThanOrEqual(2);
  expect(minutes.findIndex(({ done }) => done === 10)).toBe(7);
});

test('a request that waits for longer than the TTL expires, and one that is processed does not', () => {
  const { expired, done } = run({
    ttl: 400,
    arrivals: burst(5),
    model: { seconds: 900, variation: 0 },
    wishes: [{ second: 0, capacity: 1 }],
  });
  expect([done, expired]).toEqual([2, 3]);
});

test('nothing changes the number of instances while the endpoint is updating', () => {
  const { minutes } = run({
    arrivals: burst(100),
    wishes: [
      { second: 0, capacity: 1 },
      { second: 60, capacity: 4 },
    ],
  });
  expect(minutes[6]!.instances).toBe(1);
});

test('fewer instances are granted than asked for while AWS has no more', () => {
  const { minutes } = run({ arrivals: burst(1_000), aws: { available: () => 2 } });
  expect(Math.max(...minutes.map(({ instances }) => instances))).toBe(2);
});

test('an endpoint that is gone loses what it has, and its messages stay in the queue', () => {
  const { deleted, deadLetters, done, minutes } = run({
    seconds: 8 * HOUR,
    arrivals: burst(200),
    requestQueue: queuePolicy(WORKLOAD, 4),
    aws: { failures: [{ from: 900, to: 900 + HOUR, rate: 1, isGone: true }] },
  });
  expect(deleted).toBeGreaterThan(0);
  expect(deadLetters).toBe(0);
  expect(done + deleted).toBe(200);
  expect(minutes.at(-1)!.waiting).toBe(0);
});

test('a message that fails for too long moves to the dead-letter queue', () => {
  const outage = (hours: number) => [{ from: 0, to: hours * HOUR, rate: 1 }];
  const dead = (hours: number) =>
    run({
      seconds: 15 * HOUR,
      arrivals: burst(10),
      requestQueue: alwaysEnabled(10),
      aws: { failures: outage(hours) },
    }).deadLetters;
  expect(dead(5)).toBe(0);
  expect(dead(15)).toBe(10);
});

test('a request counts as expired needlessly only if the capacity would have served it', () => {
  const flood = { seconds: 6 * HOUR, arrivals: burst(5_000), scaling: { ...SCALING, minCapacity: 1 } };
  const needless = (scenario: Partial<Scenario>) => {
    const { expired, expiredNeedlessly } = run({ ...flood, ...scenario });
    return { expired, expiredNeedlessly };
  };
  const always = needless({ requestQueue: alwaysEnabled(10) });
  expect(always.expired).toBeGreaterThan(2_000);
  expect(always.expiredNeedlessly).toBe(always.expired);
  expect(needless({ requestQueue: queuePolicy(WORKLOAD, 4) })).toEqual({ expired: 0, expiredNeedlessly: 0 });

  const shortage = { scaling: SCALING, requestQueue: queuePolicy(WORKLOAD, 4), aws: { available: () => 0 } };
  const none = needless(shortage);
  expect(none.expired).toBeGreaterThan(0);
  expect(none.expiredNeedlessly).toBe(0);
});
