// `npm run release:rehearsal` does what a release does with the packages in `pkg`, publishes nothing, and prints what it could not
// rehearse. It fails on what would fail a release of this commit, apart from the decisions that a person still has to make.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metadata, repositoryUrl, ROOT } from '../package/metadata';
import { publishedFiles } from './checksums';
import { releaseErrors } from './release-errors';

const PACKAGES = join(ROOT, 'pkg');
const failures: string[] = [];
const notRehearsed: string[] = [
  'trusted publishing and provenance: they need the identity of a GitHub workflow',
  'the upload to Maven Central: it needs an account and a GPG key',
  'the push to the repository of the Go module: it needs that repository and a token',
  'the GitHub release',
];

const report = (line: string) => process.stdout.write(`${line}\n`);

function check(what: string, holds: boolean): void {
  report(`${holds ? 'ok' : 'FAILED'}: ${what}`);
  if (!holds) failures.push(what);
}

function succeeds(command: string, args: readonly string[], cwd = ROOT): boolean {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) report(`${stdout ?? ''}${stderr ?? ''}`);
  return status === 0;
}

const filesOf = (language: string) =>
  existsSync(join(PACKAGES, language)) ? publishedFiles(join(PACKAGES, language)) : [];

/** The published files of a language, if this machine could build its package. */
function builtFiles(language: string): string[] | undefined {
  const files = filesOf(language);
  if (files.length === 0) notRehearsed.push(`everything about ${language}: this machine did not build its package`);
  return files.length === 0 ? undefined : files;
}

function rehearseNpm(): void {
  const tarball = builtFiles('js')?.find((file) => file.endsWith('.tgz'));
  if (!tarball) return;
  if (spawnSync('npm', ['ping']).status !== 0)
    notRehearsed.push('`npm publish`: the registry is not available on this machine');
  else
    check(
      'npm accepts the tarball in a dry run',
      succeeds('npm', ['publish', '--dry-run', join(PACKAGES, 'js', tarball)]),
    );
}

function rehearsePyPi(): void {
  const files = builtFiles('python')?.map((file) => join(PACKAGES, 'python', file));
  if (!files) return;
  check('the wheel and the source distribution exist', files.length === 2);
  const work = mkdtempSync(join(tmpdir(), 'twine-'));
  try {
    const [python, pip, twine] = ['python', 'pip', 'twine'].map((name) => join(work, 'bin', name)) as [
      string,
      string,
      string,
    ];
    const isInstalled =
      spawnSync('python3', ['-m', 'venv', work]).status === 0 &&
      existsSync(python) &&
      spawnSync(pip, ['install', '--quiet', 'twine']).status === 0;
    if (!isInstalled) notRehearsed.push('the checks of PyPI: twine is not available on this machine');
    else check('twine accepts the wheel and the source distribution', succeeds(twine, ['check', '--strict', ...files]));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function rehearseMaven(): void {
  const files = builtFiles('java');
  if (!files) return;
  const name = `${metadata.name}-${metadata.version}`;
  for (const ending of ['.pom', '.jar', '-sources.jar', '-javadoc.jar']) {
    check(
      `${name}${ending} exists`,
      files.some((file) => file.endsWith(`/${name}${ending}`)),
    );
  }
  const pom = files.find((file) => file.endsWith('.pom'));
  const text = pom ? readFileSync(join(PACKAGES, 'java', pom), 'utf8') : '';
  const required = ['name', 'description', 'url', 'licenses', 'developers', 'scm'];
  check(
    `the POM has what Maven Central requires (${required.join(', ')})`,
    required.every((element) => text.includes(`<${element}>`)),
  );
}

function rehearseGo(): void {
  const file = builtFiles('go')?.find((path) => path.endsWith('go.mod'));
  if (file) check('go.mod replaces nothing', !/^\s*replace\b/m.test(readFileSync(join(PACKAGES, 'go', file), 'utf8')));
}

function rehearseNuGet(): void {
  const files = builtFiles('dotnet');
  if (files && !files.some((file) => file.endsWith('.nupkg'))) {
    notRehearsed.push('the NuGet package: the .NET SDK is not available on this machine, so it is source only');
  }
}

rehearseNpm();
rehearsePyPi();
rehearseMaven();
rehearseGo();
rehearseNuGet();
for (const file of ['sbom.cdx.json', 'SHA256SUMS']) check(`${file} exists`, existsSync(join(PACKAGES, file)));

const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const decisions = releaseErrors({
  tag: `v${metadata.version}`,
  version: metadata.version,
  changelog,
  readme,
  repositoryUrl,
});
report(`\nTo release v${metadata.version}, a person still has to repair:`);
report(decisions.map((error) => `- ${error}\n`).join('') || '- nothing\n');
report('Not rehearsed:');
report(notRehearsed.map((what) => `- ${what}\n`).join(''));
report(failures.length === 0 ? 'The rehearsal passed. Nothing was published.' : `${failures.length} checks failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;
