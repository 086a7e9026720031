/** What repeated measurements say: the middle one, and the quartiles around it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

/** The spread of what comes of each round's pair: a machine that is slow for a while is slow for both. */
export function compare(
  ours: readonly number[],
  theirs: readonly number[],
  by: (ours: number, theirs: number) => number = (a, b) => a / b,
): Spread {
  return spreadOf(ours.map((sample, round) => by(sample, theirs[round]!)));
}

/** Runs measurements in turn, round for round, the other way round in every other one: none is always the first. */
export async function inTurn<Name extends string, T>(
  rounds: number,
  measurements: Readonly<Record<Name, () => T | Promise<T>>>,
): Promise<Record<Name, T[]>> {
  const names = Object.keys(measurements) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) samples[name].push(await measurements[name]());
  }
  return samples;
}

function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)]!;
  return below + (sorted[Math.ceil(position)]! - below) * (position % 1);
}
