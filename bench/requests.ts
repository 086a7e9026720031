import type { Effort, Task } from './caller-process';
import { startCaller } from './caller-processes';
import type { Caller } from './callers';
import { compare, inTurn, spreadOf } from './measurement';
import type { Spread } from './measurement';
import type { Service } from './service';
import { startService } from './service';

/** One kind of load on a service that answers after a while: in milliseconds, and against other ways to send the same. */
export interface Submission {
  readonly bytes: number;
  readonly delayMs: number;
  readonly ours: Spread;
  /** To an upload and a request that names it. */
  readonly ratioToUpload: Spread;
  /** What the handler adds to the bare SDK, in milliseconds. */
  readonly addedToSdk: Spread;
}

export interface Flood {
  readonly payloads: number;
  readonly concurrency: number;
  readonly delayMs: number;
  /** That reached the service: of ours, and of the way with an upload. */
  readonly requests: { readonly ours: number; readonly upload: number };
  readonly ratioToUpload: Spread;
}

export interface WarmCalls {
  readonly concurrency: number;
  /** In milliseconds a call. */
  readonly cpu: Readonly<Record<'invoker' | 'sdk' | 'floor', Spread>>;
  readonly cpuRatioToSdk: Spread;
  readonly cpuRatioToFloor: Spread;
  readonly timeRatioToSdk: Spread;
}

export interface Batch {
  readonly records: number;
  /** In records per second. */
  readonly rate: Spread;
  readonly rateRatioToSdk: Spread;
  /** In bytes, of a process that served such batches only, and of one that sent as much by the SDK. */
  readonly peakMemory: { readonly invoker: number; readonly sdk: number };
}

/** Calls one after the other, of each size and delay: from the call to the answer. */
export function submissions(
  calls: number,
  rounds: number,
  sizes: readonly number[],
  delays: readonly number[],
): Promise<Submission[]> {
  return withCallers(['invoker', 'sdk', 'upload'], async (service, perform, callers) => {
    await assertSameRequests(service, callers, { calls: 1, concurrency: 1, bytes: 1 });
    const results: Submission[] = [];
    for (const bytes of sizes) {
      for (const delayMs of delays) {
        service.answerAfter(delayMs);
        const efforts = await perform(rounds, { calls, concurrency: 1, bytes });
        const [ours, sdk, upload] = [efforts.invoker, efforts.sdk, efforts.upload].map((rounds) =>
          rounds.map(({ latencies }) => spreadOf(latencies).median),
        );
        results.push({
          bytes,
          delayMs,
          ours: spreadOf(ours!),
          ratioToUpload: compare(ours!, upload!),
          addedToSdk: compare(ours!, sdk!, (a, b) => a - b),
        });
      }
    }
    return results;
  });
}

/** Many payloads at once, counted where they arrive. */
export function flood(payloads: number, concurrency: number, rounds: number, delayMs: number): Promise<Flood> {
  return withCallers(['invoker', 'upload'], async (service, perform, callers) => {
    service.answerAfter(delayMs);
    const task = { calls: payloads, concurrency, bytes: 2_000 };
    service.count();
    const count = async (caller: Caller) => {
      await callers[caller]!.perform(task);
      const { invocations, uploads } = service.count();
      return invocations + uploads;
    };
    const requests = { ours: await count('invoker'), upload: await count('upload') };
    const efforts = await perform(rounds, task);
    return {
      payloads,
      concurrency,
      delayMs,
      requests,
      ratioToUpload: compare(walls(efforts.invoker), walls(efforts.upload)),
    };
  });
}

/**
 * What a call costs a process that has warmed up, against the bare SDK and the least there is to do. In several sets of processes,
 * since each compiles its code in its own way and keeps to it.
 */
