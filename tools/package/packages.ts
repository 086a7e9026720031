// Builds the packages of all languages, or of those given, from what `npm run build` and `npm run build:translations` made:
// npm tarball, wheel, jar and Go module, and the C# project. `--outdir` is the folder of the packages, `pkg` by default.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ROOT } from './metadata';

const LANGUAGES = ['js', 'python', 'java', 'go', 'dotnet'];
/** Compiling C# needs the .NET SDK, and the Go module is published as source. */
const SOURCE_ONLY = new Set(['go', 'dotnet']);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { outdir: { type: 'string', default: 'pkg' } },
});
const languages = positionals.length > 0 ? positionals : LANGUAGES;
const unknown = languages.filter((language) => !LANGUAGES.includes(language));
if (unknown.length > 0) throw new Error(`languages must be of ${LANGUAGES.join(', ')}, got ${unknown.join(', ')}`);

for (const isSourceOnly of [false, true]) {
  const targets = languages.filter((language) => SOURCE_ONLY.has(language) === isSourceOnly);
  if (targets.length === 0) continue;
  const { status } = spawnSync(
    'npx',
    [
      '--no-install',
      'jsii-pacmak',
      ...targets.flatMap((target) => ['--targets', target]),
      ...(isSourceOnly ? ['--code-only'] : []),
      '--rosetta-unknown-snippets=fail',
      '--no-npmignore',
      '--outdir',
      values.outdir,
    ],
    // `npm pack` of pacmak would build the library again, after its examples were translated.
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, npm_config_ignore_scripts: 'true' } },
  );
  if (status !== 0) process.exit(status ?? 1);
}
