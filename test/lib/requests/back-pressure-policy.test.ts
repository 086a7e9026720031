import fc from 'fast-check';
import jsonata from 'jsonata';
import { queuePolicy } from '../../../bench/control-loop';
import { backPressurePolicy, wantedState } from '../../../lib/requests/back-pressure-policy';
import { paceOf } from '../../../lib/requests/pace';
import { instanceLimits } from '../../../lib/requests/workload';

const WORKLOAD = { ttl: 3_600, startTime: 600, processingTime: 30, concurrency: 2 };
const LIMITS = instanceLimits(WORKLOAD);
const POLICY = backPressurePolicy(WORKLOAD, LIMITS, paceOf(LIMITS.requestsPerSecond, 10));
const EXPRESSION = jsonata(wantedState(POLICY));

interface Reading {
  readonly Instances?: number;
  readonly DesiredInstances?: number;
  readonly Backlog?: number;
  readonly Age?: number;
  readonly Unserved?: number;
}

async function wanted(input: Reading, minute = 0): Promise<{ Enabled: boolean; Concurrency: number }> {
  const now = jest.spyOn(Date.prototype, 'getTime').mockReturnValue(minute * 60_000);
  try {
    return (await EXPRESSION.evaluate({}, { states: { input } })) as { Enabled: boolean; Concurrency: number };
  } finally {
    now.mockRestore();
  }
}

test('the limits follow from the workload', () => {
  expect(POLICY).toEqual({
    maxBacklog: 80,
    maxRequestAge: 1_800,
    invocationsPerInstance: 2,
    blindMinutes: 3,
    blindCycleMinutes: 27,
  });
});

describe('with instances', () => {
  const busy = { Instances: 3, DesiredInstances: 3, Unserved: 0, Age: 100 };

  test('the newest backlog counts for each instance in service', async () => {
    expect(await wanted({ ...busy, Backlog: 240 })).toEqual({ Enabled: true, Concurrency: 6 });
    expect(await wanted({ ...busy, Backlog: 241 })).toEqual({ Enabled: false, Concurrency: 6 });
    expect(await wanted({ ...busy, Backlog: 241, Instances: 4 })).toEqual({ Enabled: true, Concurrency: 8 });
  });

  test('an old request disables the queue too', async () => {
    expect((await wanted({ ...busy, Backlog: 1, Age: 1_800 })).Enabled).toBe(true);
    expect((await wanted({ ...busy, Backlog: 1, Age: 1_801 })).Enabled).toBe(false);
  });

  test('no backlog is known where the endpoint had none before', async () => {
    expect((await wanted({ Instances: 1, DesiredInstances: 1, Unserved: 1 })).Enabled).toBe(true);
  });

  test('without any metric the queue is enabled for three minutes of 27, for less than half of the expected work', async () => {
    const enabled: number[] = [];
    for (let minute = 0; minute < 54; minute += 1)
      if ((await wanted({ Instances: 1, DesiredInstances: 1 }, minute)).Enabled) enabled.push(minute);
    expect(enabled).toEqual([0, 1, 2, 27, 28, 29]);
  });
});

describe('without instances', () => {
  const idle = { Instances: 0, DesiredInstances: 0, Unserved: 0 };

  test('the first request starts an instance, and all others wait in the queue', async () => {
    expect(await wanted(idle)).toEqual({ Enabled: true, Concurrency: 2 });
    expect((await wanted({ ...idle, Backlog: 0 })).Enabled).toBe(true);
    expect((await wanted({ ...idle, Unserved: 1 })).Enabled).toBe(false);
    expect((await wanted({ ...idle, Backlog: 1 })).Enabled).toBe(false);
    expect((await wanted({ ...idle, DesiredInstances: 2 })).Enabled).toBe(false);
  });

  test('if no metric is published, the queue is enabled for a part of the time, unless an instance is starting', async () => {
    expect((await wanted({ Instances: 0, DesiredInstances: 0 }, 0)).Enabled).toBe(true);
    expect((await wanted({ Instances: 0, DesiredInstances: 0 }, 3)).Enabled).toBe(false);
    expect((await wanted({ Instances: 0, DesiredInstances: 1 }, 0)).Enabled).toBe(false);
  });
});

test('an endpoint that cannot be read gets nothing', async () => {
  expect(await wanted({ Backlog: 0, Unserved: 0 })).toEqual({ Enabled: false, Concurrency: 2 });
});

test('the workflow decides what the simulator simulates', async () => {
  const { decide } = queuePolicy(WORKLOAD, 10);
  const some = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
  const readings = fc.record({
    minute: fc.nat(100),
    instances: some(fc.nat(4)),
    desired: fc.nat(4),
    backlog: some(fc.nat(400)),
    age: some(fc.nat(2_400)),
    unserved: some(fc.constantFrom(0, 1)),
  });
  await fc.assert(
    fc.asyncProperty(readings, async ({ minute, ...reading }) => {
      const {
        instances: Instances,
        desired: DesiredInstances,
        backlog: Backlog,
        age: Age,
        unserved: Unserved,
      } = reading;
      const input = JSON.parse(JSON.stringify({ Instances, DesiredInstances, Backlog, Age, Unserved })) as Reading;
      const { enabled, concurrency } = decide!({ ...reading, second: minute * 60 });
      expect(await wanted(input, minute)).toEqual({ Enabled: enabled, Concurrency: concurrency });
    }),
    { numRuns: 300 },
  );
});
