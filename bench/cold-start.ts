import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { rmSync } from 'node:fs';
import type { CpuShare } from './cpu-share';
import { compare, inTurn, spreadOf } from './measurement';
import type { Spread } from './measurement';
import { startService } from './service';
import { buildStock } from './stock-bundle';

/** In milliseconds from the first line of a new process on: the handler is loaded, and its first answer is here. Also the call alone, and the CPU until the answer. */
interface ColdStart {
  readonly load: number;
  readonly call: number;
  readonly answer: number;
  readonly cpu: number;
}

type Spreads = Readonly<Record<keyof ColdStart, Spread>>;

export interface ColdStarts {
  readonly ours: Spreads;
  readonly stock: Spreads;
  /** Ours to the stock bundle's. */
  readonly ratio: Spreads;
  /** The same with S3's client in both. */
  readonly ratioWithS3: Spreads;
}

const FIGURES = ['load', 'call', 'answer', 'cpu'] as const;

/** Cold starts in turn: ours and the stock bundle's, without and with S3's client. */
export async function coldStarts(rounds: number, protocol: 'http' | 'https'): Promise<ColdStarts> {
  const service = await startService(protocol);
  const [stock, stockWithS3] = await Promise.all([buildStock({ withS3: false }), buildStock({ withS3: true })]);
  try {
    const start = (bundle: string) => () => coldStart(bundle, service.environment);
    const ours = (name: string) => start(join(__dirname, '../lambda/dist', name, 'index.js'));
    const samples = await inTurn(rounds + 1, {
      ours: ours('invoker'),
      stock: start(stock),
      oursWithS3: ours('invoker-with-s3-and-sqs'),
      stockWithS3: start(stockWithS3),
    });
    // The first of each reads its file from the disk
    const figures = (name: keyof typeof samples, figure: keyof ColdStart) =>
      samples[name].slice(1).map((sample) => sample[figure]);
    const all = <T>(of: (figure: keyof ColdStart) => T) =>
      Object.fromEntries(FIGURES.map((figure) => [figure, of(figure)])) as Record<keyof ColdStart, T>;
    return {
      ours: all((figure) => spreadOf(figures('ours', figure))),
      stock: all((figure) => spreadOf(figures('stock', figure))),
      ratio: all((figure) => compare(figures('ours', figure), figures('stock', figure))),
      ratioWithS3: all((figure) => compare(figures('oursWithS3', figure), figures('stockWithS3', figure))),
    };
  } finally {
    for (const bundle of [stock, stockWithS3]) rmSync(dirname(bundle), { recursive: true });
    await service.stop();
  }
}

/** A cold start in a process of its own, with all of the CPU or a share of it. */
export function coldStart(bundle: string, environment: Record<string, string>, share?: CpuShare): Promise<ColdStart> {
  const child = fork(join(__dirname, 'cold-start-process.cjs'), [bundle], {
    env: environment,
    ...(share?.launch([]) ?? { execArgv: [] }),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (sample) => {
      resolve(sample as ColdStart);
    });
    child.once('exit', (code) => {
      reject(new Error(`the cold start ended with ${code}`));
    });
  });
}
