// Writes the API reference to `docs/api`: a page for each class and each interface, in TypeScript and in Python, and an index. It reads the
// compiled assembly, so build first: npm run build && npm run docs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { apiPages } from './pages';
import type { Assembly, Reference } from './reference';
import type { Language } from './type-text';

const ROOT = join(__dirname, '../..');
const FOLDER = 'docs/api';

/** What jsii-docgen says about the compiled assembly in both languages. */
function readReferences(): Record<Language, Reference> {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  try {
    const languages = ['--language', 'typescript', '--language', 'python'];
    execFileSync(
      process.execPath,
      [
        require.resolve('jsii-docgen/bin/jsii-docgen'),
        '--format',
        'json',
        ...languages,
        '--output',
        join(folder, 'API'),
      ],
      { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const read = (language: Language) =>
      JSON.parse(readFileSync(join(folder, `API.${language}.json`), 'utf8')) as Reference;
    return { typescript: read('typescript'), python: read('python') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const assembly = JSON.parse(gunzipSync(readFileSync(join(ROOT, '.jsii.gz'))).toString()) as Assembly;
const files = apiPages(readReferences(), assembly);
// A type that was renamed or removed leaves no page behind.
rmSync(join(ROOT, FOLDER), { recursive: true, force: true });
for (const [path, text] of files) {
  const file = join(ROOT, FOLDER, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
