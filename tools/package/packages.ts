// Builds the packages of all languages, or of those given, from what `npm run build` and `npm run build:translations` made:
// npm tarball, wheel, jar and Go module, and the C# project. `--outdir` is the folder of the packages, `pkg` by default.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { linkReadme } from './assembly';
import { withCompiledExample } from './go-readme';
import { goModule, ROOT } from './metadata';

const LANGUAGES = ['js', 'python', 'java', 'go', 'dotnet'] as const;
type Language = (typeof LANGUAGES)[number];

const isLanguage = (name: string): name is Language => LANGUAGES.some((language) => language === name);

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1e9,
  });
  if (status !== 0)
    throw new Error(`${command} ${args[0]} failed: ${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
  return stdout;
}

/** The time of the packages: of the commit, unless the environment sets it. */
function sourceDate(): string {
  return process.env.SOURCE_DATE_EPOCH ?? run('git', ['log', '-1', '--format=%ct']).trim();
}

/** A Go module is published as source. Compiling C# needs the .NET SDK. */
function isSourceOnly(language: Language): boolean {
  return language === 'go' || (language === 'dotnet' && spawnSync('dotnet', ['--version']).status !== 0);
}

function buildPackage(language: Language, outdir: string, epoch: string): void {
  rmSync(join(outdir, language), { recursive: true, force: true });
  run(
    'npx',
    [
      '--no-install',
      'jsii-pacmak',
      '--targets',
      language,
      '--outdir',
      outdir,
      '--rosetta-unknown-snippets=fail',
      '--no-npmignore',
      ...(isSourceOnly(language) ? ['--code-only'] : []),
    ],
    {
      // `npm pack` would build the library again, after its examples were translated.
      npm_config_ignore_scripts: 'true',
      SOURCE_DATE_EPOCH: epoch,
      NODE_OPTIONS: `--import=${join(__dirname, 'fixed-date.mjs')}`,
      MAVEN_OPTS: `-Dproject.build.outputTimestamp=${epoch} -Dnotimestamp=true`,
    },
  );
  if (language === 'go') {
    const readme = join(outdir, language, goModule.slice(goModule.lastIndexOf('/') + 1), 'README.md');
    const example = readFileSync(join(ROOT, 'examples/go/main.go'), 'utf8');
    writeFileSync(readme, withCompiledExample(readFileSync(readme, 'utf8'), example));
  }
  if (language === 'python') {
    run('python3', [join(__dirname, 'normalize_sdist.py'), join(outdir, language)], { SOURCE_DATE_EPOCH: epoch });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { outdir: { type: 'string', default: 'pkg' } },
});
const languages = positionals.length > 0 ? positionals : LANGUAGES;
if (!languages.every(isLanguage))
  throw new Error(`languages must be of ${LANGUAGES.join(', ')}, got ${languages.join(', ')}`);
if (!existsSync(join(ROOT, '.jsii.tabl.json.gz')))
  throw new Error('run `npm run build` and `npm run build:translations` first');

linkReadme();
const epoch = sourceDate();
for (const language of languages) {
  buildPackage(language, resolve(ROOT, values.outdir), epoch);
  process.stdout.write(`${language}: ${join(values.outdir, language)}${isSourceOnly(language) ? ' (source)' : ''}\n`);
}
