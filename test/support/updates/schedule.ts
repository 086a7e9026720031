import type { CloudAccount } from './cloud-account';
import type { Phase, Step } from './stack-operation';

/** The begin or the end of a step. The two are one event unless the step takes a while. */
export interface Event {
  readonly step: Step;
  readonly kind: 'begin' | 'end';
}

/** Chooses among the events that can happen next: the one of the lowest rank, and the first of those of one rank. */
export type Order = (event: Event) => number;

/** Watches the account between events. In a cleanup, it also learns of what a service refuses to delete. */
export type Observer = (
  account: CloudAccount,
  moment: string,
  refusal?: { readonly step: Step; readonly reason: string },
) => Promise<void> | void;

export interface Outcome {
  /** The steps that have begun. */
  readonly begun: ReadonlySet<string>;
  /** What failed, if anything did. */
  readonly failed?: { readonly step?: Step; readonly reason: string };
}

/** The order of the template. */
export const inTemplateOrder: Order = () => 0;

/**
 * As early as dependencies allow, with everything else after it. Where the step takes a while, everything else that does not wait
 * for it happens while it is in progress.
 */
export function earliest(steps: readonly Step[], focus: Step): Order {
  const needed = reachable(steps, focus, (step, other) => step.waitsFor.has(other.id));
  return ({ step, kind }) => {
    if (step === focus) return kind === 'begin' ? 0 : 3;
    if (needed.has(step)) return 0;
    return kind === 'end' ? 1 : 2;
  };
}

/** As late as dependencies allow: only what waits for the step comes after it. */
export function latest(steps: readonly Step[], focus: Step): Order {
  const waiting = reachable(steps, focus, (step, other) => other.waitsFor.has(step.id));
  return ({ step }) => (step === focus ? 1 : waiting.has(step) ? 2 : 0);
}

/** An order by chance, the same for each seed. */
export function seeded(seed: number): Order {
  const random = generator(seed);
  const ranks = new Map<string, number>();
  return ({ step, kind }) => {
    const key = `${step.id} ${kind}`;
    if (!ranks.has(key)) ranks.set(key, random());
    return ranks.get(key)!;
  };
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** All steps that a step leads to, one by one. */
function reachable(steps: readonly Step[], from: Step, leadsTo: (step: Step, other: Step) => boolean): Set<Step> {
  const found = new Set<Step>();
  const visit = (step: Step) => {
    for (const other of steps) {
      if (found.has(other) || !leadsTo(step, other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(from);
  return found;
}

/**
 * Simulates a phase in an order, and changes the account. Once a step fails, nothing more begins, and what is in progress ends. In a
 * cleanup, a step that a service refuses is passed over.
 *
 * @param failing the ID of the step that fails once it has begun
 */
export async function play(
  account: CloudAccount,
  phase: Phase,
  order: Order,
  observe: Observer,
  failing?: string,
): Promise<Outcome> {
  const begun = new Set<string>();
  const ended = new Set<string>();
  let failed: Outcome['failed'];
  const skipped = new Set<string>();
  await observe(account, `${phase.name}: at its beginning`);
  for (;;) {
    const events = phase.steps.flatMap((step): Event[] => {
      if (ended.has(step.id) || skipped.has(step.id)) return [];
      if (begun.has(step.id)) return [{ step, kind: 'end' }];
      const isReady = [...step.waitsFor].every((id) => ended.has(id) || skipped.has(id));
      return !failed && isReady ? [{ step, kind: 'begin' }] : [];
    });
    const [event] = [...events].sort((left, right) => order(left) - order(right));
    if (!event) break;
    const { step, kind } = event;
    if (kind === 'begin') {
      const reason = step.refusal(account);
      if (reason !== undefined) {
        if (step.action === 'delete') {
          skipped.add(step.id);
          await observe(account, `${phase.name}: ${step.id} is refused`, { step, reason });
          continue;
        }
        failed = { step, reason };
        continue;
      }
      begun.add(step.id);
      step.begin(account);
      if (step.id === failing) {
        if (step.takesAWhile) await observe(account, `${phase.name}: during ${step.id}`);
        step.fail(account);
        ended.add(step.id);
        failed = { step, reason: 'the service failed' };
        await observe(account, `${phase.name}: after the failure of ${step.id}`);
        continue;
      }
      if (step.takesAWhile) {
        await observe(account, `${phase.name}: during ${step.id}`);
        continue;
      }
    }
    step.end(account);
    ended.add(step.id);
    await observe(account, `${phase.name}: after ${step.id}`);
  }
  if (!failed && ended.size + skipped.size < phase.steps.length) throw new Error('the steps wait for each other');
  const reason = failed ? undefined : phase.refusal?.(account);
  if (reason !== undefined) failed = { reason };
  if (!failed) phase.complete(account);
  return { begun, failed };
}
