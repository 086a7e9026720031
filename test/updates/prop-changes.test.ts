import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { TOGETHER, define } from './composition';
import { ROWS, TABLES } from './prop-changes';

/** The interfaces of the library, by name. */
const INTERFACES = new Map(
  readdirSync(join(__dirname, '../../lib'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(__dirname, '../../lib', file), 'utf8');
      return [...ts.createSourceFile(file, text, ts.ScriptTarget.Latest).statements];
    })
    .filter((statement): statement is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(statement))
    .map((declaration) => [declaration.name.text, declaration]),
);

/** The members of an interface, with those of the interfaces that it extends. */
function membersOf(name: string): string[] {
  const declaration = INTERFACES.get(name);
  if (!declaration) return [];
  const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap(({ expression }) => membersOf((expression as ts.Identifier).text)),
  );
  return [...inherited, ...declaration.members.map((member) => (member.name as ts.Identifier).text)];
}

test.each(Object.keys(TABLES))('the table has each prop of %s', (name) => {
  expect(Object.keys(TABLES[name]!.rows).sort()).toEqual(membersOf(name).sort());
});

test('the table has each construct', () => {
  const props = [...INTERFACES.keys()].filter((name) => /^AsyncInference\w+Props$/.test(name));
  expect(props.filter((name) => !(name in TABLES))).toEqual([]);
  expect(props.length).toBeGreaterThan(5);
});

test.each(ROWS.map((row) => [[row.prop, row.what].filter(Boolean).join(': '), row] as const))(
  'the library accepts the values of %s',
  (_, row) => {
    for (const propsOf of row.versions.slice(row.fromAbsent ? 1 : 0))
      expect(() => define(TOGETHER, propsOf)).not.toThrow();
  },
);
