// The process of a caller: it makes the calls that it receives, and reports the time that they took.
import type { Caller } from './callers';
import { CALLERS, context, loadHandler } from './callers';

/** So many calls, so many at once, each with a payload of so many bytes. Or the same payloads as messages of SQS. */
export interface Task {
  readonly calls: number;
  readonly concurrency: number;
  readonly bytes: number;
  /** A handler receives them as one batch. All others send each with the members that a message has. */
  readonly asMessages?: boolean;
  /** How often, one time after the other. Once if absent. */
  readonly times?: number;
}

/** In milliseconds, and bytes of memory that the process never had more of. */
export interface Effort {
  /** Of each call, or of each batch. */
  readonly latencies: readonly number[];
  readonly wall: number;
  readonly cpu: number;
  readonly peakMemory: number;
}

const caller = process.argv[2] as Caller;
const call = CALLERS[caller]();

async function perform({ calls, concurrency, bytes, asMessages, times = 1 }: Task): Promise<Effort> {
  const payload = 'x'.repeat(bytes);
  const batch = asMessages && caller === 'invoker' && { handler: loadHandler(), event: sqsEvent(calls, payload) };
  const latencies: number[] = [];
  const work = async (turns: Iterator<number>) => {
    while (!turns.next().done) {
      const began = performance.now();
      await call(payload, asMessages);
      latencies.push(performance.now() - began);
    }
  };
  const began = { wall: performance.now(), cpu: process.cpuUsage() };
  for (let time = 0; time < times; time += 1) {
    const turns = Array(calls).keys();
    if (batch) {
      const began = performance.now();
      await batch.handler(batch.event, context());
      latencies.push(performance.now() - began);
    } else await Promise.all(Array.from({ length: concurrency }, () => work(turns)));
  }
  const { user, system } = process.cpuUsage(began.cpu);
  return {
    latencies,
    wall: performance.now() - began.wall,
    cpu: (user + system) / 1_000,
    peakMemory: process.resourceUsage().maxRSS * 1_024,
  };
}

function sqsEvent(messages: number, body: string) {
  const message = {
    body,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:requests',
    messageAttributes: {},
  };
  return { Records: Array.from({ length: messages }, () => ({ ...message, messageId: crypto.randomUUID() })) };
}

process.on('message', (task: Task) => {
  void perform(task).then((effort) => process.send!(effort));
});
