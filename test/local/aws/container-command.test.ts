import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Container } from '../../../local/aws/container';
import { startContainerCommand } from '../../../local/aws/container-command';
import { afterTests } from '../../support/after-tests';

const folder = mkdtempSync(join(tmpdir(), 'container-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A server that is healthy at once, and responds with its environment. */
const SERVER = `
require('node:http')
  .createServer((request, response) => response.end(request.url === '/ping' ? '' : JSON.stringify(process.env)))
  .listen(process.env.PORT, process.env.HOST);
`;

function aScript(name: string, code: string): string {
  const path = join(folder, name);
  writeFileSync(path, code);
  return `"${process.execPath}" "${path}"`;
}

/** Whether something still serves after ten seconds. The kernel ends the processes of a group one after the other. */
async function isStillServing(url: string): Promise<boolean> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    if (!response) return false;
    await wait(20);
  }
  return true;
}

test('a command serves as the container, with the environment of the container', async () => {
  const { url, close } = await startContainerCommand(aScript('server.js', SERVER), { MODEL_NAME: 'one' });
  afterTests(close);
  const { body } = await new Container(url).invoke(Buffer.from('x'), {}, AbortSignal.timeout(10_000));
  expect(JSON.parse(String(body))).toMatchObject({ MODEL_NAME: 'one', HOST: '127.0.0.1', PORT: new URL(url).port });
  await close();
  expect(await isStillServing(url)).toBe(false);
});

test('closing also ends the processes that the command started', async () => {
  const { url, close } = await startContainerCommand(`${aScript('child.js', SERVER)} & wait`);
  await close();
  expect(await isStillServing(url)).toBe(false);
});

test('a command that ends before it is healthy is an error with its exit code', async () => {
  await expect(startContainerCommand('exit 3')).rejects.toThrow(
    'The container command "exit 3" ended with exit code 3.',
  );
});
