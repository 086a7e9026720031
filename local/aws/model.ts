import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { guard } from '../app/child';

/** A model in its container: where it listens, and what ends it. */
export interface Model {
  readonly url: string;
  end(this: void): Promise<void>;
}

/** Starts the language identification model, in a process of its own. */
export async function startModel(): Promise<Model> {
  const child = fork(join(__dirname, 'model-container.ts'), {
    execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const end = guard(child);
  const [port] = await Promise.race([
    once(child, 'message') as Promise<[number]>,
    once(child, 'exit').then(() => {
      throw new Error('the model did not start');
    }),
  ]);
  return { url: `http://127.0.0.1:${port}`, end };
}
