import { ENTRIES } from './unconfirmed';
import type { UNCONFIRMED } from './unconfirmed';

type List = typeof UNCONFIRMED;

/**
 * The switches of the local run, one for each entry of the list that it emulates, so that tests can run under every combination.
 * Code must not rely on a default, which is only the most likely behavior. The names say what `true` means, and the claims are those
 * of the defaults.
 */
export type Assumptions = {
  readonly [Id in keyof List as List[Id] extends { readonly localRun: boolean } ? Id : never]: boolean;
};

/** The most likely behavior. */
export const DEFAULT_ASSUMPTIONS = Object.fromEntries(
  ENTRIES.flatMap(([id, { localRun }]) => (localRun === undefined ? [] : [[id, localRun]])),
) as Assumptions;