export async function warmCalls(calls: number, sets: number, rounds: number, concurrency: number): Promise<WarmCalls> {
  const efforts: Record<'invoker' | 'sdk' | 'floor', Effort[]> = { invoker: [], sdk: [], floor: [] };
  for (let set = 0; set < sets; set += 1) {
    const more = await withCallers(['invoker', 'sdk', 'floor'], async (service, perform, callers) => {
      const task = { calls, concurrency, bytes: 2_000 };
      await assertSameRequests(service, callers, task);
      return perform(rounds, task);
    });
    for (const caller of ['invoker', 'sdk', 'floor'] as const) efforts[caller].push(...more[caller]);
  }
  const cpu = (caller: keyof typeof efforts) => efforts[caller].map((effort) => effort.cpu / calls);
  return {
    concurrency,
    cpu: { invoker: spreadOf(cpu('invoker')), sdk: spreadOf(cpu('sdk')), floor: spreadOf(cpu('floor')) },
    cpuRatioToSdk: compare(cpu('invoker'), cpu('sdk')),
    cpuRatioToFloor: compare(cpu('invoker'), cpu('floor')),
    timeRatioToSdk: compare(walls(efforts.invoker), walls(efforts.sdk)),
  };
}

/**
 * Batches of SQS, so many a round, against the bare SDK with the same members and as many requests at once as the handler has.
 *
 * @throws Error if the two do not send the same
 */
export function batch(records: number, times: number, rounds: number, concurrency = 10): Promise<Batch> {
  // As large as fits the 6 MB that a function is called with
  const task = { calls: records, times, concurrency, bytes: 200, asMessages: true };
  return withCallers(['invoker', 'sdk'], async (service, perform, callers) => {
    await assertSameRequests(service, callers, { ...task, times: 1 });
    const efforts = await perform(rounds, task);
    return {
      records,
      rate: spreadOf(walls(efforts.invoker).map((wall) => ((records * times) / wall) * 1_000)),
      rateRatioToSdk: compare(walls(efforts.sdk), walls(efforts.invoker)),
      peakMemory: { invoker: peakMemory(efforts.invoker), sdk: peakMemory(efforts.sdk) },
    };
  });
}

/** The bytes that the handler logs per request, with metrics: of direct calls (a batch of 0), or of a batch of SQS. */
export async function logBytes(batch: number): Promise<number> {
  const service = await startService('http');
  const caller = await startCaller('invoker', service, { keepLog: true });
  const calls = batch === 0 ? 10 : batch;
  await caller.perform({ calls, concurrency: 1, bytes: 2_000, asMessages: batch > 0 });
  const log = await caller.end();
  await service.stop();
  return log!.length / calls;
}

/** A comparison of two that sign different headers would say nothing. */
async function assertSameRequests(service: Service, callers: Callers, task: Task): Promise<void> {
  const headers: string[] = [];
  for (const caller of [callers.invoker!, callers.sdk!]) {
    service.count();
    await caller.perform(task);
    headers.push(service.count().signedHeaders.join('\n'));
  }
  if (headers[0] !== headers[1])
    throw new Error(`the handler and the SDK sign different headers:\n${headers.join('\n')}`);
}

const WARM_UP = { calls: 1_000, concurrency: 10, bytes: 2_000 };

type Perform<Name extends Caller> = (rounds: number, task: Task) => Promise<Record<Name, Effort[]>>;
type Callers = Partial<Record<Caller, Awaited<ReturnType<typeof startCaller>>>>;

/** A service and callers that have warmed up, for as long as they are used. */
async function withCallers<Name extends Caller, T>(
  names: readonly Name[],
  use: (service: Service, perform: Perform<Name>, callers: Callers) => Promise<T>,
) {
  const service = await startService('https');
  const callers: Callers = {};
  try {
    for (const name of names) callers[name] = await startCaller(name, service);
    for (const name of names) await callers[name]!.perform(WARM_UP);
    const perform: Perform<Name> = (rounds, task) =>
      inTurn(
        rounds,
        Object.fromEntries(names.map((name) => [name, () => callers[name]!.perform(task)])) as Record<
          Name,
          () => Promise<Effort>
        >,
      );
    return await use(service, perform, callers);
  } finally {
    await Promise.all(Object.values(callers).map((caller) => caller.end()));
    await service.stop();
  }
}

function peakMemory(efforts: readonly Effort[]): number {
  return Math.max(...efforts.map((effort) => effort.peakMemory));
}

function walls(efforts: readonly Effort[]): number[] {
  return efforts.map(({ wall }) => wall);
}
