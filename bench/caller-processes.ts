import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Effort, Task } from './caller-process';
import type { Caller } from './callers';
import type { Service } from './service';

/** A caller in a process of its own, apart from the service and from other callers. What it logs goes nowhere, as fast as a file. */
export function startCaller(caller: Caller, { environment }: Service) {
  const child = fork(join(__dirname, 'caller-process.ts'), [caller], {
    env: { ...environment, PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    perform: (task: Task): Promise<Effort> => new Promise((resolve, reject) => {
      const failed = (code: number | null) => { reject(new Error(`the caller ${caller} ended with ${code}`)); };
      child.once('exit', failed);
      child.once('message', (effort) => {
        child.off('exit', failed);
        resolve(effort as Effort);
      });
      child.send(task);
    }),
    end: () => { child.disconnect(); },
  };
}
