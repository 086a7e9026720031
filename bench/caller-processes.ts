import { fork } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import type { Effort, Task } from './caller-process';
import type { Caller } from './callers';
import type { CpuShare } from './cpu-share';
import { compile } from './compile';
import type { Service } from './service';

/** How large the parts of a heap are in a Lambda function with so much memory: 5 and 90 % of it. */
const heapOf = (memory: number) => [
  `--max-semi-space-size=${Math.floor(memory * 0.05)}`,
  `--max-old-space-size=${Math.floor(memory * 0.9)}`,
];

interface CallerOptions {
  /** Whether the log is kept. By default it goes nowhere, as fast as a file. */
  readonly keepLog?: boolean;
  /** The memory of its function in MB. By default that of an invoker. */
  readonly memory?: number;
  /** The CPU that it gets. By default all. */
  readonly share?: CpuShare;
}

/** A caller in a process of its own, apart from the service and from other callers. */
export async function startCaller(
  caller: Caller,
  { environment }: Service,
  { keepLog = false, memory = 256, share }: CallerOptions = {},
) {
  const child = fork(await compile('caller-process'), [caller], {
    env: { ...environment, PATH: process.env.PATH },
    ...(share?.launch(heapOf(memory)) ?? { execArgv: heapOf(memory) }),
    stdio: ['ignore', keepLog ? 'pipe' : 'ignore', 'inherit', 'ipc'],
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
