import { keyOf } from './cloud-account';
import type { CloudAccount } from './cloud-account';
import type { FlatStack, Node, References } from './flat-stack';
import { attributeOf, givenName, identityOf, refOf, takesAWhile } from './physical-resource';
import type { PhysicalResource } from './physical-resource';
import { causesReplacement } from './replacement';
import { refusal } from './refusals';
import type { Values } from './stack-template';

/** What CloudFormation does to one resource. It begins once all that it waits for has ended. */
export interface Step {
  readonly id: string;
  readonly action: 'create' | 'replace' | 'update' | 'revert' | 'delete';
  readonly resource: PhysicalResource;
  readonly waitsFor: ReadonlySet<string>;
  readonly takesAWhile: boolean;
  /** Why the service refuses the step in this state of the account, if it does. */
  refusal(account: CloudAccount): string | undefined;
  begin(account: CloudAccount): void;
  end(account: CloudAccount): void;
  /** Takes the step back where it fails: an update leaves the old version, a creation leaves nothing. */
  fail(account: CloudAccount): void;
}

/** Steps in a partial order, and what is true of the stack once all of them have ended. */
export interface Phase {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Why the phase fails although all its steps have ended, if it does. */
  refusal?(account: CloudAccount): string | undefined;
  complete(account: CloudAccount): void;
}

/** What CloudFormation does to a stack: the update, then the cleanup. */
export interface StackOperation {
  readonly stack: string;
  readonly update: Phase;
  readonly cleanup: Phase;
  /** The two phases of a rollback once some steps of the update have begun. */
  rollback(begun: ReadonlySet<string>): { readonly update: Phase; readonly cleanup: Phase };
  /** The keys of the resources that the operation creates, those included that replace others. */
  readonly created: ReadonlySet<string>;
  /** The keys of those that replace others. */
  readonly replacements: ReadonlySet<string>;
}

export interface PlanningOptions {
  /** Whether a change that may replace a resource does so. */
  readonly replaceOnMaybe: boolean;
  /** Whether two changed resources keep their order where only an unchanged one connects them, which AWS does not document. */
  readonly orderThroughUnchanged: boolean;
}

interface Planned {
  readonly node: Node;
  readonly resource: PhysicalResource;
  readonly action: 'create' | 'replace' | 'update' | 'none';
  readonly before?: PhysicalResource;
}

/**
 * What CloudFormation does to bring a stack to a template, where the stack may be new. An empty template stands for the deletion
 * of the stack.
 *
 * @throws Error when the template imports a value that nothing exports
 */
export function planOperation(account: CloudAccount, template: FlatStack, options: PlanningOptions): StackOperation {
  const deployed = account.stack(template.name);
  const planned = new Map<string, Planned>();
  const references = referencesTo(account, (id) => planned.get(id)?.resource);
  for (const id of template.order) {
    planned.set(id, plan(account, template, template.nodes.get(id)!, references, options));
  }
  const changed = [...planned.values()].filter(({ action }) => action !== 'none');
  const stepIds = new Map(changed.map(({ node, action }) => [node.id, `${action} ${node.id}`]));
  const exports = template.exports(references);
  const old = deployed?.template;
  const current = new Map([...planned].map(([id, { resource }]) => [id, keyOf(resource)]));

  const removed = [...(deployed?.current ?? [])].flatMap(([id, key]) => {
    const resource = account.get(key)!;
    const replacement = planned.get(id);
    if (!replacement) return isRetained(resource.deletionPolicy) ? [] : [resource];
    if (keyOf(replacement.resource) === key) return [];
    return isRetained(replacement.node.definition.UpdateReplacePolicy) ? [] : [resource];
  });

  const keysOf = (...actions: Planned['action'][]) =>
    new Set(changed.filter(({ action }) => actions.includes(action)).map(({ resource }) => keyOf(resource)));
  return {
    stack: template.name,
    created: keysOf('create', 'replace'),
    replacements: keysOf('replace'),
    update: {
      name: deployed ? 'update' : 'create',
      steps: changed.map((each) => forwardStep(each, dependenciesOf(template, each.node.id, stepIds, options))),
      refusal: (now) => exportRefusal(now, template.name, exports),
      complete: (now) => {
        now.setStack(template.name, { template, current, exports });
        planned.forEach(({ node, resource }) => {
          const version = now.get(keyOf(resource))!;
          const { DeletionPolicy } = node.definition;
          if (version.deletionPolicy !== DeletionPolicy) now.put({ ...version, deletionPolicy: DeletionPolicy });
        });
      },
    },
    cleanup: deletionPhase('cleanup', removed, old, options, () => {
      // The stack manages nothing more.
    }),
    rollback: (begun) => {
      const started = changed.filter(({ node }) => begun.has(stepIds.get(node.id)!));
      const updates = started.filter(({ action }) => action === 'update');
      const reverted = new Map(updates.map(({ node }) => [node.id, `revert ${node.id}`]));
      const created = started
        .filter(({ action, node }) => action !== 'update' && node.definition.DeletionPolicy !== 'Retain')
        .map(({ resource }) => resource);
      return {
        update: {
          name: 'rollback',
          steps: updates.map(({ node, before }) =>
            revertStep(before!, node.id, old ? dependenciesOf(old, node.id, reverted, options) : new Set()),
          ),
          complete: () => {
            // The stack is as it was before.
          },
        },
        cleanup: deletionPhase(
          'rollback cleanup',
          created,
          template,
          options,
          (now) => {
            if (!deployed) now.setStack(template.name, undefined);
          },
          true,
        ),
      };
    },
  };
}

