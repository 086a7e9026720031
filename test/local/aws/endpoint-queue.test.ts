import fc from 'fast-check';
import { EndpointQueue } from '../../../local/aws/endpoint-queue';
import { ManualClock } from '../../support/manual-clock';

/** Adds a request to a queue. The test decides when its processing ends. */
function push(queue: EndpointQueue, ttlSeconds: number, log: string[], name: string): { end(): Promise<void> } {
  let end: () => void = () => undefined;
  queue.push({
    ttlSeconds,
    process: () => {
      log.push(`processes ${name}`);
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

test('the queue processes as many requests as the concurrency allows, and the others in the order of arrival', async () => {
  const log: string[] = [];
  const queue = new EndpointQueue(2, new ManualClock(), () => true);
  const [first] = ['a', 'b', 'c', 'd'].map((name) => push(queue, 60, log, name));
  expect(log).toEqual(['processes a', 'processes b']);
  await first!.end();
  expect(log).toEqual(['processes a', 'processes b', 'processes c']);
});

test('the queue can process the latest request first', async () => {
  const log: string[] = [];
  const queue = new EndpointQueue(1, new ManualClock(), () => false);
  const [first] = ['a', 'b', 'c'].map((name) => push(queue, 60, log, name));
  await first!.end();
  expect(log).toEqual(['processes a', 'processes c']);
});

test('a request that waits longer than its TTL expires, and a request in flight does not', async () => {
  const log: string[] = [];
  const clock = new ManualClock();
  const queue = new EndpointQueue(1, clock, () => true);
  const inFlight = push(queue, 60, log, 'in flight');
  push(queue, 60, log, 'short');
  push(queue, 61, log, 'long');
  clock.advance(60);
  expect(log).toEqual(['processes in flight', 'expires short']);
  await inFlight.end();
  expect(log).toEqual(['processes in flight', 'expires short', 'processes long']);
  clock.advance(60);
  expect(log).toHaveLength(3);
});

test('a cleared queue neither processes nor expires its requests', async () => {
  const log: string[] = [];
  const clock = new ManualClock();
  const queue = new EndpointQueue(1, clock, () => true);
  const inFlight = push(queue, 60, log, 'in flight');
  push(queue, 60, log, 'waiting');
  queue.clear();
  clock.advance(61);
  await inFlight.end();
  expect(log).toEqual(['processes in flight']);
});

test('each request is processed once, and never more at a time than the concurrency allows', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(3), { maxLength: 30 }),
      async (maxConcurrency, turns) => {
        const queue = new EndpointQueue(maxConcurrency, new ManualClock(), () => true);
        let running = 0;
        let most = 0;
        const runs = turns.map(
          (length) =>
            new Promise<void>((resolve) => {
              queue.push({
                ttlSeconds: 60,
                process: async () => {
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
        expect(most).toBe(Math.min(maxConcurrency, turns.length));
      },
    ),
    { numRuns: 50 },
  );
});
