/** A capacity, and the largest demand that it is for. */
export interface WakeStep {
  readonly capacity: number;
  readonly maxDemand: number;
}

/** The alarm of the wake policy: two minutes, so that the second one counts all of a burst, of five, since metrics are late. */
export const WAKE_ALARM = { evaluationPeriods: 5, datapointsToAlarm: 2 };

/** A step policy has at most 20 adjustments. */
const MAX_STEPS = 20;

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
    maxDemand: capacity === maxCapacity ? Infinity : capacity * target,
  }));
}

/** The capacity for a demand. */
export function capacityFor(demand: number, steps: readonly WakeStep[]): number {
  return (steps.find(({ maxDemand }) => demand <= maxDemand) ?? steps.at(-1)!).capacity;
}