function plan(
  account: CloudAccount,
  template: FlatStack,
  node: Node,
  references: References,
  { replaceOnMaybe }: PlanningOptions,
): Planned {
  const { Type: type, DeletionPolicy: deletionPolicy } = node.definition;
  const properties = template.properties(node.id, references);
  const key = account.stack(template.name)?.current.get(node.id);
  const before = key === undefined ? undefined : account.get(key)!;
  if (before?.type === type) {
    const differing = differences(before.properties, properties);
    if (differing.length === 0) return { node, resource: before, action: 'none' };
    const replaces = differing.some((name) => {
      const answer = causesReplacement(type, name);
      return answer === 'yes' || (answer === 'maybe' && replaceOnMaybe);
    });
    if (!replaces) return { node, resource: { ...before, properties, deletionPolicy }, action: 'update', before };
  }
  const { name: stack, account: accountId, region } = template;
  const id = givenName(type, properties) ?? generatedName(account, stack, node.id, type);
  const path = (node.definition.Metadata?.['aws:cdk:path'] as string | undefined) ?? `${stack}/${node.id}`;
  return {
    node,
    resource: {
      type,
      id,
      stack,
      logicalId: node.id,
      path: path.replace(/\/Resource$/, ''),
      properties,
      phase: 'in service',
      deletionPolicy,
      account: accountId,
      region,
    },
    action: before ? 'replace' : 'create',
    before,
  };
}

function generatedName(account: CloudAccount, stack: string, id: string, type: string): string {
  const stem = `${stack}-${id.replaceAll('/', '-')}`;
  const name = `${stem}-${account.nextNumber(stem)}`;
  return type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}

function referencesTo(account: CloudAccount, find: (id: string) => PhysicalResource | undefined): References {
  const need = (id: string) => {
    const resource = find(id);
    if (!resource) throw new Error(`a reference to ${id}, which is not there`);
    return resource;
  };
  return {
    ref: (id) => refOf(need(id)),
    attribute: (id, name) => attributeOf(need(id), name),
    imported: (name) => account.exported(name),
  };
}

/** The names of the properties that differ. */
export function differences(before: Values, after: Values): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => ordered(before[name]) !== ordered(after[name]));
}

function ordered(value: unknown): string {
  return (
    JSON.stringify(value, (_key, item: unknown) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([left], [right]) => (left < right ? -1 : 1)))
        : item,
    ) ?? ''
  );
}

/** The steps that the step of a node waits for, by the dependencies of a template. */
function dependenciesOf(
  template: FlatStack,
  id: string,
  stepIds: ReadonlyMap<string, string>,
  { orderThroughUnchanged }: PlanningOptions,
): Set<string> {
  const found = new Set<string>();
  const visited = new Set<string>();
  const visit = (from: string) => {
    for (const dependency of template.nodes.get(from)?.dependencies ?? []) {
      if (visited.has(dependency)) continue;
      visited.add(dependency);
      const step = stepIds.get(dependency);
      if (step) found.add(step);
      if (step ?? orderThroughUnchanged) visit(dependency);
    }
  };
  visit(id);
  return found;
}

