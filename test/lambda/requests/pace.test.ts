import { Pace } from '../../../lambda/requests/pace';

const NEVER = new AbortController().signal;

/** How long turns wait, with a clock that stands still between them. */
async function waitsOf(pace: Pace, turns: number): Promise<number[]> {
  const started = performance.now();
  return Promise.all(
    Array.from({ length: turns }, async () => {
      await pace.turn(NEVER);
      return Math.round((performance.now() - started) / 50) * 50;
    }),
  );
}

test('the first turn comes at once, and each other one an interval after the one before', async () => {
  expect(await waitsOf(new Pace(200, () => 1_000_000), 4)).toEqual([0, 200, 400, 600]);
});

test('a turn after a pause comes at once, and a pause is not caught up with', async () => {
  let now = 1_000_000;
  const pace = new Pace(200, () => now);
  await pace.turn(NEVER);
  now += 10_000;
  expect(await waitsOf(pace, 2)).toEqual([0, 200]);
});

test('after the clock was set back, a turn waits for no longer than an interval', async () => {
  let now = 1_000_000;
  const pace = new Pace(200, () => now);
  await pace.turn(NEVER);
  now -= 3_600_000;
  expect(await waitsOf(pace, 2)).toEqual([200, 400]);
});

test('a turn ends with its signal', async () => {
  const pace = new Pace(3_600_000);
  await pace.turn(NEVER);
  const controller = new AbortController();
  const turn = pace.turn(controller.signal);
  controller.abort();
  await expect(turn).rejects.toThrow('aborted');
});
