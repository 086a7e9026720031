import { simulate } from '../../../bench/simulation';
import { WAKE, wakeTimes } from '../../../tools/diagrams/wake-from-zero';

test('the phases follow each other, and an instance takes its time to start', () => {
  const { capacityRequested, inService, done, backAtZero } = wakeTimes(simulate(WAKE));
  expect(inService - capacityRequested).toBeCloseTo(5, 0);
  expect([capacityRequested, inService, done, backAtZero]).toEqual(
    [capacityRequested, inService, done, backAtZero].sort((a, b) => a - b),
  );
  expect(capacityRequested).toBeGreaterThan(2);
});

test('a simulation that ends before the last phase is an error', () => {
  expect(() => wakeTimes(simulate({ ...WAKE, seconds: 1_200 }))).toThrow(
    'the simulation ends too early for the picture',
  );
});