/** Deletes resources, each before those that it depends on by the template that they were in. */
function deletionPhase(
  name: string,
  resources: readonly PhysicalResource[],
  template: FlatStack | undefined,
  options: PlanningOptions,
  complete: (account: CloudAccount) => void,
  isNew = false,
): Phase {
  const stepIds = new Map(resources.map(({ logicalId }) => [logicalId, `delete ${logicalId}`]));
  const waitsFor = new Map(resources.map(({ logicalId }) => [logicalId, new Set<string>()]));
  for (const { logicalId } of resources) {
    if (!template) continue;
    for (const dependency of dependenciesOf(template, logicalId, stepIds, options)) {
      waitsFor.get(dependency.slice('delete '.length))?.add(`delete ${logicalId}`);
    }
  }
  return {
    name,
    steps: resources.map((resource) => deletionStep(resource, waitsFor.get(resource.logicalId)!, isNew)),
    complete,
  };
}

function forwardStep({ node, resource, action, before }: Planned, waitsFor: ReadonlySet<string>): Step {
  const update = action === 'update';
  return {
    id: `${action} ${node.id}`,
    action: action as Step['action'],
    resource,
    waitsFor,
    takesAWhile: takesAWhile(resource.type),
    refusal: (account) =>
      (update ? undefined : collision(account, resource)) ??
      refusal(account, update ? { action: 'update', resource, before: before! } : { action: 'create', resource }),
    begin: (account) =>
      account.put(update ? { ...resource, previous: before!.properties } : { ...resource, phase: 'creating' }),
    end: (account) => account.put(resource),
    fail: (account) => (update ? account.put(before!) : account.delete(keyOf(resource))),
  };
}

function revertStep(before: PhysicalResource, id: string, waitsFor: ReadonlySet<string>): Step {
  return {
    id: `revert ${id}`,
    action: 'revert',
    resource: before,
    waitsFor,
    takesAWhile: takesAWhile(before.type),
    refusal: () => undefined,
    begin: (account) => account.put({ ...before, previous: account.get(keyOf(before))!.properties }),
    end: (account) => account.put(before),
    fail: () => {
      // The simulator lets no rollback fail.
    },
  };
}

function deletionStep(resource: PhysicalResource, waitsFor: ReadonlySet<string>, isNew: boolean): Step {
  const key = keyOf(resource);
  return {
    id: `delete ${resource.logicalId}`,
    action: 'delete',
    resource,
    waitsFor,
    takesAWhile: takesAWhile(resource.type),
    refusal: (account) => refusal(account, { action: 'delete', resource: account.get(key) ?? resource, isNew }),
    begin: (account) => {
      const now = account.get(key);
      // A creation that failed has left nothing.
      if (now) account.put({ ...now, phase: 'deleting' });
    },
    end: (account) => account.delete(key),
    fail: () => {
      // A deletion that fails is passed over.
    },
  };
}

function collision(account: CloudAccount, resource: PhysicalResource): string | undefined {
  const identity = identityOf(resource.type, resource.properties);
  const other = account.all.find(
    (one) =>
      one.type === resource.type &&
      (one.id === resource.id || (identity !== undefined && identityOf(one.type, one.properties) === identity)),
  );
  return other && `${identity ?? resource.id} exists already`;
}

function exportRefusal(
  account: CloudAccount,
  stack: string,
  exports: ReadonlyMap<string, unknown>,
): string | undefined {
  for (const [name, value] of account.stack(stack)?.exports ?? []) {
    const importers = account.importersOf(name);
    if (importers.length === 0) continue;
    if (!exports.has(name)) return `the export ${name} cannot be deleted, as it is in use by ${importers.join(', ')}`;
    if (exports.get(name) !== value) {
      return `the export ${name} cannot be updated, as it is in use by ${importers.join(', ')}`;
    }
  }
  return undefined;
}

function isRetained(policy: string | undefined): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
}
