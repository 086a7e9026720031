import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { killOnExit } from '../app/kill-on-exit';
import { Container } from './container';
import { LocalServer } from './local-server';
import type { Model } from './model';

/**
 * Starts a command that serves the contract of a model container, and waits until it is healthy. The command gets the environment of
 * the container, and the address to listen on as HOST and PORT.
 *
 * @throws Error if the command ends before it is healthy
 */
export async function startContainerCommand(
  command: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Model> {
  const url = await freeAddress();
  const { hostname: HOST, port: PORT } = new URL(url);
  const child = spawn(command, {
    shell: true,
    // A process group of its own, because a killed shell leaves the processes that it started.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment, HOST, PORT },
  });
  const close = killOnExit(child, () => process.kill(-child.pid!, 'SIGKILL'));
  const waiting = new AbortController();
  const ended = once(child, 'exit').then(([exitCode]) => {
    waiting.abort();
    throw new Error(`The container command "${command}" ended with exit code ${String(exitCode)}.`);
  });
  // A command that ends later fails the requests.
  ended.catch(() => undefined);
  await Promise.race([new Container(url).becomeHealthy(waiting.signal), ended]);
  return { url, close };
}

/** An address on which nothing listens. */
async function freeAddress(): Promise<string> {
  const server = await LocalServer.start(() => undefined);
  await server.close();
  return server.url;
}
