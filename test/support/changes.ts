import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { SpecDatabase } from '@aws-cdk/service-spec-types';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { pathsOf } from '../../tools/showcase/paths';

type Values = Record<string, unknown>;

interface Resource {
  readonly Type: string;
  readonly Properties?: Values;
  readonly DeletionPolicy?: string;
}

type Resources = Record<string, Resource>;

let spec: SpecDatabase | undefined;

/**
 * What CloudFormation does to the resources of a stack when its template gives way to another one: a line for each that is
 * added, removed, replaced or updated, with its path in the stack. A replaced resource has another name and ARN, which changes
 * the properties of those that refer to it, and may replace them in turn.
 */
export function changes(before: Stack, after: Stack): string[] {
  const [old, now] = [before, after].map((stack) => Template.fromStack(stack).toJSON().Resources as Resources) as [
    Resources,
    Resources,
  ];
  const kept = Object.keys(now).filter((id) => id in old);
  const replaced = new Set<string>();
  for (let known = -1; known < replaced.size;) {
    known = replaced.size;
    kept
      .filter((id) =>
        changedProperties(old[id]!, now[id]!, replaced).some((name) => causesReplacement(now[id]!.Type, name)),
      )
      .forEach((id) => replaced.add(id));
  }
  const updated = (id: string) =>
    changedProperties(old[id]!, now[id]!, replaced).length > 0 || old[id]!.DeletionPolicy !== now[id]!.DeletionPolicy;
  const lines = (stack: Stack, ids: string[], what: string) => ids.map((id) => `${nameIn(stack, id)} ${what}`);
  return [
    ...lines(
      after,
      Object.keys(now).filter((id) => !(id in old)),
      'added',
    ),
    ...lines(
      before,
      Object.keys(old).filter((id) => !(id in now)),
      'removed',
    ),
    ...lines(after, [...replaced], 'replaced'),
    ...lines(
      after,
      kept.filter((id) => !replaced.has(id) && updated(id)),
      'updated',
    ),
  ].sort();
}

function changedProperties(old: Resource, now: Resource, replaced: ReadonlySet<string>): string[] {
  const names = new Set([old, now].flatMap(({ Properties }) => Object.keys(Properties ?? {})));
  return [...names].filter((name) => {
    const [was, is] = [old, now].map(({ Properties }) => JSON.stringify(Properties?.[name]));
    return was !== is || references(now.Properties?.[name]).some((id) => replaced.has(id));
  });
}

/** The logical IDs that a value refers to. CDK renders no Fn::Sub. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute } = value as {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: readonly [string, string];
  };
  return [...(Ref ? [Ref] : []), ...(attribute ? [attribute[0]] : []), ...Object.values(value).flatMap(references)];
}

/** By CloudFormation's own schemas. "maybe" counts as yes. */
function causesReplacement(type: string, property: string): boolean {
  spec ??= loadAwsServiceSpecSync();
  const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  const facts = resource?.properties[property];
  if (!facts) throw new Error(`CloudFormation has no ${property} of ${type}`);
  return (facts.causesReplacement ?? 'no') !== 'no';
}

function nameIn(stack: Stack, logicalId: string): string {
  return pathsOf(stack)
    .get(logicalId)!
    .replace(/^Endpoint\//, '');
}
