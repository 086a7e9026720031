import type { RemovalPolicy } from 'aws-cdk-lib';
import { UpdateSimulator } from '../support/update-simulator';
import { APART, compose } from './composition';
import type { Layout } from './composition';
import { KNOWN, covers, layoutsOf } from './known-findings';
import { MODEL_ROLES, ROWS } from './prop-changes';
import type { Row } from './prop-changes';
import { sweep, versionsOf } from './sweep';
import type { Sighting } from './sweep';

/** Whether everything is swept, which takes more than an hour, or the fixed part of the gate. `npm run test:long` sets it. */
export const IS_LONG = (globalThis as { readonly LONG?: boolean }).LONG === true;

/** What the gate sweeps. */
const SHORT = new Set([
  'AsyncInferenceCallback',
  'AsyncInferenceCallbackProps.maxInlineResultBytes',
  'AsyncInferenceEndpointProps.endpointName',
  'AsyncInferenceEndpointProps.logGroup',
  'AsyncInferenceEndpointProps.outputEncryptionKey',
  'AsyncInferenceEndpointProps.outputPrefix',
  'AsyncInferenceEndpointProps.successTopic',
  'AsyncInferenceEndpointProps.variantName',
  'AsyncInferenceRequestQueueProps.encryptionKey',
  'InputBucketOptions.prefix',
]);

/** A new name replaces everything, and with given topics in many more steps. */
export function isShort({ prop, what }: { readonly prop?: string; readonly what?: string }): boolean {
  return SHORT.has(prop ?? '') && what !== 'with given topics';
}

const SEEDS = IS_LONG ? [1, 2, 3] : [1];

/** What distinguishes the rows of a sweep from others. */
export interface SweepOptions {
  readonly name: string;
  readonly layout: Layout;
  readonly removalPolicy?: RemovalPolicy;
  readonly select?: (row: Row) => boolean;
}

/** Defines a test for each row in a layout, and one that the list of known findings has no stale entry. */
export function sweepLayout({ name, layout, removalPolicy, select = () => true }: SweepOptions): void {
  const rows = ROWS.filter(
    (row) => (IS_LONG || isShort(row)) && !row.impossibleIn?.includes(layout.name) && select(row),
  );
  const sightings: Sighting[] = [];

  test.each(rows.map((row) => [[row.prop, row.what].filter(Boolean).join(': '), row] as const))(
    '%s',
    async (_, row) => {
      const options = { orders: IS_LONG, failures: IS_LONG, seeds: SEEDS, common: { removalPolicy } };
      const found = (await sweep(row, layout, options)).map((sighting) => ({ ...sighting, layout: name }));
      sightings.push(...found);
      const unknown = found.filter((sighting) => !KNOWN.some((known) => covers(known, sighting)));
      expect([...new Set(unknown.map(describeSighting))]).toEqual([]);
    },
    600_000,
  );

  // In all orders, one stack takes ten times as long.
  if (IS_LONG || layout === APART) {
    test('everything at once, in a new account', async () => {
      const common = removalPolicy && { removalPolicy };
      const { version, clients } = compose(layout, () => ({ ...common }));
      const simulator = new UpdateSimulator({ clients, modelRoles: MODEL_ROLES });
      expect(await simulator.deploy(version, { orders: true, failures: true, seeds: SEEDS })).toBe(true);
      const found = simulator.takeFindings().map((finding): Sighting => {
        return { ...finding, prop: 'AsyncInferenceEndpoint', layout: name, change: 'added' };
      });
      expect(found.filter((sighting) => !KNOWN.some((known) => covers(known, sighting)))).toEqual([]);
      // A bucket stays after a failed creation.
      expect(found.map(({ question }) => question)).toContain('left behind');
    }, 600_000);
  }

  test('the list has no entry for which nothing is found here', () => {
    const swept = new Set(rows.map(({ prop }) => prop));
    const stale = KNOWN.filter(
      (known) =>
        (known.prop === undefined || swept.has(known.prop)) &&
        (IS_LONG || !known.what?.includes('with given topics')) &&
        (IS_LONG || !(known.detail?.source ?? '').includes('rollback')) &&
        layoutsOf(known).includes(name) &&
        !sightings.some((sighting) => covers(known, sighting)),
    );
    expect(stale).toEqual([]);
  });
}

function describeSighting({ change, question, subject, detail, moment }: Sighting): string {
  return `${change}: ${question}: ${subject}: ${detail} (${moment})`;
}

const local = new Map<Row, boolean>();

/** Whether the changes of a row stay in one stack however many stacks there are, so that no layout makes a difference to them. */
export function isLocal(row: Row): boolean {
  const known = local.get(row);
  if (known !== undefined) return known;
  const [first, ...others] = versionsOf(row, APART).map(({ version }) => version);
  const changed = first!.filter(({ name, body }) =>
    others.some(
      (version) => JSON.stringify(version.find((stack) => stack.name === name)?.body) !== JSON.stringify(body),
    ),
  );
  local.set(row, changed.length <= 1);
  return changed.length <= 1;
}
