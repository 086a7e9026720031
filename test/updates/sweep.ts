import { UpdateSimulator } from '../support/update-simulator';
import type { DeploymentOptions, Version } from '../support/update-simulator';
import { namesIn } from '../../local/app/intrinsic-functions';
import type { Finding } from '../support/updates/watch';
import { compose } from './composition';
import type { Layout, Props } from './composition';
import { MODEL_ROLES } from './prop-changes';
import type { Row } from './prop-changes';

export type Change = 'added' | 'changed' | 'removed' | 'added again';

/** A finding of the sweep, and where it was made. */
export interface Sighting extends Finding {
  readonly prop: string;
  readonly what?: string;
  readonly layout: string;
  readonly change: Change;
}

/** The versions of a row's app. */
export function versionsOf(row: Row, layout: Layout, common: Props = {}) {
  return row.versions.map((propsOf) => compose(layout, (given) => ({ ...common, ...propsOf(given) })));
}

/**
 * A version that still exports what the stacks of the one before it import, as `Stack.exportValue` does. CloudFormation refuses to
 * remove an export that is in use, and a stack that imports it is deployed later.
 */
export function keepingExports(before: Version, after: Version): Version {
  return after.map((stack) => {
    const Resources = stack.body.Resources ?? {};
    const outputs = Object.entries(before.find(({ name }) => name === stack.name)?.body.Outputs ?? {});
    const kept = outputs.filter(([, { Value }]) =>
      namesIn(Value).every((name) => name in Resources || name.startsWith('AWS::')),
    );
    return { ...stack, body: { ...stack.body, Outputs: { ...Object.fromEntries(kept), ...stack.body.Outputs } } };
  });
}

/**
 * Simulates the changes of a row: A → B → A for each version and the next. What stays behind is in the way of a further B, so where
 * anything does, that is simulated as well. Exports that are in use stay for one more deployment.
 */
export async function sweep(
  row: Row,
  layout: Layout,
  options: DeploymentOptions & { readonly common?: Props },
): Promise<Sighting[]> {
  const compositions = versionsOf(row, layout, options.common);
  const sightings: Sighting[] = [];
  for (const [index, before] of compositions.slice(0, -1).entries()) {
    const after = compositions[index + 1]!;
    // A client of both versions uses what either has.
    const clients = [...before.clients, ...after.clients].map((client) => ({
      ...client,
      sends: [...new Set([...before.clients, ...after.clients].flatMap(({ sends = [] }) => sends))],
    }));
    const simulator = new UpdateSimulator({ clients: clients.slice(-1), modelRoles: MODEL_ROLES });
    if (!(await simulator.deploy(before.version))) {
      throw new Error(`${row.prop}: the first version cannot be deployed: ${JSON.stringify(simulator.takeFindings())}`);
    }
    // What happens at a creation is the matter of a row of its own.
    simulator.takeFindings();
    const isPresence = row.fromAbsent && index === 0;
    const legs: [Change, Version][] = [
      [isPresence ? 'added' : 'changed', after.version],
      [isPresence ? 'removed' : 'changed', before.version],
      [isPresence ? 'added again' : 'changed', after.version],
    ];
    for (const [leg, [change, version]] of legs.entries()) {
      if (leg === 2 && simulator.state.leftBehind.length === 0) break;
      const former = leg === 1 ? after.version : before.version;
      const succeeded =
        (await simulator.deploy(keepingExports(former, version), options)) &&
        (await simulator.deploy(version, options));
      for (const finding of simulator.takeFindings()) {
        sightings.push({ ...finding, prop: row.prop, what: row.what, layout: layout.name, change });
      }
      if (!succeeded) break;
    }
  }
  return sightings;
}
