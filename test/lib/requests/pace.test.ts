import fc from 'fast-check';
import { mappingConcurrency, paceOf } from '../../../lib/requests/pace';

test('two invocations share the rate of one instance, by waiting', () => {
  expect(paceOf(0.01)).toEqual({ batchSize: 1, invocationsPerInstance: 2, intervalSeconds: 200 });
  expect(paceOf(10)).toEqual({ batchSize: 5, invocationsPerInstance: 2, intervalSeconds: 0.2 });
});

test('more of them share a rate that two cannot submit', () => {
  expect(paceOf(1_000)).toEqual({ batchSize: 10, invocationsPerInstance: 20, intervalSeconds: 0.02 });
});

test('the fleet together stays within the concurrency of a mapping', () => {
  expect(paceOf(1_000, 100)).toMatchObject({ invocationsPerInstance: 10 });
  expect(paceOf(1_000, 10_000)).toMatchObject({ invocationsPerInstance: 2 });
  expect([0, 1, 3, 5_000].map((instances) => mappingConcurrency(paceOf(1), instances))).toEqual([2, 2, 6, 1_000]);
});

test('no invocation waits for longer than Lambda allows', () => {
  expect(paceOf(0.001)).toMatchObject({ intervalSeconds: 840 });
});

test('a fleet gets its rate unless the mapping or the invocations limit it', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.003, max: 900, noNaN: true }),
      fc.integer({ min: 1, max: 50 }),
      (rate, instances) => {
        const pace = paceOf(rate, instances);
        const actual = mappingConcurrency(pace, instances) / pace.intervalSeconds;
        expect(actual).toBeLessThanOrEqual(rate * instances * 1.001);
        if (rate * instances <= 40_000) expect(actual).toBeCloseTo(rate * instances, 3);
        expect(pace.intervalSeconds * pace.batchSize).toBeLessThanOrEqual(Math.max(1, pace.intervalSeconds));
      },
    ),
  );
});
