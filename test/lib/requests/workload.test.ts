import fc from 'fast-check';
import type { Workload } from '../../../lib/requests/workload';
import { instanceLimits, paceFactor, workloadErrors } from '../../../lib/requests/workload';

const HOUR = 3_600;
const WORKLOAD: Workload = { ttl: HOUR, startTime: 600, processingTime: 300, concurrency: 1 };

const errorsOf = (change: Partial<Workload> = {}, limits = {}) => {
  const workload = { ...WORKLOAD, ...change };
  return workloadErrors(workload, { ...instanceLimits(workload), ...limits }).filter((error) => error !== undefined);
};

test('half of the TTL is for the start of an instance and its backlog, the other half for the reaction of the queue', () => {
  expect(instanceLimits(WORKLOAD)).toEqual({ maxBacklog: 4, requestsPerSecond: 3.5 / 300 });
  expect(instanceLimits({ ...WORKLOAD, ttl: 6 * HOUR, startTime: 1_800, processingTime: 900, concurrency: 2 })).toEqual(
    {
      maxBacklog: 20,
      requestsPerSecond: (8 * 2) / 900,
    },
  );
});

test('a queue is drained faster than the model is expected to work, so that a faster model is busy too', () => {
  expect([1_800, HOUR, 2 * HOUR, 6 * HOUR].map((ttl) => paceFactor({ ttl }))).toEqual([3.2, 3.5, 6, 8]);
});

test('every request is started within its TTL', () => {
  const workloads = fc.record({
    ttl: fc.integer({ min: 60, max: 6 * HOUR }),
    startTime: fc.integer({ min: 0, max: HOUR }),
    processingTime: fc.double({ min: 0.01, max: HOUR, noNaN: true }),
    concurrency: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(workloads, (workload) => {
      const limits = instanceLimits(workload);
      fc.pre(workloadErrors(workload, limits).every((error) => error === undefined));
      const perSecond = workload.concurrency / workload.processingTime;
      const growth = (limits.requestsPerSecond - perSecond) * 720;
      expect(workload.startTime + (limits.maxBacklog + growth) / perSecond).toBeLessThanOrEqual(workload.ttl);
      expect(limits.maxBacklog).toBeGreaterThanOrEqual(2 * workload.concurrency);
    }),
  );
});

test('models that asynchronous inference is for are accepted', () => {
  for (const concurrency of [1, 2, 7, 10, 100]) {
    for (const part of [0, 0.25, 0.5, 0.75, 1]) {
      for (const ttl of [HOUR, 1.5 * HOUR, 3 * HOUR, 6 * HOUR]) {
        for (const startTime of [0, 60, 600]) {
          expect(errorsOf({ ttl, startTime, processingTime: 0.01 + 299.99 * part, concurrency })).toEqual([]);
        }
      }
      for (const startTime of [0, 600, 1_800]) {
        expect(errorsOf({ ttl: 6 * HOUR, startTime, processingTime: 0.01 + 899.99 * part, concurrency })).toEqual([]);
      }
    }
  }
});

test('a TTL that is over before an instance can start is an error that says so', () => {
  expect(errorsOf({ ttl: 800 })).toEqual([
    'the request TTL of 800 seconds must be at least 900: a request that finds no instance waits up to 300 seconds for the ' +
      'decision to start one, and instanceStartTime is 600. Raise the TTL, or reduce instanceStartTime if instances start faster',
  ]);
});

test('a bound that is too large is an error with the sum', () => {
  expect(errorsOf({}, { maxBacklog: 5 })).toEqual([
    'requests of each instance may wait for longer than the request TTL of 3600 seconds: 600 (instanceStartTime) + 1500 (a backlog ' +
      'of 5 × 300 ÷ 1 at a time) + 1800 (growth until the queue is disabled, at 0.01167 requests per second) = 3900 seconds. Raise ' +
      'the TTL, process more requests at a time, or reduce expectedProcessingTime or instanceStartTime',
  ]);
});

test('so is a rate that is too high, and a lower rate allows a larger backlog', () => {
  expect(errorsOf({}, { requestsPerSecond: 4 / 300 })[0]).toMatch(/= 3960 seconds/);
  expect(errorsOf({}, { requestsPerSecond: 2 / 300, maxBacklog: 7 })).toEqual([]);
});

test('an instance that would be idle while the queue is disabled is an error', () => {
  expect(errorsOf({ ttl: 2_700 })).toEqual([
    expect.stringMatching(
      /^the backlog of each instance must be at least 900 seconds of work, .* within a request TTL of 2700/,
    ),
  ]);
  expect(errorsOf({ processingTime: 601 })).toEqual([
    expect.stringMatching(/^the backlog of each instance must be at least 1202 seconds of work/),
  ]);
});
