import { Token } from 'aws-cdk-lib';
import { InstanceType } from './instance-type';

/** What a model must be built for. */
export type Processor = 'GPU' | 'Neuron' | 'Graviton' | 'x86';

/** The families of each processor. Undefined for families that are not known to have one of them. */
const FAMILIES: readonly (readonly [RegExp, Processor])[] = [
  [/^ml\.(g|p)\d/, 'GPU'],
  [/^ml\.(inf|trn)\d/, 'Neuron'],
  [/^ml\.[a-z]+\dg/, 'Graviton'],
  [/^ml\.[cmrt]\d/, 'x86'],
];

export function processorOf({ instanceTypeName }: InstanceType): Processor | undefined {
  return FAMILIES.find(([pattern]) => pattern.test(instanceTypeName))?.[1];
}

const KNOWN = new Set(
  Object.values(InstanceType).flatMap((value: unknown) =>
    typeof value === 'object' ? (value as InstanceType).instanceTypeName : [],
  ),
);

/** What probably is a mistake in the name of an instance type. Undefined for the types that this version knows. */
export function unknownType({ instanceTypeName: name }: InstanceType): string | undefined {
  if (Token.isUnresolved(name) || KNOWN.has(name)) return undefined;
  const family = name.replace(/\.[^.]*$/, '.');
  const sizes = [...KNOWN].filter((known) => known.startsWith(family)).map((known) => known.slice(family.length));
  return sizes.length > 0 ? `${name} (the sizes of this family are ${sizes.join(', ')})` : name;
}
