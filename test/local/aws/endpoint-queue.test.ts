import fc from 'fast-check';
import { RequestQueue } from '../../../local/aws/request-queue';
import { ManualClock } from '../../support/manual-clock';

/** Work that a test ends when it likes. */
function work(queue: RequestQueue, ttlSeconds: number, log: string[], name: string): { end(): Promise<void> } {
  let end: () => void = () => undefined;
  queue.push({
    ttlSeconds,
    run: () => {
      log.push(`runs ${name}`);
      return new Promise((resolve) => {
        end = resolve;
      });
    },
    expire: () => log.push(`expires ${name}`),
  });
  return {
    end: async () => {
      end();
      await new Promise(setImmediate);
    },
  };
}

test('serves as many at once as there are places, and the others in the order of arrival', async () => {
  const log: string[] = [];
  const queue = new RequestQueue(2, new ManualClock(), () => true);
  const [first] = ['a', 'b', 'c', 'd'].map((name) => work(queue, 60, log, name));
  expect(log).toEqual(['runs a', 'runs b']);
  await first!.end();
  expect(log).toEqual(['runs a', 'runs b', 'runs c']);
});

test('can serve the latest first', async () => {
  const log: string[] = [];
  const queue = new RequestQueue(1, new ManualClock(), () => false);
  const [first] = ['a', 'b', 'c'].map((name) => work(queue, 60, log, name));
  await first!.end();
  expect(log).toEqual(['runs a', 'runs c']);
});

test('expires what waits longer than its TTL, and never what is being served', async () => {
  const log: string[] = [];
  const clock = new ManualClock();
  const queue = new RequestQueue(1, clock, () => true);
  const served = work(queue, 60, log, 'served');
  work(queue, 60, log, 'short');
  work(queue, 61, log, 'long');
  clock.advance(60);
  expect(log).toEqual(['runs served', 'expires short']);
  await served.end();
  expect(log).toEqual(['runs served', 'expires short', 'runs long']);
  clock.advance(60);
  expect(log).toHaveLength(3);
});

test('forgets what waits when it is cleared', async () => {
  const log: string[] = [];
  const clock = new ManualClock();
  const queue = new RequestQueue(1, clock, () => true);
  const served = work(queue, 60, log, 'served');
  work(queue, 60, log, 'waiting');
  queue.clear();
  clock.advance(61);
  await served.end();
  expect(log).toEqual(['runs served']);
});

test('runs each piece of work once, and never more at a time than there are places', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(3), { maxLength: 30 }), async (places, turns) => {
      const queue = new RequestQueue(places, new ManualClock(), () => true);
      let running = 0;
      let most = 0;
      const runs = turns.map(
        (length) =>
          new Promise<void>((resolve) => {
            queue.push({
              ttlSeconds: 60,
              run: async () => {
                most = Math.max(most, ++running);
                for (let turn = 0; turn <= length; turn++) await new Promise(setImmediate);
                running -= 1;
                resolve();
              },
              expire: () => {
                throw new Error('expired');
              },
            });
          }),
      );
      await Promise.all(runs);
      expect(most).toBe(Math.min(places, turns.length));
    }),
    { numRuns: 50 },
  );
});
