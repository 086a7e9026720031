import { allTypes, nameOf, ownMembers } from './reference';
import type { ApiType, Assembly, AssemblyType, Reference, TypeText } from './reference';

/** A page: the class or the interface that it is about, and the structs and enumerations that go with it. */
export interface Page {
  readonly name: string;
  readonly types: readonly string[];
}

/** The IDs of the types that a type needs: those that it extends, and those of its members. */
function needs(type: ApiType, { interfaces = [] }: AssemblyType, own: ReadonlySet<string>): string[] {
  const idsOf = (text: TypeText | undefined): string[] =>
    text === undefined ? [] : [...(text.id === undefined ? [] : [text.id]), ...(text.types ?? []).flatMap(idsOf)];
  const callables = [type.initializer ?? [], type.instanceMethods ?? [], type.staticMethods ?? []].flat();
  const parameters = callables
    .filter((callable) => callable === type.initializer || own.has(nameOf(callable)))
    .flatMap((callable) => callable.parameters);
  return [...interfaces, ...[...parameters, ...(type.properties ?? [])].flatMap((value) => idsOf(value.type))];
}

/**
 * The pages of the reference: one for each class and each interface. A struct or an enumeration is on the page of the type that its name
 * begins with, else of the only one in its file, else of one that needs it.
 *
 * @throws if a type has no page
 */
export function layout(reference: Reference, assembly: Assembly): Page[] {
  const types = allTypes(reference);
  const details = (id: string): AssemblyType => assembly.types[id]!;
  const folderOf = (id: string) => details(id).locationInModule.filename.split('/').slice(0, -1).join('/');
  const isPage = ({ id }: ApiType) =>
    details(id).kind === 'class' || (details(id).kind === 'interface' && !details(id).datatype);
  const pages = types.filter(isPage);
  const needed = new Map(
    types.map(
      (type) => [type.id, needs(type, details(type.id), new Set(ownMembers(assembly, type.id).keys()))] as const,
    ),
  );

  const pageOf = (type: ApiType, seen: readonly string[] = []): string | undefined => {
    if (isPage(type)) return type.id;
    const [longest] = pages
      .filter(({ displayName }) => type.displayName.startsWith(displayName))
      .sort((a, b) => b.displayName.length - a.displayName.length);
    if (longest) return longest.id;
    const neighbors = pages.filter(
      ({ id }) => details(id).locationInModule.filename === details(type.id).locationInModule.filename,
    );
    if (neighbors.length === 1) return neighbors[0]!.id;
    const users = types
      .filter(({ id }) => id !== type.id && !seen.includes(id) && needed.get(id)!.includes(type.id))
      .map((user) => pageOf(user, [...seen, type.id]))
      .filter((page) => page !== undefined)
      // Readers look for what they can use.
      .sort((a, b) => Number(details(a).abstract ?? false) - Number(details(b).abstract ?? false));
    return users.find((page) => folderOf(page) === folderOf(type.id)) ?? users[0];
  };

  const placed = types.filter((type) => !isPage(type)).map((type) => [type.id, pageOf(type)] as const);
  const lost = placed.filter(([, page]) => page === undefined).map(([id]) => id);
  if (lost.length > 0)
    throw new Error(`no class or interface needs ${lost.join(', ')}: use them in a prop or a method, or remove them`);
  return pages.map(({ id, displayName }) => ({
    name: displayName,
    types: [id, ...placed.filter(([, page]) => page === id).map(([own]) => own)],
  }));
}
