// Compiles the examples of README.md and of the docstrings, and translates them for the packages of the other languages.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './metadata';

// Rosetta reports no problem about a translation that it finds in a tablet of an earlier run.
for (const tablet of ['.jsii.tabl.json', '.jsii.tabl.json.gz']) rmSync(join(ROOT, tablet), { force: true });

const { status, stdout, stderr } = spawnSync(
  'npx',
  ['--no-install', 'jsii-rosetta', 'extract', '--strict', '--compress-tablet', '--directory', '.', '.'],
  { cwd: ROOT, encoding: 'utf8' },
);
const output = stdout + stderr;
process.stdout.write(output);
// Rosetta guesses the names of a type that it cannot resolve, warns and exits with 0.
const isGuessed = output.includes('Could not resolve');
if (isGuessed) {
  process.stdout.write(
    'The translations above contain guessed names. Export the types that they use from lib/index.ts.\n',
  );
}
process.exitCode = status === 0 && !isGuessed ? 0 : 1;
