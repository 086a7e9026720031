import { fork } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import type { Effort, Task } from './caller-process';
import type { Caller } from './callers';
import { compile } from './compile';
import type { Service } from './service';

/** How large the parts of a heap are in a Lambda function with the memory that an invoker has by default: 5 and 90 % of it. */
const HEAP_OF_256_MIB = ['--max-semi-space-size=12', '--max-old-space-size=230'];

/**
 * A caller in a process of its own, apart from the service and from other callers.
 *
 * @param log whether the log of the caller is kept. By default it goes nowhere, as fast as a file.
 */
export async function startCaller(caller: Caller, { environment }: Service, log: 'keep' | 'ignore' = 'ignore') {
  const child = fork(await compile('caller-process'), [caller], {
    env: { ...environment, PATH: process.env.PATH },
    execArgv: HEAP_OF_256_MIB,
    stdio: ['ignore', log === 'keep' ? 'pipe' : 'ignore', 'inherit', 'ipc'],
  });
  const output = child.stdout ? buffer(child.stdout) : undefined;
  return {
    perform: (task: Task): Promise<Effort> =>
      new Promise((resolve, reject) => {
        const failed = (code: number | null) => {
          reject(new Error(`the caller ${caller} ended with ${code}`));
        };
        child.once('exit', failed);
        child.once('message', (effort) => {
          child.off('exit', failed);
          resolve(effort as Effort);
        });
        child.send(task);
      }),
    /** Ends the process and returns what it logged. */
    end: async (): Promise<Buffer | undefined> => {
      child.disconnect();
      return output;
    },
  };
}
