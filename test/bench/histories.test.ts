import { fixedBound } from '../../bench/baselines';
import type { History } from '../../bench/histories';
import { historyOf, violationsOf } from '../../bench/histories';
import type { QueuePolicy } from '../../bench/simulated-queue';
import { instanceLimits } from '../../lib/requests/workload';

// `npm run test:long` runs 10,000.
const SEEDS = Array.from({ length: 150 }, (_, seed) => seed);

test('no accepted request queue loses work, wastes capacity or stalls, whatever AWS does', () => {
  expect(violationsOf(SEEDS)).toEqual([]);
});

test('the histories have what AWS is known or suspected to do', () => {
  const behaviors = SEEDS.map((seed) => historyOf(seed).scenario.aws!);
  const withSome = (has: (aws: (typeof behaviors)[number]) => boolean) => behaviors.filter(has).length;
  expect(withSome(({ gaps }) => gaps!.some(({ from, to }) => to - from > 3_600))).toBeGreaterThan(5);
  expect(withSome(({ failures }) => failures!.some(({ isGone }) => isGone))).toBeGreaterThan(5);
  expect(withSome(({ failures }) => failures!.some(({ rate }) => rate < 1))).toBeGreaterThan(5);
  expect(withSome(({ losses }) => losses!.length > 0)).toBeGreaterThan(5);
  expect(withSome(({ available }) => [0, 0.25, 0.5].some((part) => available!(part * 28_800) < 50))).toBeGreaterThan(5);
  expect(withSome(({ lostRuns, failedSwitches }) => lostRuns! > 0.1 && failedSwitches! > 0.1)).toBeGreaterThan(5);
  expect(withSome(({ metricDelay }) => metricDelay![1] > 180)).toBeGreaterThan(5);
  expect(withSome(({ metricsAtZero }) => metricsAtZero !== 'all')).toBeGreaterThan(5);
  expect(withSome(({ wakePolicyWorks }) => !wakePolicyWorks)).toBeGreaterThan(5);
});

// Criteria that nothing can break would show nothing.
describe('the criteria notice', () => {
  const change = (queue: (history: History) => Partial<QueuePolicy>) => (history: History) => ({
    ...history.scenario,
    requestQueue: { ...history.scenario.requestQueue!, ...queue(history) },
  });
  const found = (changed: (history: History) => History['scenario']) =>
    violationsOf(SEEDS.slice(0, 60), changed)
      .flatMap((history) => history.found)
      .join('\n');

  test('a queue that is always enabled', () => {
    expect(found(change(() => ({ decide: undefined })))).toMatch(/expired that the capacity would have served/);
  });

  test('a bound for the whole fleet by the work of one instance', () => {
    const fleetBound = change(({ workload, scenario }) => ({
      decide: (reading) => {
        const state = scenario.requestQueue!.decide!(reading);
        return { ...state, enabled: state.enabled && (reading.backlog ?? 0) <= instanceLimits(workload).maxBacklog };
      },
    }));
    expect(found(fleetBound)).toMatch(/% of the fleet was busy/);
  });

  test('a bound that does not depend on the model', () => {
    const fixed = change(({ workload }) => fixedBound(10, 1_000, workload.ttl));
    expect(found(fixed)).toMatch(/expired that the capacity would have served/);
  });

  test('a queue that stays disabled', () => {
    const closed = change(({ scenario }) => ({
      decide: (reading) => ({ ...scenario.requestQueue!.decide!(reading), enabled: reading.second < 14_400 }),
    }));
    expect(found(closed)).toMatch(/work waited for/);
  });

  test('a dead-letter queue after five receives', () => {
    expect(found(change(() => ({ maxReceiveCount: 5 })))).toMatch(/in the dead-letter queue/);
  });
});
