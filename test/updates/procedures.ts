import { RemovalPolicy } from 'aws-cdk-lib';
import type { Given, Props } from './composition';
import { merge } from './prop-changes';

/** One deployment of a procedure. */
export interface Step {
  readonly props: (given: Given) => Props;
  /** Whether the queues are empty before it, and nobody sends anything during it. */
  readonly isQuiet?: boolean;
  /** Whether the stacks that import from the stack of the endpoint are deployed before it. */
  readonly importingFirst?: boolean;
}

type PropsOf = Step['props'];

const FIXED: Props = { endpoint: { scaling: { minCapacity: 1, maxCapacity: 1 } } };
const fixed =
  (props: PropsOf): PropsOf =>
  (given) =>
    merge(props(given), FIXED);

/** As if the removal policy of the endpoint were RETAIN. */
export const retaining =
  (props: PropsOf): PropsOf =>
  (given) => ({ ...props(given), removalPolicy: RemovalPolicy.RETAIN });

const deleting =
  (props: PropsOf): PropsOf =>
  (given) => ({ ...props(given), removalPolicy: RemovalPolicy.DESTROY });

/** The places of inputs before and after the change, for the execution role. */
const reading =
  (props: PropsOf): PropsOf =>
  (given) =>
    merge(props(given), {
      invoker: { readableInputLocations: ['input', 'v1', 'v2'].map((prefix) => ({ prefix })) },
    } satisfies Props);

const granting =
  (props: PropsOf): PropsOf =>
  (given) => ({ ...props(given), keysOfClients: ['One', 'Two'].map((id) => given.key(id)) });

const without =
  (props: PropsOf, ...parts: NonNullable<Props['without']>): PropsOf =>
  (given) => {
    const { without: also = [], ...others } = props(given);
    return { ...others, without: [...also, ...parts] };
  };

const USERS = ['clients', 'monitoring'] as const;
const ALL_USERS = [...USERS, 'invoker', 'requestQueue', 'resultQueue', 'resultEvents', 'callback'] as const;

/** Pause the senders, and deploy the change while the app lacks these parts. */
const meanwhileWithout =
  (...parts: NonNullable<Props['without']>) =>
  (before: PropsOf, after: PropsOf): Step[] =>
    [without(before, ...parts), without(after, ...parts), after].map((props) => ({ props, isQuiet: true }));

/** The deployments that lead from one version to another without harm. */
export const PROCEDURES = {
  /** Equal bounds first, which ends scaling, then the change, then scaling again. */
  'fixed fleet first': (before: PropsOf, after: PropsOf): Step[] => [
    { props: fixed(before) },
    { props: fixed(after) },
    { props: after },
  ],
  /** Let the endpoint read both places, change where inputs are uploaded, and let it read the new place alone six hours later. */
  'read both places first': (before: PropsOf, after: PropsOf): Step[] => [
    { props: reading(before) },
    { props: reading(after) },
    { props: after, isQuiet: true },
  ],
  /** Let what the endpoint needs stay when it leaves the template. */
  'retain first': (before: PropsOf, after: PropsOf): Step[] => [
    { props: retaining(before) },
    { props: retaining(after) },
    { props: after },
  ],
  /** Let what leaves the template be deleted, change it, and let the endpoint stay again. */
  'delete first': (before: PropsOf, after: PropsOf): Step[] => [
    { props: deleting(before) },
    { props: deleting(after) },
    { props: retaining(after) },
  ],
  /** Stop the senders, wait until the queues are empty, deploy, and let the senders go on. */
  'pause the senders': (_before: PropsOf, after: PropsOf): Step[] => [{ props: after, isQuiet: true }],
  /** Let clients use both keys, change the key, and take the former key away. */
  'grant the keys first': (before: PropsOf, after: PropsOf): Step[] => [
    { props: granting(before) },
    { props: granting(after) },
    { props: after },
  ],
  /** Pause the senders, and deploy the stacks that import from the endpoint before the endpoint itself. */
  'importing stacks first': (_before: PropsOf, after: PropsOf): Step[] => [
    { props: after, isQuiet: true, importingFirst: true },
  ],
  /** Pause the senders, and deploy the change while no other stack imports what it changes. */
  'remove the imports first': meanwhileWithout(...USERS),
  /** Pause the senders, and remove everything that uses an endpoint before the endpoint. */
  'remove the users first': meanwhileWithout(...ALL_USERS),
} as const satisfies Record<string, (before: PropsOf, after: PropsOf) => Step[]>;

export type ProcedureName = keyof typeof PROCEDURES;
