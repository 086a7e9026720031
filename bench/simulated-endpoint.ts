import type { Random } from './random';

// Jest looks up a global slowly, and this runs millions of times.
const { ceil, floor, max, min } = Math;

/** How long a model works on a request. */
export interface SimulatedModel {
  /** The mean, in seconds. */
  readonly seconds: number;
  /** How far a request is from the mean at most, as a part of it: 0 to 1. */
  readonly variation: number;
}

/** Requests that start in one step are spread over so many lengths. */
const LENGTHS = 4;

/** An endpoint's queue, first in, first out, and the requests that its instances work on. */
export class SimulatedEndpoint {
  public waiting = 0;
  public inProgress = 0;
  /** Requests that the instances could process in the last step, and those that they did process. */
  public places = 0;
  public busy = 0;
  private readonly submitted: number[] = [];
  private readonly counts: number[] = [];
  private first = 0;
  private readonly endings: Int32Array;
  private remainder = 0;
  /** Requests that take only a few steps are treated as a flow. */
  private readonly isFlow: boolean;

  constructor(
    private readonly model: SimulatedModel,
    private readonly concurrency: number,
    private readonly stepSeconds: number,
    private readonly steps: number,
    private readonly random: Random,
  ) {
    this.isFlow = model.seconds < 3 * stepSeconds;
    this.endings = new Int32Array(this.isFlow ? 0 : steps + 1);
  }

  public get backlog(): number {
    return this.waiting + this.inProgress;
  }

  /** Takes requests in, and returns the number of their group. */
  public submit(step: number, count: number): number {
    this.submitted.push(step);
    this.counts.push(count);
    this.waiting += count;
    return this.counts.length - 1;
  }

  /** The step in which the oldest waiting request was submitted. */
  public oldest(step: number): number {
    return this.first < this.counts.length ? this.submitted[this.first]! : step;
  }

  /** Removes the requests that were submitted before a step and have not started. */
  public expire(before: number, onExpired: (count: number, group: number) => void): void {
    while (this.first < this.counts.length && this.submitted[this.first]! < before) {
      const count = this.counts[this.first]!;
      if (count > 0) onExpired(count, this.first);
      this.waiting -= count;
      this.first += 1;
    }
  }

  /** Everything that the endpoint has is lost. */
  public clear(): number {
    const lost = this.backlog;
    this.waiting = this.inProgress = 0;
    this.first = this.counts.length;
    this.endings.fill(0);
    return lost;
  }

  /** Works for one step, and returns how many requests are done. */
  public work(step: number, instances: number): number {
    const slots = instances * this.concurrency;
    if (this.isFlow) {
      const exact = (slots * this.stepSeconds) / this.model.seconds + this.remainder;
      const done = this.take(floor(exact));
      this.places = exact - this.remainder;
      // What a step does not complete is kept for the next one.
      this.remainder = this.waiting > 0 ? exact % 1 : 0;
      this.busy = this.waiting > 0 ? this.places : min(done, this.places);
      return done;
    }
    const done = this.endings[step]!;
    this.inProgress -= done;
    const starting = this.take(max(0, slots - this.inProgress));
    this.inProgress += starting;
    for (let left = starting, lengths = LENGTHS; left > 0; lengths -= 1) {
      const count = lengths === 1 ? left : ceil(left / lengths);
      const seconds = this.model.seconds * (1 + this.model.variation * (2 * this.random() - 1));
      const length = max(1, floor(seconds / this.stepSeconds + this.random()));
      this.endings[min(this.steps, step + length)]! += count;
      left -= count;
    }
    this.places = slots;
    this.busy = min(this.inProgress, slots);
    return done;
  }

  private take(most: number): number {
    let taken = 0;
    while (taken < most && this.first < this.counts.length) {
      const count = min(most - taken, this.counts[this.first]!);
      this.counts[this.first]! -= count;
      taken += count;
      if (this.counts[this.first] === 0) this.first += 1;
    }
    this.waiting -= taken;
    return taken;
  }
}
