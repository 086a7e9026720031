import { SimulatedMetrics, evaluate } from '../../bench/simulated-metrics';

test('a metric is known only when it is published, and the newest one is no older than the workflow accepts', () => {
  const metrics = new SimulatedMetrics(20);
  metrics.publish('backlog', 0, 3, 120);
  metrics.publish('backlog', 1, 4, 300);
  const values = metrics.expression('backlog');
  expect([values(119)(0), values(120)(0), values(299)(1), values(300)(1)]).toEqual([NaN, 3, NaN, 4]);
  expect(metrics.newest('backlog', 2, 200)).toBe(3);
  expect(metrics.newest('backlog', 2, 300)).toBe(4);
  expect(metrics.newest('backlog', 7, 1_000)).toBeUndefined();
});

describe('an alarm of 2 in 3 minutes', () => {
  const state = (...values: number[]) =>
    evaluate((minute) => values[minute] ?? NaN, values.length - 1, {
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      breaches: (value) => value > 0,
    });

  test.each([
    [[0, 0, 0], 'OK', 0],
    [[0, 1, 0], 'OK', 0],
    [[1, 1, 0], 'ALARM', 0],
    [[1, 0, 1], 'ALARM', 1],
    // Older data points stand in for those that are missing, and fewer are enough where all breach.
    [[1, 1, NaN, NaN, 0], 'ALARM', 0],
    [[NaN, NaN, 1, NaN, NaN], 'ALARM', 1],
    [[NaN, NaN, 0, NaN, NaN], 'OK', 0],
  ] as const)('%j is %s', (values, expected, newest) => {
    expect(state(...values)).toEqual({ state: expected, newest });
  });

  test('has too few data where there are none in the evaluation range', () => {
    expect(state(1, NaN, NaN, NaN, NaN, NaN).state).toBe('INSUFFICIENT_DATA');
  });
});
