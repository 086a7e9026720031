import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { App, Stack, Token } from 'aws-cdk-lib';
import { compile } from './compile';
import { defaultEndpoint } from './default-endpoint';
import { HandWrittenEndpoint } from './hand-written-endpoint';
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

/**
 * Synthesizes endpoints by the constructs and by hand, in turn, in processes that have done it before. In several sets of processes,
 * since each compiles its code in its own way and keeps to it.
 */
export async function synthesis(
  sets: number,
  rounds: number,
  sizes: readonly (readonly [stacks: number, endpointsPerStack: number])[],
): Promise<Synthesis[]> {
  const samples = sizes.map(() => ({ constructs: [] as number[], hand: [] as number[] }));
  for (let set = 0; set < sets; set += 1) {
    const children = { constructs: await startSynthesizer('constructs'), hand: await startSynthesizer('hand') };
    for (const [index, [stacks, endpointsPerStack]] of sizes.entries()) {
      const { constructs, hand } = await inTurn(rounds, {
        constructs: () => children.constructs.run(stacks, endpointsPerStack),
        hand: () => children.hand.run(stacks, endpointsPerStack),
      });
      samples[index]!.constructs.push(...constructs);
      samples[index]!.hand.push(...hand);
    }
    for (const child of Object.values(children)) child.end();
  }
  return sizes.map(([stacks, endpointsPerStack], index) => ({
    stacks,
    endpointsPerStack,
    perEndpoint: spreadOf(samples[index]!.constructs),
    ratioToHandWritten: compare(samples[index]!.constructs, samples[index]!.hand),
  }));
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

/** What CDK does for one endpoint: the constructs in the tree, the tokens that are made, and the values that the stack resolves. */
export interface SynthesisCounts {
  readonly constructs: number;
  readonly tokens: number;
  readonly resolved: number;
}

/** Counts for a default endpoint by its construct, and for the same by hand. */
export function synthesisCounts(): Readonly<Record<'constructs' | 'hand', SynthesisCounts>> {
  return {
    constructs: countSynthesis((stack) => defaultEndpoint(stack, 'Endpoint')),
    hand: countSynthesis((stack) => new HandWrittenEndpoint(stack, 'Endpoint')),
  };
}

function countSynthesis(define: (stack: Stack) => unknown): SynthesisCounts {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  const tokens = (['asString', 'asList', 'asNumber'] as const).map((name) => countCalls(Token, name));
  const resolved = countCalls(Stack.prototype, 'resolve');
  define(stack);
  const constructs = stack.node.findAll().length - 1;
  rmSync(app.synth().directory, { recursive: true });
  return { constructs, tokens: tokens.reduce((sum, end) => sum + end(), 0), resolved: resolved() };
}

/** Counts the calls of a method until the function is called that it returns. */
function countCalls<Name extends string>(owner: Record<Name, (...args: never[]) => unknown>, name: Name): () => number {
  const original = owner[name];
  let calls = 0;
  owner[name] = function (this: unknown, ...args) {
    calls += 1;
    return original.apply(this, args);
  };
  return () => {
    owner[name] = original;
    return calls;
  };
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
