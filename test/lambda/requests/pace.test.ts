import { Pace } from '../../../lambda/requests/pace';

const NEVER = new AbortController().signal;

/** A pace of 200 ms with a clock that a test sets, and how long each turn has to wait. */
function aPace() {
  const clock = { now: 1_000_000 };
  const waits: number[] = [];
  const open: (() => void)[] = [];
  const wait = (milliseconds: number) => {
    waits.push(milliseconds);
    return new Promise<void>((resolve) => open.push(resolve));
  };
  const pace = new Pace(200, () => clock.now, wait);
  const turns = (count: number) => Array.from({ length: count }, () => pace.turn(NEVER));
  return { clock, waits, turns, endTurns: () => open.splice(0).forEach((resolve) => resolve()) };
}

test('the first turn comes at once, and each other one an interval after the one before', () => {
  const { waits, turns } = aPace();
  void Promise.all(turns(4));
  expect(waits).toEqual([0, 200, 400, 600]);
});

test('a turn after a pause comes at once, and a pause is not caught up with', async () => {
  const { clock, waits, turns, endTurns } = aPace();
  const [first] = turns(1);
  endTurns();
  await first;
  clock.now += 10_000;
  void Promise.all(turns(2));
  expect(waits).toEqual([0, 0, 200]);
});

test('a turn within the interval waits for the rest of it', async () => {
  const { clock, waits, turns, endTurns } = aPace();
  const [first] = turns(1);
  endTurns();
  await first;
  clock.now += 150;
  void Promise.all(turns(1));
  expect(waits).toEqual([0, 50]);
});

test('after the clock was set back, a turn waits for no longer than an interval', async () => {
  const { clock, waits, turns, endTurns } = aPace();
  const [first] = turns(1);
  endTurns();
  await first;
  clock.now -= 3_600_000;
  void Promise.all(turns(2));
  expect(waits).toEqual([0, 200, 400]);
});

test('a turn takes its time, and ends with its signal', async () => {
  const pace = new Pace(3_600_000);
  await pace.turn(NEVER);
  const controller = new AbortController();
  const turn = pace.turn(controller.signal);
  controller.abort();
  await expect(turn).rejects.toThrow('aborted');
});
