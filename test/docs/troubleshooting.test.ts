import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TASK_ERRORS } from '../../lib/contract/callback';

const ROOT = join(__dirname, '../..');
const [, table = ''] = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8').split(
  '\n## Errors of this library\n',
);
const documented = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!);

/** The names of errors that users see, which are spelled out in the sources. */
const thrown = ['lib', 'lambda', 'runtime'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/(^|[\\/])dist[\\/]/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(ROOT, folder, file), 'utf8').matchAll(/override readonly name = '(\w+)'/g),
    ])
    .map(([, name]) => name!),
);

test('docs/troubleshooting.md explains each error of the library, and no other', () => {
  const names = [...new Set([...thrown, ...Object.values(TASK_ERRORS), 'DeadLetterReason'])];
  expect([...documented].sort()).toEqual(names.sort());
});
