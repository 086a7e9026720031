import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from '../../../examples/own-container/app';
import { startExample } from '../../support/example-run';
import { ServerProcess } from '../../support/server-process';

const CONTAINER = 'examples/own-container/container';
const folder = mkdtempSync(join(tmpdir(), 'own-container-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the container with another model. */
function withModel(name: string, code: string): string {
  const copy = join(folder, name);
  cpSync(CONTAINER, copy, { recursive: true });
  writeFileSync(join(copy, 'model.mjs'), `export class InputError extends Error {}\n${code}`);
  return join(copy, 'server.mjs');
}

/** A model that occupies its thread for as long as the input says. */
const BUSY = withModel(
  'busy',
  `export async function load() {}
  export async function predict(body) {
    const end = Date.now() + Number(body);
    while (Date.now() < end);
    return { contentType: 'text/plain', body: 'done' };
  }`,
);

test('a request passes through the deployed bundle to the server, and comes back as a result', async () => {
  const { send } = await startExample(app, `node ${CONTAINER}/server.mjs`);
  expect(await send({ Body: 'The cat and the dog.', ContentType: 'text/plain' })).toMatchObject({
    notification: { responseParameters: { contentType: 'application/json' } },
    result: { words: { the: 2, cat: 1, and: 1, dog: 1 } },
  });
  expect(await send({ Body: { text: 'The cat' } })).toMatchObject({
    error: { errorType: 'Failed' },
    failure: { error: 'the content type must be text/plain, got application/json' },
  });
});

test('a response has a length, as asynchronous inference requires', async () => {
  const { invoke } = await ServerProcess.start(`${CONTAINER}/server.mjs`);
  const { status, headers, body } = await invoke('Straße straße', 'text/plain');
  expect([status, body]).toEqual([200, '{"words":{"straße":2}}']);
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
});

test('a ping is answered while all threads are busy', async () => {
  const server = await ServerProcess.start(BUSY, { WORKERS: '2' });
  const { invoke } = server;
  const order: string[] = [];
  const invocations = ['3000', '3000', '0'].map((time) =>
    invoke(time, 'text/plain').then(({ status }) => order.push(`${status} after ${time}`)),
  );
  expect(await server.ping()).toBe(200);
  order.push('ping');
  await Promise.all(invocations);
  // The third request waited for one of the two threads.
  expect(order[0]).toBe('ping');
  expect(order.sort()).toEqual(['200 after 0', '200 after 3000', '200 after 3000', 'ping']);
});

test('a ping fails until the model is loaded', async () => {
  const slow = withModel(
    'slow',
    `export const load = () => new Promise((resolve) => setTimeout(resolve, 2000));
    export const predict = () => ({ contentType: 'text/plain', body: 'done' });`,
  );
  const server = await ServerProcess.start(slow, {}, { isHealthy: false });
  const statuses = new Set<number>();
  while (!statuses.has(200))
    await server.ping().then(
      (status) => statuses.add(status),
      () => undefined,
    );
  expect([...statuses]).toEqual([503, 200]);
});

test('SIGTERM ends the server when the requests in flight have their results', async () => {
  const server = await ServerProcess.start(BUSY, { WORKERS: '1' });
  const { invoke } = server;
  const invocation = invoke('2000', 'text/plain');
  await new Promise((resolve) => setTimeout(resolve, 500));
  server.stop();
  expect(await invocation).toMatchObject({ status: 200, body: 'done' });
  const answered = Date.now();
  expect(await server.exitCode).toBe(0);
  // It does not wait for connections that clients keep open, which takes 5 seconds here.
  expect(Date.now() - answered).toBeLessThan(3_000);
  await expect(server.ping()).rejects.toThrow();
});

test('a model that cannot be loaded ends the container, with the reason in its log', async () => {
  const broken = withModel(
    'broken',
    `export const load = () => { throw new Error('no weights'); };\nexport const predict = load;`,
  );
  const server = await ServerProcess.start(broken, {}, { isHealthy: false });
  expect(await server.exitCode).toBe(1);
  expect(server.errors).toContain('no weights');
});

test('a thread that ends fails its request only, and another one takes its place', async () => {
  const fragile = withModel(
    'fragile',
    `export const load = () => undefined;
    export const predict = (body) => {
      if (String(body) === 'end') setTimeout(() => { throw new Error('out of memory'); });
      if (String(body) === 'throw') throw new Error('not a number');
      return String(body) === 'end' ? new Promise(() => undefined) : { contentType: 'text/plain', body: 'done' };
    };`,
  );
  const { invoke } = await ServerProcess.start(fragile);
  expect(await invoke('throw', 'text/plain')).toMatchObject({ status: 500, body: '{"error":"not a number"}' });
  expect(await invoke('end', 'text/plain')).toMatchObject({ status: 500, body: '{"error":"the model ended"}' });
  expect(await invoke('again', 'text/plain')).toMatchObject({ status: 200, body: 'done' });
});

test('the image starts the server directly, so that it receives SIGTERM, and contains all of its files', () => {
  const dockerfile = readFileSync(`${CONTAINER}/Dockerfile`, 'utf8');
  expect(dockerfile).toMatch(/^ENTRYPOINT \["node", "server\.mjs"\]$/m);
  expect(dockerfile).toMatch(/^COPY \*\.mjs \.\/$/m);
});
