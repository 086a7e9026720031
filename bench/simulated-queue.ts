import { retryDelaySeconds } from '../lib/contract/request-queue';
import type { Random } from './random';
import { between } from './random';

// Jest looks up a global slowly, and this runs millions of times.
const { floor, max, min, round } = Math;

/** What a run of the workflow reads: of metrics, the newest values of the last minutes. */
export interface Reading {
  readonly second: number;
  /** Instances in service, or undefined where the endpoint cannot be described. */
  readonly instances?: number;
  /** Instances that were asked for. */
  readonly desired: number;
  readonly backlog?: number;
  readonly age?: number;
  readonly unserved?: number;
}

/** What a workflow wants an event source mapping to be. */
export interface MappingState {
  readonly enabled: boolean;
  readonly concurrency: number;
}

/** How a request queue is drained. */
export interface QueuePolicy {
  /** The least time between two messages of one execution environment. */
  readonly intervalSeconds: number;
  readonly initialConcurrency: number;
  readonly maxReceiveCount: number;
  /** What the workflow wants in each minute. Undefined where the mapping is always enabled. */
  readonly decide?: (reading: Reading) => MappingState;
}

/** What AWS does to the parts of a request queue. */
export interface QueueBehavior {
  /** The part of the workflow's starts that get lost. */
  readonly lostRuns: number;
  /** From a change of a mapping to the settled state, in seconds. */
  readonly switchSeconds: readonly [number, number];
  /** The part of the changes that fail. */
  readonly failedSwitches: number;
}

/** A run of the workflow ends when the mapping is as it should be, and after this time in any case. */
const LONGEST_RUN_SECONDS = 240;

/** An event source mapping, its function and the workflow that changes it. */
export class SimulatedMapping {
  private state: MappingState;
  private change?: { readonly at: number; readonly state: MappingState };
  private runsUntil = -Infinity;
  /** Messages that may be submitted now. */
  private credit = 0;

  constructor(
    private readonly policy: QueuePolicy,
    private readonly aws: QueueBehavior,
    private readonly random: Random,
  ) {
    this.state = { enabled: true, concurrency: policy.initialConcurrency };
  }

  public advance(second: number): void {
    if (this.change === undefined || this.change.at > second) return;
    const before = this.state.enabled ? this.state.concurrency : 0;
    this.state = this.change.state;
    this.change = undefined;
    if (this.state.enabled) this.credit += max(0, this.state.concurrency - before);
  }

  /** Takes as many messages as the function may submit in so many seconds. An environment that has rested does so at once. */
  public take(seconds: number, visible: number): number {
    if (!this.state.enabled) {
      this.credit = 0;
      return 0;
    }
    this.credit += (seconds * this.state.concurrency) / this.policy.intervalSeconds;
    const most = min(floor(this.credit), visible);
    this.credit = visible > most ? this.credit - most : min(this.credit - most, this.state.concurrency);
    return most;
  }

  public start(second: number): void {
    if (this.random() >= this.aws.lostRuns) this.runsUntil = second + LONGEST_RUN_SECONDS;
  }

  /** What the runs of the workflow that are in progress do: each acts on what it has just read, or leaves. */
  public run(second: number, read: () => Reading): void {
    if (second >= this.runsUntil || this.change !== undefined) return;
    const wanted = this.policy.decide!(read());
    if (wanted.enabled === this.state.enabled && wanted.concurrency === this.state.concurrency) {
      this.runsUntil = -Infinity;
    } else if (this.random() >= this.aws.failedSwitches) {
      this.change = { at: second + between(this.random, ...this.aws.switchSeconds), state: wanted };
    }
  }
}

/** What became of the messages that a function received. */
export interface Outcome {
  readonly accepted: number;
  readonly deadLetters: number;
}

/** The messages of a queue, in numbers: new ones, and those that failed by the number of their receives. */
export class SimulatedQueue {
  /** Messages that can be received. */
  public visible = 0;
  /** Messages that wait for their next receive. */
  public hidden = 0;
  private readonly failed: number[] = [];
  private retriesVisible = 0;
  /** By the step that ends their time, messages by the number of their receives. */
  private readonly returning = new Map<number, [receives: number, count: number][]>();
  private remainder = 0;

  constructor(
    private readonly maxReceiveCount: number,
    private readonly stepSeconds: number,
  ) {}

  public get size(): number {
    return this.visible + this.hidden;
  }

  public add(count: number): void {
    this.visible += count;
  }

  /** Receives messages, those first that failed most often, and tries to submit them. */
  public receive(step: number, most: number, failureRate: number): Outcome {
    this.return(step);
    let left = min(most, this.visible);
    let [accepted, deadLetters] = [0, 0];
    for (let receives = this.failed.length - 1; receives > 0 && this.retriesVisible > 0 && left > 0; receives -= 1) {
      const count = min(left, this.failed[receives] ?? 0);
      if (count === 0) continue;
      this.failed[receives]! -= count;
      this.retriesVisible -= count;
      left -= count;
      const failures = this.failuresOf(count, failureRate);
      accepted += count - failures;
      deadLetters += this.hide(step, receives + 1, failures);
    }
    const count = min(left, this.visible - accepted - this.retriesVisible);
    const failures = this.failuresOf(count, failureRate);
    deadLetters += this.hide(step, 1, failures);
    accepted += count - failures;
    this.visible -= accepted;
    return { accepted, deadLetters };
  }

  private failuresOf(count: number, failureRate: number): number {
    if (failureRate === 0 || count === 0) return 0;
    const exact = count * failureRate + this.remainder;
    const failures = min(count, floor(exact));
    this.remainder = min(1, exact - failures);
    return failures;
  }

  private hide(step: number, receives: number, count: number): number {
    if (count === 0) return 0;
    this.visible -= count;
    if (receives >= this.maxReceiveCount) return count;
    this.hidden += count;
    const at = step + max(1, round(retryDelaySeconds(receives) / this.stepSeconds));
    const returning = this.returning.get(at);
    if (returning) returning.push([receives, count]);
    else this.returning.set(at, [[receives, count]]);
    return 0;
  }

  private return(step: number): void {
    const returning = this.returning.get(step);
    if (!returning) return;
    this.returning.delete(step);
    for (const [receives, count] of returning) {
      this.failed[receives] = (this.failed[receives] ?? 0) + count;
      this.retriesVisible += count;
      this.hidden -= count;
      this.visible += count;
    }
  }
}
