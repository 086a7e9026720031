// The TypeScript examples of docs/ compile, each in the frame that those of the README have.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const frame = readFileSync(join(root, 'rosetta/default.ts-fixture'), 'utf8');
const framed = (example) => {
  const statements = /^import[^;]*;\n/gm;
  const imported = new Set(
    [...example.matchAll(/import\s*(?:type\s*)?\{([^}]*)\}/g)].flatMap(([, names]) =>
      names.split(',').map((name) => name.trim()),
    ),
  );
  const declared = new Set([...example.matchAll(/declare const (\w+)/g)].map(([, name]) => name));
  // What an example brings itself, the frame must not.
  const rest = frame
    .replace(
      /\{([^}]*)\} from/g,
      (_, names) =>
        `{ ${names
          .split(',')
          .map((name) => name.trim())
          .filter((name) => name && !imported.has(name))
          .join(', ')} } from`,
    )
    .replace(/declare const (\w+).*;\n/g, (line, name) => (declared.has(name) ? '' : line));
  return (
    (example.match(statements) ?? []).join('') +
    rest
      .replace('/// here', () => example.replace(statements, '').replace(/^declare const.*;$/gm, ''))
      .replace('class Fixture', () => `${(example.match(/^declare const.*;$/gm) ?? []).join('\n')}\nclass Fixture`)
  );
};

// Inside the project, so that its own name leads to what was built.
const work = mkdtempSync(join(root, 'docs-examples-'));
try {
  let count = 0;
  for (const file of readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'))) {
    for (const [, example] of readFileSync(join(root, 'docs', file), 'utf8').matchAll(/^```ts\n([^]*?)^```$/gm)) {
      count += 1;
      writeFileSync(join(work, `${file.replace('.md', '')}-${count}.ts`), framed(example));
    }
  }
  const { status, stdout } = spawnSync(
    'npx',
    [
      '--no-install',
      'tsc',
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--target',
      'es2022',
      '--lib',
      'es2024',
      '--module',
      'node20',
      '--types',
      'node',
      ...readdirSync(work).map((name) => join(work, name)),
    ],
    { cwd: root, encoding: 'utf8' },
  );
  console.log(`${stdout}${count} examples tried`);
  process.exitCode = count > 0 && status === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
