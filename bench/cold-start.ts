import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { rmSync } from 'node:fs';
import { compare, inTurn, spreadOf } from './measurement';
import type { Spread } from './measurement';
import { startService } from './service';
import { buildStock } from './stock-bundle';

/** In milliseconds from the first line of a new process on: the handler is loaded, its first answer is here; and CPU until then. */
interface ColdStart {
  readonly load: number;
  readonly answer: number;
  readonly cpu: number;
}

export interface ColdStarts {
  readonly ours: Readonly<Record<keyof ColdStart, Spread>>;
  readonly stock: Readonly<Record<keyof ColdStart, Spread>>;
  /** Ours to the stock bundle's. */
  readonly ratio: Readonly<Record<keyof ColdStart, Spread>>;
  /** Against a stock bundle that has S3's client in the same file, as `NodejsFunction` makes it. */
  readonly ratioToStockWithS3: Readonly<Record<keyof ColdStart, Spread>>;
}

const FIGURES = ['load', 'answer', 'cpu'] as const;

/** Cold starts in turn: ours, the stock bundle's, and the stock bundle's with S3's client in the same file. */
export async function coldStarts(rounds: number): Promise<ColdStarts> {
  const service = await startService();
  const [stock, stockWithS3] = await Promise.all([buildStock({ withS3: false }), buildStock({ withS3: true })]);
  try {
    const start = (bundle: string) => () => coldStart(bundle, service.environment);
    const samples = await inTurn(rounds + 1, {
      ours: start(join(__dirname, '../lambda/dist/invoker/index.js')), stock: start(stock), stockWithS3: start(stockWithS3),
    });
    // The first of each reads its file from the disk
    const figures = (name: keyof typeof samples, figure: keyof ColdStart) => samples[name].slice(1).map((sample) => sample[figure]);
    const all = <T>(of: (figure: keyof ColdStart) => T) => Object.fromEntries(FIGURES.map((figure) => [figure, of(figure)])) as Record<keyof ColdStart, T>;
    return {
      ours: all((figure) => spreadOf(figures('ours', figure))),
      stock: all((figure) => spreadOf(figures('stock', figure))),
      ratio: all((figure) => compare(figures('ours', figure), figures('stock', figure))),
      ratioToStockWithS3: all((figure) => compare(figures('ours', figure), figures('stockWithS3', figure))),
    };
  } finally {
    for (const bundle of [stock, stockWithS3]) rmSync(dirname(bundle), { recursive: true });
    await service.stop();
  }
}

function coldStart(bundle: string, environment: Record<string, string>): Promise<ColdStart> {
  const child = fork(join(__dirname, 'cold-start-process.cjs'), [bundle], {
    env: environment, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', (sample) => { resolve(sample as ColdStart); });
    child.once('exit', (code) => { reject(new Error(`the cold start ended with ${code}`)); });
  });
}
