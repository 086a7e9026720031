import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UpdateSimulator } from '../support/update-simulator';
import type { Version } from '../support/update-simulator';
import { APART, LAYOUTS, TOGETHER, compose } from './composition';
import type { Layout } from './composition';
import { KNOWN, covers, layoutsOf } from './known-findings';
import type { KnownFinding } from './known-findings';
import { PROCEDURES, retaining } from './procedures';
import type { Step } from './procedures';
import { MODEL_ROLES, ROWS } from './prop-changes';
import { keepingExports } from './sweep';
import { IS_LONG, isShort } from './sweep-layout';

type Way = readonly [before: Step['props'], after: Step['props']];

const titleOf = ({ prop = 'all props', what = [], question, where }: KnownFinding) =>
  [prop, ...what, question, where].filter(Boolean).join(' ');

/** The ways from each version of a row to its neighbors. */
function waysOf({ prop, what, isOneWay = false }: KnownFinding): Way[] {
  return ROWS.filter((row) => row.prop === prop && (what === undefined || what.includes(row.what ?? ''))).flatMap(
    ({ versions }) =>
      versions
        .slice(1)
        .flatMap((after, index): Way[] => [
          [versions[index]!, after],
          ...(isOneWay ? [] : [[after, versions[index]!] as const]),
        ]),
  );
}

/** The stacks of a version in the order in which they are deployed. */
function inOrder(version: Version, importingFirst: boolean): Version {
  const isLate = ({ name }: Version[number]) => importingFirst && name === 'Endpoint';
  return [...version.filter((stack) => !isLate(stack)), ...version.filter(isLate)];
}

/** What is found in one stack is confirmed across stacks as well, unless exports make another procedure necessary there. */
function confirmedIn(known: KnownFinding): readonly string[] {
  const isRefused = KNOWN.some(({ prop, where, question }) => {
    return prop === known.prop && where === 'across stacks' && question === 'refused';
  });
  return known.where === undefined && !isRefused ? [...layoutsOf(known), APART.name] : layoutsOf(known);
}

/** The findings that one procedure avoids in one layout. They are simulated once. */
const groups = new Map<string, { readonly layout: Layout; readonly findings: KnownFinding[] }>();
for (const known of KNOWN) {
  const { prop, what = [], procedure, where } = known;
  if (!procedure || !(IS_LONG || isShort({ prop, what: what[0] }))) continue;
  for (const name of confirmedIn(known)) {
    // Where nothing is said of stacks, there is one.
    const layout = LAYOUTS.find((one) => one.name === name) ?? TOGETHER;
    const title = [prop, ...what, where, layout.name, procedure].filter(Boolean).join(' ');
    const { findings } = groups.get(title) ?? { findings: [] };
    groups.set(title, { layout, findings: [...findings, known] });
  }
}

test.each([...groups])(
  '%s: the procedure is clean',
  async (_, { layout, findings }) => {
    const [known] = findings as [KnownFinding, ...KnownFinding[]];
    const isRetained = known.where === 'retained';
    const ways = waysOf(known).slice(0, IS_LONG ? undefined : 1);
    expect(ways.length).toBeGreaterThan(0);
    for (const [before, after] of ways) {
      const steps = PROCEDURES[known.procedure!](before, after);
      const first = compose(layout, isRetained ? retaining(before) : before);
      const clients = [first, compose(layout, after)].flatMap((composition) => composition.clients).slice(0, 1);
      const simulator = new UpdateSimulator({ clients, modelRoles: MODEL_ROLES });
      await simulator.deploy(first.version);
      simulator.takeFindings();
      let former = first.version;
      for (const { props, isQuiet = false, importingFirst = false } of steps) {
        if (isQuiet) simulator.drain();
        const version = inOrder(compose(layout, props).version, importingFirst);
        const options = { orders: IS_LONG, failures: IS_LONG, seeds: [1], isQuiet };
        expect(await simulator.deploy(keepingExports(former, version), options)).toBe(true);
        expect(await simulator.deploy(version, options)).toBe(true);
        former = version;
      }
      const sightings = simulator.takeFindings().map((finding) => {
        return {
          ...finding,
          prop: known.prop!,
          what: known.what?.[0],
          layout: isRetained ? 'retained' : layout.name,
          change: 'changed' as const,
        };
      });
      expect(sightings.filter((sighting) => findings.some((finding) => covers(finding, sighting)))).toEqual([]);
    }
  },
  600_000,
);

test('what remains is documented', () => {
  const missing = KNOWN.filter(({ status, anchor }) => status === 'documented' && !isHeading(anchor));
  expect(missing.map(titleOf)).toEqual([]);
});

/** Whether a file has a heading with an anchor, as GitHub makes it of the text. */
function isHeading(anchor = ''): boolean {
  const [file = '', name] = anchor.split('#');
  const path = join(__dirname, '../..', file);
  if (!file || !existsSync(path)) return false;
  const headings = [...readFileSync(path, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, text]) => text!);
  return headings.some(
    (text) =>
      text
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-') === name,
  );
}
