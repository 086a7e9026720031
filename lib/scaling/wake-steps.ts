/** How many instances an endpoint without instances starts. */
export interface WakeStep {
  /** The number of instances: at least 1, and at most `maxCapacity`. */
  readonly capacity: number;

  /**
   * The largest number of waiting requests that the step is for.
   *
   * @default - no limit: only for the last step
   */
  readonly maxDemand?: number;
}

/** The alarm of the wake policy: two minutes, so that the second one counts all of a burst, of five, since metrics are late. */
export const WAKE_ALARM = { evaluationPeriods: 5, datapointsToAlarm: 2 };

/** A step policy has at most 20 adjustments. */
export const MAX_STEPS = 20;

/** The capacities that an endpoint without instances starts with, by demand: each the smallest that holds its target. */
export function wakeSteps(target: number, maxCapacity: number): WakeStep[] {
  const capacities = new Set<number>([1]);
  // Every capacity where there are few, else in equal proportions.
  for (let step = 1; step <= MAX_STEPS && capacities.size < MAX_STEPS; step += 1) {
    const previous = [...capacities].at(-1)!;
    if (previous >= maxCapacity) break;
    const ratio = (maxCapacity / previous) ** (1 / (MAX_STEPS - step));
    capacities.add(Math.min(maxCapacity, Math.max(previous + 1, Math.round(previous * ratio))));
  }
  return [...capacities].map((capacity) => ({
    capacity,
    ...(capacity < maxCapacity && { maxDemand: capacity * target }),
  }));
}

/** The capacity for a demand. */
export function capacityFor(demand: number, steps: readonly WakeStep[]): number {
  return (steps.find(({ maxDemand = Infinity }) => demand <= maxDemand) ?? steps.at(-1)!).capacity;
}
