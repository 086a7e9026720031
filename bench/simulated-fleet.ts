import type { Random } from './random';
import { between } from './random';
import type { AlarmRule } from './simulated-metrics';
import { evaluate } from './simulated-metrics';

// Jest looks up a global slowly, and this runs millions of times.
const { ceil, max, min } = Math;

/** How the instances of an endpoint follow its work. */
export interface ScalingPolicy {
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly scaleOutCooldownSeconds: number;
  readonly scaleInCooldownSeconds: number;
  readonly targetBacklogPerInstance: number;
  /** What target tracking compares with the target, in metric math. */
  readonly tracked: string;
  readonly wake: {
    /** What the wake policy's alarm watches, in metric math. */
    readonly demand: string;
    readonly evaluationPeriods: number;
    readonly datapointsToAlarm: number;
    readonly capacityFor: (demand: number, desired: number) => number;
    readonly cooldownSeconds?: number;
  };
}

/** What AWS does with a wish for capacity. */
export interface CapacityBehavior {
  /** From a change of the capacity to the instances in service, in seconds. */
  readonly startSeconds: readonly [number, number];
  /** The most instances that AWS has at a second. */
  readonly available: (second: number) => number;
  /** Instances that AWS takes away for as long as one takes to start. */
  readonly losses: readonly { readonly second: number; readonly instances: number }[];
  /** Whether a step policy can be used with metric math, and an exact capacity without instances. */
  readonly wakePolicyWorks: boolean;
  /** What target tracking starts without instances: one, or as many as the target asks for. */
  readonly tracksFromZero: 'one' | 'all';
}

// How target tracking works, which AWS does not promise.
const TRACKING_OUT: AlarmRule = { evaluationPeriods: 3, datapointsToAlarm: 3, breaches: (ratio) => ratio > 1 };
const TRACKING_IN: AlarmRule = { evaluationPeriods: 15, datapointsToAlarm: 15, breaches: (ratio) => ratio < 0.9 };
/** How long an endpoint stays in the state Updating after it has lost instances. */
const SCALE_IN_SECONDS = 90;
/** How long it stays in that state at most after AWS could not start all the instances that were asked for. */
const LONGEST_SEARCH_SECONDS = 1_800;

/** The instances of an endpoint. While the endpoint is updating, nothing changes their number. */
export class SimulatedFleet {
  public inService: number;
  /** How many instances AWS took away and has not replaced yet. */
  public lost = 0;
  /** When AWS took the last ones away. */
  public lostAt = -Infinity;
  /** How many instances were asked for. */
  public desired: number;
  private lockedUntil = 0;
  private change?: { readonly at: number; readonly capacity: number };
  private replacedAt = Infinity;
  private lossesSeen = 0;
  private outSince = -Infinity;
  private changedSince = -Infinity;

  constructor(
    private readonly policy: ScalingPolicy,
    private readonly aws: CapacityBehavior,
    private readonly random: Random,
  ) {
    this.inService = this.desired = policy.minCapacity;
  }

  /** The instances that are paid for: those in service, and those that start. */
  public billed(second: number): number {
    return max(this.inService, min(this.change?.capacity ?? 0, this.aws.available(second)));
  }

  public advance(second: number): void {
    const loss = this.aws.losses[this.lossesSeen];
    if (loss && loss.second <= second) {
      this.lossesSeen += 1;
      const instances = min(loss.instances, this.inService);
      this.inService -= instances;
      this.lost += instances;
      this.lostAt = second;
      this.replacedAt = second + between(this.random, ...this.aws.startSeconds);
    }
    if (this.replacedAt <= second) {
      this.inService = max(this.inService, min(this.inService + this.lost, this.desired));
      this.lost = 0;
      this.replacedAt = Infinity;
    }
    if (this.change === undefined || this.change.at > second) return;
    const { capacity } = this.change;
    const granted = max(this.inService, min(capacity, this.aws.available(second)));
    this.change = undefined;
    if (capacity < this.inService) {
      this.inService = capacity;
    } else {
      this.inService = this.desired = granted;
      if (granted < capacity) this.lockedUntil = second + between(this.random, 0, LONGEST_SEARCH_SECONDS);
    }
    this.outSince = this.changedSince = max(second, this.lockedUntil);
  }

  /** The endpoint is deleted. */
  public delete(): void {
    this.inService = this.desired = this.lost = 0;
    this.change = undefined;
    this.lockedUntil = Infinity;
  }

  /** The endpoint is created again, which SageMaker does with one instance at least. */
  public create(second: number): void {
    this.inService = this.desired = max(1, this.policy.minCapacity);
    this.lockedUntil = this.outSince = this.changedSince = second;
  }

  /** Sets the capacity, unless the endpoint is updating. */
  public setCapacity(second: number, wish: number): void {
    const capacity = min(this.policy.maxCapacity, max(this.policy.minCapacity, wish));
    if (second < this.lockedUntil || this.change !== undefined || capacity === this.desired) return;
    const seconds = capacity > this.desired ? between(this.random, ...this.aws.startSeconds) : SCALE_IN_SECONDS;
    this.desired = capacity;
    this.change = { at: second + seconds, capacity };
    this.lockedUntil = second + seconds;
  }

  /** What the alarms of the two policies do in a minute. */
  public scale(
    second: number,
    newestMinute: number,
    tracked: (minute: number) => number,
    demand: (minute: number) => number,
  ): void {
    const { policy } = this;
    if (this.aws.wakePolicyWorks) {
      const rule = { ...policy.wake, breaches: (value: number) => value >= 1 };
      const wake = evaluate(demand, newestMinute, rule);
      const isCool = second >= this.outSince + (policy.wake.cooldownSeconds ?? 0);
      if (wake.state === 'ALARM' && wake.newest >= 1 && isCool)
        this.setCapacity(second, policy.wake.capacityFor(wake.newest, this.desired));
    }
    const ratio = (minute: number) => tracked(minute) / policy.targetBacklogPerInstance;
    const out = evaluate(ratio, newestMinute, TRACKING_OUT);
    if (out.state === 'ALARM') {
      if (second < this.outSince + policy.scaleOutCooldownSeconds) return;
      const from = this.desired === 0 && this.aws.tracksFromZero === 'one' ? 1 / out.newest : max(1, this.desired);
      this.setCapacity(second, max(this.desired, roundUp(from * out.newest)));
    } else if (second >= this.changedSince + policy.scaleInCooldownSeconds) {
      const low = evaluate(ratio, newestMinute, TRACKING_IN);
      if (low.state === 'ALARM') this.setCapacity(second, min(this.desired, roundUp(this.desired * low.newest)));
    }
  }
}

/** Rounds up what is more than an error of floating-point arithmetic above a whole number. */
const roundUp = (value: number): number => ceil(value - 1e-9);
