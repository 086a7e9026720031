import { Token } from 'aws-cdk-lib';
import { InstanceType } from './instance-type';

const KNOWN = new Set(
  Object.values(InstanceType).flatMap((value: unknown) =>
    typeof value === 'object' ? (value as InstanceType).instanceTypeName : [],
  ),
);

/** What probably is a mistake in the name of an instance type. Undefined for the types that this version knows. */
export function unknownType(name: string): string | undefined {
  if (Token.isUnresolved(name) || KNOWN.has(name)) return undefined;
  const family = name.replace(/\.[^.]*$/, '.');
  const sizes = [...KNOWN].filter((known) => known.startsWith(family)).map((known) => known.slice(family.length));
  return sizes.length > 0 ? `${name} (the sizes of this family are ${sizes.join(', ')})` : name;
}
