import { join } from 'node:path';
import { startCaller } from './caller-processes';
import type { Task } from './caller-process';
import { coldStart } from './cold-start';
import { CpuShare } from './cpu-share';
import { spreadOf } from './measurement';
import type { Spread } from './measurement';
import { startService } from './service';

/** The memory in MB with which a function has one vCPU, by the documentation of Lambda. Less memory has its share. */
const MEMORY_OF_ONE_CORE = 1_769;

/** The time that the service takes for a request, in milliseconds: without it, a call would have no wait. */
const DELAY_MILLISECONDS = 10;

const BUNDLE = join(__dirname, '../lambda/dist/invoker/index.js');

/** What an invocation takes in a function with so much memory, in milliseconds. */
export interface MemoryFigures {
  readonly memory: number;
  /** From the start of the program to the first response. Node.js itself has started before. */
  readonly coldStart: Spread;
  readonly call: Spread;
  readonly batchOfTen: Spread;
  readonly batchOfThousand: Spread;
  /** For a million requests by warm invocations, each billed in whole milliseconds. */
  readonly gigabyteSeconds: Readonly<Record<'call' | 'batchOfTen' | 'batchOfThousand', number>>;
}

/** Invocations of the shipped bundle under the quota of each memory size. A text says why this machine cannot measure them. */
export async function shares(
  rounds: number,
  memorySizes: readonly number[],
): Promise<readonly MemoryFigures[] | string> {
  const share = CpuShare.create();
  if (typeof share === 'string') return share;
  const service = await startService('https');
  service.answerAfter(DELAY_MILLISECONDS);
  try {
    const figures: MemoryFigures[] = [];
    for (const memory of memorySizes) {
      process.stderr.write(`share ${memory} MB …\n`);
      const limit = memory / MEMORY_OF_ONE_CORE;
      share.limit(limit);
      const coldStarts: number[] = [];
      for (let round = 0; round < rounds; round += 1)
        coldStarts.push((await coldStart(BUNDLE, service.environment, share)).answer);
      share.limit();
      const caller = await startCaller('invoker', service, { memory, share });
      await caller.perform({ calls: 1_000, concurrency: 10, bytes: 2_000 });
      share.limit(limit);
      const measure = async (task: Task, times = rounds): Promise<Spread> => {
        const latencies: number[] = [];
        for (let round = 0; round < times; round += 1) latencies.push(...(await caller.perform(task)).latencies);
        return spreadOf(latencies);
      };
      const call = await measure({ calls: 20, concurrency: 1, bytes: 2_000 });
      const batchOfTen = await measure({ calls: 10, times: 5, concurrency: 1, bytes: 200, asMessages: true });
      const batchOfThousand = await measure({ calls: 1_000, concurrency: 1, bytes: 200, asMessages: true }, 3);
      await caller.end();
      const gigabyteSeconds = ({ median }: Spread, requests: number) =>
        (memory / 1_024) * (Math.ceil(median) / 1_000) * (1e6 / requests);
      figures.push({
        memory,
        coldStart: spreadOf(coldStarts),
        call,
        batchOfTen,
        batchOfThousand,
        gigabyteSeconds: {
          call: gigabyteSeconds(call, 1),
          batchOfTen: gigabyteSeconds(batchOfTen, 10),
          batchOfThousand: gigabyteSeconds(batchOfThousand, 1_000),
        },
      });
    }
    return figures;
  } finally {
    share.remove();
    await service.stop();
  }
}
