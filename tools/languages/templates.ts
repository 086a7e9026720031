import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What synthesis writes for stacks: templates and asset manifests by file name. */
export function templatesOf(assembly: string): ReadonlyMap<string, string> {
  const names = readdirSync(assembly).filter((name) => /\.(template|assets)\.json$/.test(name));
  return new Map(names.sort().map((name) => [name, readFileSync(join(assembly, name), 'utf8')]));
}

/** Checks that two assemblies are equal byte for byte, and returns the number of templates. */
export function assertSameTemplates(language: string, expected: string, actual: string): number {
  const [wanted, got] = [templatesOf(expected), templatesOf(actual)];
  const names = [...new Set([...wanted.keys(), ...got.keys()])];
  const different = names.filter((name) => wanted.get(name) !== got.get(name));
  if (different.length > 0) {
    const first = different[0]!;
    throw new Error(
      `${language} and TypeScript synthesize different ${different.join(', ')}. ` +
        firstDifference(wanted.get(first) ?? '', got.get(first) ?? ''),
    );
  }
  const templates = names.filter((name) => name.endsWith('.template.json'));
  if (templates.length === 0) throw new Error(`${language} synthesized no template`);
  return templates.length;
}

function firstDifference(expected: string, actual: string): string {
  const lines = actual.split('\n');
  const index = expected.split('\n').findIndex((line, position) => line !== lines[position]);
  const context = (text: string) =>
    text
      .split('\n')
      .slice(Math.max(0, index - 3), index + 3)
      .join('\n');
  return `The first difference is in line ${index + 1}:\n${context(expected)}\n--- instead of ---\n${context(actual)}`;
}
