import {
  FLOOD_WAYS,
  MILLION_A_DAY,
  compare,
  daily,
  demand,
  gigabyteSecondsPerMillion,
  savedPerMillion,
  slowModel,
} from '../../bench/scale';
import { BURSTS } from '../../bench/bursts';
import { simulate } from '../../bench/simulation';

test('a day has its requests, twice the mean at noon and none at midnight', () => {
  const arrivals = daily(1_000_000, 2);
  expect(arrivals(0, 86_400)).toBeGreaterThanOrEqual(999_999);
  expect(arrivals(0, 1)).toBe(0);
  expect(arrivals(43_000, 43_400) / 400).toBeCloseTo((2 * 1_000_000) / 86_400, 1);
});

test('what a day needs grows with it', () => {
  expect(demand(1_000_000)).toEqual({
    perSecond: expect.closeTo(23.1, 1) as number,
    functions: 2,
    instances: 3,
    inFlight: 24,
  });
  expect(demand(1_000_000_000)).toMatchObject({ functions: 47, instances: 2_315, inFlight: 23_149 });
});

test('Lambda charges for the time that an invocation waits', () => {
  expect(gigabyteSecondsPerMillion({ intervalSeconds: 0.025 })).toBe(6_250);
  expect(gigabyteSecondsPerMillion({ intervalSeconds: 7.5 })).toBe(1_875_000);
});

test('inline payloads save a PUT and a GET', () => expect(savedPerMillion()).toBeCloseTo(5.4));

describe('the scenarios of docs/scale.md', () => {
  test('a million a day', () => {
    const { done, expired, minutes } = simulate(MILLION_A_DAY);
    expect({ done, expired }).toEqual({ done: 999_999, expired: 0 });
    expect(Math.max(...minutes.map(({ waiting }) => waiting))).toBe(9_259);
  });

  test('a flood for two instances', () => {
    const ends = Object.values(FLOOD_WAYS).map((scenario) => {
      const { done, expired } = simulate(scenario);
      return [done, expired];
    });
    expect(ends).toEqual([
      [15_000, 105_000],
      [24_600, 95_400],
      [120_000, 0],
    ]);
  });

  test('slow models lose nothing', () => {
    const expired = [4, 30]
      .map((seconds) => slowModel(seconds))
      .map(({ fixed, loop }) => [fixed.expired, loop.expired]);
    expect(expired).toEqual([
      [0, 0],
      [13_477, 0],
    ]);
  });
});

describe('bursts from zero', () => {
  // `npm run bench:scale` has all of them.
  const bursts = BURSTS.filter((_, index) => index % 12 === 0);

  test('are complete five minutes after an oracle, or ten behind a queue, at the same cost', () => {
    const direct = compare(bursts, 'direct', 'oracle', [20, 120], 1);
    expect(direct.later.p90).toBeLessThanOrEqual(5);
    expect(direct.ratioOfLong).toBeLessThanOrEqual(1.2);
    expect(direct.cost.total).toBeLessThanOrEqual(1.2);
    const queue = compare(bursts, 'queue', 'oracle', [20, 120], 1);
    expect(queue.later.p90).toBeLessThanOrEqual(10);
    expect(queue.ratioOfLong).toBeLessThanOrEqual(1.2);
    expect(queue.cost.total).toBeLessThanOrEqual(1.2);
    expect(queue.expired).toBe(0);
  });

  test('take longer with the policies of the example of AWS', () => {
    expect(compare(bursts, 'direct, AWS example', 'oracle', [20, 120], 1).later.p90).toBeGreaterThan(10);
  });
});
