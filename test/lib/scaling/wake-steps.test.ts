import { capacityFor, wakeSteps } from '../../../lib/scaling/wake-steps';

const capacities = (maxCapacity: number) => wakeSteps(5, maxCapacity).map(({ capacity }) => capacity);

test('a small fleet starts exactly as many instances as the target asks for', () => {
  expect(wakeSteps(5, 3)).toEqual([{ capacity: 1, maxDemand: 5 }, { capacity: 2, maxDemand: 10 }, { capacity: 3 }]);
  const steps = wakeSteps(5, 3);
  expect([1, 5, 6, 10, 11, 1_000].map((demand) => capacityFor(demand, steps))).toEqual([1, 1, 2, 2, 3, 3]);
});

test.each([1, 2, 19, 20, 21, 50, 333, 1_000])(
  'a fleet of %d has at most 20 steps, up to the maximum',
  (maxCapacity) => {
    const steps = capacities(maxCapacity);
    expect(steps.length).toBeLessThanOrEqual(20);
    expect([steps[0], steps.at(-1)]).toEqual([1, maxCapacity]);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
  },
);

test('a large fleet starts at most a quarter more instances than needed, beyond the smallest', () => {
  const steps = capacities(50);
  for (const [index, capacity] of steps.entries()) {
    const needed = (steps[index - 1] ?? 0) + 1;
    expect(capacity / needed).toBeLessThanOrEqual(1.25);
  }
});
