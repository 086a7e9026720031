// What jsii-docgen says about the package in one language, and what the compiled assembly says besides.

/** A type as text, with a % for each type that is part of it. */
export interface TypeText {
  readonly formattingPattern?: string;
  readonly types?: readonly TypeText[];
  /** The name in TypeScript with its package. Only of classes, structs and the like. */
  readonly id?: string;
  readonly fqn?: string;
  readonly displayName?: string;
}

export interface Docs {
  readonly summary?: string;
  readonly remarks?: string;
  readonly example?: string;
  readonly links?: readonly string[];
}

/** A property, a parameter, a constant or a member of an enumeration. */
export interface Value {
  /** The same in all languages. It ends with the name in TypeScript. */
  readonly id: string;
  readonly displayName: string;
  readonly type?: TypeText;
  readonly optional?: boolean;
  readonly default?: string;
  readonly docs: Docs;
}

export interface Callable {
  readonly id: string;
  readonly displayName: string;
  readonly parameters: readonly Value[];
  /** Absent from initializers. */
  readonly docs?: Docs;
}

/** A class, a struct, an interface or an enumeration. */
export interface ApiType {
  readonly id: string;
  readonly displayName: string;
  readonly docs: Docs;
  readonly initializer?: Callable;
  readonly instanceMethods?: readonly Callable[];
  readonly staticMethods?: readonly Callable[];
  readonly constants?: readonly Value[];
  readonly properties?: readonly Value[];
  readonly members?: readonly Value[];
}

export type TypeGroup = 'constructs' | 'classes' | 'interfaces' | 'structs' | 'enums';

/** The output of jsii-docgen for one language. */
export interface Reference {
  readonly apiReference: Readonly<Record<TypeGroup, readonly ApiType[]>>;
}

export interface AssemblyTypeReference {
  readonly fqn?: string;
  readonly primitive?: string;
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: AssemblyTypeReference };
}

export interface AssemblyMember {
  readonly name: string;
  readonly returns?: { readonly type: AssemblyTypeReference };
  readonly docs?: { readonly custom?: { readonly throws?: string } };
}

export interface AssemblyType {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'enum';
  /** Whether an interface is a struct. */
  readonly datatype?: boolean;
  readonly abstract?: boolean;
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly initializer?: Omit<AssemblyMember, 'name'>;
  readonly methods?: readonly AssemblyMember[];
  readonly properties?: readonly AssemblyMember[];
  readonly locationInModule: { readonly filename: string };
}

export interface Assembly {
  readonly name: string;
  readonly types: Readonly<Record<string, AssemblyType>>;
}

/** The name in TypeScript that an ID ends with. */
export const nameOf = ({ id }: { readonly id: string }): string => id.split('.').at(-1)!;

export const allTypes = ({ apiReference }: Reference): ApiType[] => Object.values(apiReference).flat();

/** The types of this package that a type extends directly. */
export const ownParents = ({ types }: Assembly, fqn: string): string[] =>
  parentsOf(types[fqn]!).filter((parent) => parent in types);

const parentsOf = ({ base, interfaces = [] }: AssemblyType): string[] => [
  ...(base === undefined ? [] : [base]),
  ...interfaces,
];

/** The members that the package declares for a type, in the type or in one that it extends. */
export function ownMembers(assembly: Assembly, fqn: string): Map<string, Omit<AssemblyMember, 'name'>> {
  const { methods = [], properties = [] } = assembly.types[fqn]!;
  const inherited = ownParents(assembly, fqn).flatMap((parent) => [...ownMembers(assembly, parent)]);
  return new Map([...inherited, ...[...methods, ...properties].map((member) => [member.name, member] as const)]);
}

/** The nearest types of other packages that a type extends. */
export function foreignParents(assembly: Assembly, fqn: string): string[] {
  const parents = parentsOf(assembly.types[fqn]!).flatMap((parent) =>
    parent in assembly.types ? foreignParents(assembly, parent) : [parent],
  );
  return [...new Set(parents)];
}
