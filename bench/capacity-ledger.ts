// Jest looks up a global slowly, and this runs millions of times.
const { max } = Math;
/**
 * What the fleet could complete, to judge requests that expired. A request that is submitted may count on the instances in service,
 * for its TTL less the time that was reserved for the start of an instance. Without instances, it may count on one, from the time
 * that the start of one takes.
 */
export class CapacityLedger {
  private capacity = 0;
  private shortages = 0;
  private readonly capacityBefore: number[] = [];
  private readonly promised: number[] = [];
  private readonly shortagesBefore: number[] = [];

  constructor(
    private readonly perInstance: number,
    private readonly promisedSeconds: { readonly withInstances: number; readonly withoutInstances: number },
  ) {}

  /** Counts a step of the fleet. It is short if instances are taken from it or not granted, or nothing is known about them. */
  public add(instances: number, seconds: number, isShort: boolean): void {
    this.capacity += instances * this.perInstance * seconds;
    if (isShort) this.shortages += 1;
  }

  /** Notes what requests may count on when they are submitted. A queue that does not know of a loss yet cannot promise anything. */
  public promise(group: number, instances: number, hasJustLost: boolean): void {
    const { withInstances, withoutInstances } = this.promisedSeconds;
    const capacity = max(1, instances) * this.perInstance * (instances > 0 ? withInstances : withoutInstances);
    this.capacityBefore[group] = this.capacity;
    this.promised[group] = hasJustLost ? Infinity : capacity;
    this.shortagesBefore[group] = instances > 0 && !hasJustLost ? this.shortages : -1;
  }

  /** Whether requests expired although they got what they could count on, or although AWS granted every instance. */
  public isNeedless(group: number): boolean {
    const granted = this.capacity - this.capacityBefore[group]!;
    return granted >= this.promised[group]! || this.shortagesBefore[group] === this.shortages;
  }
}
