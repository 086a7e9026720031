import { InvokeEndpointAsyncCommand } from '@aws-sdk/client-sagemaker-runtime';
import { TIMEOUTS } from '../../../lambda/shared/timeouts';
import type { Answer, Server } from '../../support/sagemaker-runtime-server';
import { clientOf, startServer } from '../../support/sagemaker-runtime-server';

/** The timeouts that ship, at a fortieth of their length. */
const SCALE = 40;
const scaled = Object.fromEntries(
  Object.entries(TIMEOUTS).map(([name, value]) => [name, typeof value === 'number' ? value / SCALE : value]),
);

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test.each<[string, Answer]>([
  ['no response', () => undefined],
  [
    'half a response',
    (response) => {
      response.writeHead(202, { 'content-length': 100, 'x-amzn-sagemaker-outputlocation': 's3://b/k' }).write('{');
    },
  ],
])('an attempt that gets %s ends after eight seconds', async (_, answer) => {
  server.answerWith(answer);
  const client = clientOf(server.url, { maxAttempts: 1, requestHandler: scaled });
  const started = performance.now();
  // A client without the timeout would wait for as long as the test runs.
  const end = setTimeout(() => {
    client.destroy();
    void server.stop();
  }, 5_000);
  await expect(
    client.send(new InvokeEndpointAsyncCommand({ EndpointName: 'e', Body: Buffer.from('x') })),
  ).rejects.toMatchObject({ name: expect.stringMatching(/^TimeoutError$/) as string });
  clearTimeout(end);
  expect((performance.now() - started) * SCALE).toBeGreaterThanOrEqual(7_900);
  client.destroy();
});

test('three attempts end within the 30 seconds that the functions have by default', () => {
  const { connectionTimeout, requestTimeout, socketTimeout } = TIMEOUTS;
  expect(3 * (connectionTimeout + requestTimeout)).toBeLessThanOrEqual(30_000);
  expect(3 * (connectionTimeout + socketTimeout)).toBeLessThanOrEqual(30_000);
});
