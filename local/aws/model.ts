import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { killOnExit } from '../app/kill-on-exit';

/** A running model container. */
export interface Model {
  readonly url: string;
  close(this: void): Promise<void>;
}

/** Starts the language identification model in its own process. */
export async function startModel(): Promise<Model> {
  const child = fork(join(__dirname, 'model-container.ts'), {
    execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const close = killOnExit(child);
  const [url] = await Promise.race([
    once(child, 'message') as Promise<[string]>,
    once(child, 'exit').then(() => {
      throw new Error('The model did not start.');
    }),
  ]);
  return { url, close };
}
