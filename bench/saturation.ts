/** How much of a fleet was busy while enough messages waited for it. */
export class Saturation {
  /** How long the fleet was saturated. */
  public seconds = 0;
  /** What the saturated fleet had: places for a request, each times seconds. */
  public placeSeconds = 0;
  private used = 0;
  private instances = 0;
  private unchangedSince = 0;

  /** After a change of the fleet, the queue has five minutes to follow. */
  private static readonly SETTLING_SECONDS = 300;

  /** The part of the fleet that was busy. */
  public get busy(): number {
    return this.placeSeconds === 0 ? 1 : this.used / this.placeSeconds;
  }

  public add(
    second: number,
    stepSeconds: number,
    instances: number,
    { isSaturated, places, busy }: { readonly isSaturated: boolean; readonly places: number; readonly busy: number },
  ): void {
    if (instances !== this.instances) [this.instances, this.unchangedSince] = [instances, second];
    if (!isSaturated || instances === 0 || second < this.unchangedSince + Saturation.SETTLING_SECONDS) return;
    this.seconds += stepSeconds;
    this.placeSeconds += places * stepSeconds;
    this.used += busy * stepSeconds;
  }
}
