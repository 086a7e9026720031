import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline, timeLeft } from '../../../lambda/shared/deadline';

const contextOf = (milliseconds: number) => ({
  awsRequestId: 'request-1',
  getRemainingTimeInMillis: () => milliseconds,
});

test.each([
  [30_000, 29_500],
  [501, 1],
  [500, 0],
  [10, 0],
  [-5, 0],
])('of %i milliseconds, %i are left for work', (remaining, left) => {
  expect(timeLeft(contextOf(remaining))).toBe(left);
});

test('work that ends in time returns its value or its error', () =>
  Deadline.during(contextOf(30_000), async (deadline) => {
    expect(await deadline.before(() => Promise.resolve('value'))).toBe('value');
    await expect(deadline.before(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  }));

test('all work is abandoned and aborted at the deadline, each by a signal of its own', () =>
  Deadline.during(contextOf(550), async (deadline) => {
    const signals: AbortSignal[] = [];
    const works = [1, 2].map(() =>
      deadline.before((signal) => {
        signals.push(signal);
        return sleep(10_000, undefined, { ref: false });
      }),
    );
    for (const work of works) await expect(work).rejects.toMatchObject({ name: 'DeadlineExceededError' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(new Set(signals).size).toBe(2);
  }));

test('what was logged is written before the deadline aborts work, and what is logged then at the end', async () => {
  const events: string[] = [];
  const served = Deadline.during(
    contextOf(550),
    async (deadline) => {
      const work = deadline.before((signal) => {
        signal.addEventListener('abort', () => events.push('aborted'));
        return sleep(10_000, undefined, { ref: false });
      });
      await work.catch(() => events.push('work has failed'));
    },
    () => events.push('flushed'),
  );
  await served;
  expect(events).toEqual(['flushed', 'aborted', 'work has failed', 'flushed']);
});

test('an invocation that fails writes what was logged', async () => {
  const flush = jest.fn();
  const served = Deadline.during(contextOf(30_000), () => Promise.reject(new Error('failed')), flush);
  await expect(served).rejects.toThrow('failed');
  expect(flush).toHaveBeenCalledTimes(1);
});

test('no work starts after the deadline', () =>
  Deadline.during(contextOf(400), async (deadline) => {
    const work = jest.fn(() => Promise.resolve());
    await expect(deadline.before(work)).rejects.toMatchObject({ name: 'DeadlineExceededError' });
    expect(work).not.toHaveBeenCalled();
  }));

test('work that has ended is not aborted at the deadline', async () => {
  let aborted = 0;
  await Deadline.during(contextOf(530), async (deadline) => {
    await deadline.before((signal) => {
      signal.addEventListener('abort', () => (aborted += 1));
      return Promise.resolve();
    });
    await sleep(100);
  });
  expect(aborted).toBe(0);
});

test('the deadline of an invocation that has ended does not pass', async () => {
  let kept: Deadline | undefined;
  await Deadline.during(contextOf(530), (deadline) => {
    kept = deadline;
    return Promise.resolve();
  });
  await sleep(100);
  expect(await kept!.before((signal) => Promise.resolve(getEventListeners(signal, 'abort').length))).toBe(0);
});
