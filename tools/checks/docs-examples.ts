// The TypeScript examples of docs/ compile, each in the fixture that the examples of the README have.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckError, part, ROOT, run } from './part';

const FIXTURE = readFileSync(join(ROOT, 'rosetta/default.ts-fixture'), 'utf8');
const COMPILER =
  '--ignoreConfig --noEmit --strict --skipLibCheck --target es2022 --lib es2024 --module node20 --types node';

const namesIn = (list: string) => list.split(',').map((name) => name.trim());

/** An example in the fixture. The fixture must not bring what the example brings itself. */
function withFixture(example: string): string {
  const importStatements = /^import[^;]*;\n/gm;
  const declarations = /^declare const.*;$/gm;
  const imported = new Set(
    [...example.matchAll(/import\s*(?:type\s*)?\{([^}]*)\}/g)].flatMap(([, names]) => namesIn(names!)),
  );
  const declared = new Set([...example.matchAll(/declare const (\w+)/g)].map(([, name]) => name));
  const fixture = FIXTURE.replace(/\{([^}]*)\} from/g, (_, names: string) => {
    const missing = namesIn(names).filter((name) => name && !imported.has(name));
    return `{ ${missing.join(', ')} } from`;
  }).replace(/declare const (\w+).*;\n/g, (line, name: string) => (declared.has(name) ? '' : line));
  return (
    (example.match(importStatements) ?? []).join('') +
    fixture
      .replace('/// here', () => example.replace(importStatements, '').replace(declarations, ''))
      .replace('class Fixture', () => `${(example.match(declarations) ?? []).join('\n')}\nclass Fixture`)
  );
}

void part(() => {
  // Inside the project, so that the name of the package resolves to what was built.
  const folder = mkdtempSync(join(ROOT, 'docs-examples-'));
  try {
    const files = readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .flatMap((page) =>
        [...readFileSync(join(ROOT, 'docs', page), 'utf8').matchAll(/^```ts\n([^]*?)^```$/gm)].map(
          ([, example], index) => {
            const file = join(folder, `${page.replace('.md', '')}-${index + 1}.ts`);
            writeFileSync(file, withFixture(example!));
            return file;
          },
        ),
      );
    if (files.length === 0) throw new CheckError('docs has no examples');
    const { status, stdout } = run('npx', ['--no-install', 'tsc', ...COMPILER.split(' '), ...files], { cwd: ROOT });
    if (status !== 0) throw new CheckError(stdout);
    console.log(`${files.length} examples compile`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
