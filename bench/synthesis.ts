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
  const children = { constructs: await startSynthesizer('constructs'), hand: await startSynthesizer('hand') };
  const results: Synthesis[] = [];
  for (const [stacks, endpointsPerStack] of sizes) {
    const samples = await inTurn(rounds, {
      constructs: () => children.constructs.run(stacks, endpointsPerStack),
      hand: () => children.hand.run(stacks, endpointsPerStack),
    });
    results.push({
      stacks,
      endpointsPerStack,
      perEndpoint: spreadOf(samples.constructs),
      ratioToHandWritten: compare(samples.constructs, samples.hand),
    });
  }
  for (const child of Object.values(children)) child.end();
  return results;
}

/** How the time per endpoint grows with their number, where each has every construct of the library. */
export async function synthesisGrowth(
  rounds: number,
  endpointsPerStack: number,
  stacks: readonly [few: number, many: number],
): Promise<{ readonly few: Spread; readonly many: Spread; readonly ratio: Spread }> {
  const child = await startSynthesizer('everything');
  const { few, many } = await inTurn(rounds, {
    few: () => child.run(stacks[0], endpointsPerStack),
    many: () => child.run(stacks[1], endpointsPerStack),
  });
  child.end();
  return { few: spreadOf(few), many: spreadOf(many), ratio: compare(many, few) };
}

async function startSynthesizer(by: SynthesisTask['by']) {
  const child = fork(await compile('synthesis-process'), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const run = async (stacks: number, endpointsPerStack: number): Promise<number> => {
    child.send({ by, stacks, endpointsPerStack } satisfies SynthesisTask);
    const [milliseconds] = (await once(child, 'message')) as [number];
    return milliseconds / (stacks * endpointsPerStack);
  };
  await run(1, 3);
  return {
    /** Returns the milliseconds per endpoint. */
    run,
    end: () => {
      child.disconnect();
    },
  };
}
