import { fork } from 'node:child_process';
import { once } from 'node:events';
import { compile } from './compile';
import { compare, inTurn, spreadOf } from './measurement';
import type { Spread } from './measurement';
import type { SynthesisTask } from './synthesis-process';

export interface Synthesis {
  readonly stacks: number;
  readonly endpointsPerStack: number;
  /** In milliseconds an endpoint. */
  readonly perEndpoint: Spread;
  readonly ratioToHandWritten: Spread;
}

/** Synthesizes endpoints by the constructs and by hand, in turn, in processes that have done it before. */
export async function synthesis(
  rounds: number,
  sizes: readonly (readonly [stacks: number, endpointsPerStack: number])[],
): Promise<Synthesis[]> {
  const compiled = await compile('synthesis-process');
  const start = () => fork(compiled, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const children = { constructs: start(), hand: start() };
  const run = async (by: SynthesisTask['by'], stacks: number, endpointsPerStack: number) => {
    children[by].send({ by, stacks, endpointsPerStack } satisfies SynthesisTask);
    const [milliseconds] = (await once(children[by], 'message')) as [number];
    return milliseconds / (stacks * endpointsPerStack);
  };
  const results: Synthesis[] = [];
  for (const by of ['constructs', 'hand'] as const) await run(by, 1, 3);
  for (const [stacks, endpointsPerStack] of sizes) {
    const samples = await inTurn(rounds, {
      constructs: () => run('constructs', stacks, endpointsPerStack),
      hand: () => run('hand', stacks, endpointsPerStack),
    });
    results.push({
      stacks,
      endpointsPerStack,
      perEndpoint: spreadOf(samples.constructs),
      ratioToHandWritten: compare(samples.constructs, samples.hand),
    });
  }
  for (const child of Object.values(children)) child.disconnect();
  return results;
}
