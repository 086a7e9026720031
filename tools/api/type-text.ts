import type { AssemblyTypeReference, Callable, TypeText } from './reference';

export type Language = 'typescript' | 'python';

const PRIMITIVES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  typescript: {},
  python: { string: 'str', boolean: 'bool', number: 'Union[int, float]', any: 'Any' },
};

/** `aws_sns.ITopic` for a type of CDK. */
export function foreignName({ fqn, displayName }: TypeText): string {
  const [, submodule] = /\.(aws_\w+)\.\w+$/.exec(fqn!) ?? [];
  return submodule === undefined ? displayName! : `${submodule}.${displayName}`;
}

/** The text of a type with a % for each type that is part of it. jsii-docgen leaves out the keys of a mapping in Python. */
export const patternOf = ({ formattingPattern = '%' }: TypeText): string =>
  formattingPattern
    .replace('typing.Mapping[%]', 'Mapping[str, %]')
    .replace('{[ key: string ]: %}', '{ [key: string]: % }')
    .replaceAll('typing.', '');

/** A type as text, by default with short names. */
export function plainType(text: TypeText, nameOfType = ({ displayName }: TypeText) => displayName!): string {
  if (text.id !== undefined) return nameOfType(text);
  let index = 0;
  return patternOf(text).replace(/%/g, () => plainType(text.types![index++]!, nameOfType));
}

/** The type that a method returns. */
function returnedType(language: Language, { fqn, primitive, collection }: AssemblyTypeReference): string {
  if (fqn !== undefined) return fqn.split('.').at(-1)!;
  if (collection === undefined) return PRIMITIVES[language][primitive!] ?? primitive!;
  const element = returnedType(language, collection.elementtype);
  const isArray = collection.kind === 'array';
  if (language === 'typescript') return isArray ? `${element}[]` : `{ [key: string]: ${element} }`;
  return isArray ? `List[${element}]` : `Mapping[str, ${element}]`;
}

/**
 * The call of a method or an initializer.
 *
 * @param original the callable in TypeScript, where a struct is one parameter. In Python, its members are keyword arguments.
 */
export function call(language: Language, name: string, callable: Callable, original: Callable): string {
  const parameters = original.parameters.map(({ id, displayName, type, optional }) => {
    const own = callable.parameters.find((parameter) => parameter.id === id);
    if (own === undefined) return `**${displayName}: ${plainType(type!)}`;
    // A list of arguments is marked at its type.
    const [, stars = '', plain] = /^(\.\.\.|\*)?(.*)$/.exec(plainType(own.type!))!;
    if (language === 'python') return `${stars}${own.displayName}: ${plain}${optional ? ' = None' : ''}`;
    return `${stars}${own.displayName}${optional ? '?' : ''}: ${plain}`;
  });
  return `${name}(${parameters.join(', ')})`;
}

export function result(language: Language, returned: AssemblyTypeReference | undefined): string {
  if (language === 'typescript') return `: ${returned === undefined ? 'void' : returnedType(language, returned)}`;
  return ` -> ${returned === undefined ? 'None' : returnedType(language, returned)}`;
}
