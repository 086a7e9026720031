// Jest looks up a global slowly, and this runs millions of times.
const { floor, imul } = Math;
/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const between = (random: Random, min: number, max: number): number => min + random() * (max - min);

export const integerBetween = (random: Random, min: number, max: number): number =>
  min + floor(random() * (max - min + 1));

/** As many of each order of magnitude as of any other. */
export const logBetween = (random: Random, min: number, max: number): number => min * (max / min) ** random();

export const oneOf = <T>(random: Random, choices: readonly T[]): T => choices[floor(random() * choices.length)]!;
