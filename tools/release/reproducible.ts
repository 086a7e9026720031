// Builds everything a second time and compares it with the packages in `pkg`: the same sources must give the same bytes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../package/metadata';
import { differentFiles, publishedFiles } from './checksums';

const PACKAGES = join(ROOT, 'pkg');
/** The .NET SDK writes random names into a compiled package, so only the C# source can be compared. */
const isCompiledDotnet = (language: string) =>
  language === 'dotnet' && publishedFiles(join(PACKAGES, language)).some((file) => file.endsWith('.nupkg'));
const languages = existsSync(PACKAGES)
  ? readdirSync(PACKAGES, { withFileTypes: true })
      .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
      .filter((language) => !isCompiledDotnet(language))
  : [];
if (languages.length === 0) throw new Error('pkg contains no packages: run `npm run package` first');

const work = mkdtempSync(join(tmpdir(), 'reproducible-'));
try {
  execFileSync('npm', ['run', 'build'], { cwd: ROOT, stdio: 'inherit' });
  execFileSync('npm', ['run', 'build:translations'], { cwd: ROOT, stdio: 'inherit' });
  execFileSync('npx', ['--no-install', 'tsx', 'tools/package/packages.ts', '--outdir', work, ...languages], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  const different = languages.flatMap((language) =>
    differentFiles(join(PACKAGES, language), join(work, language)).map((file) => join(language, file)),
  );
  different.forEach((file) => process.stdout.write(`differs: ${file}\n`));
  const count = publishedFiles(work).length;
  process.stdout.write(`${count} files of ${languages.join(', ')} built twice, ${different.length} differ\n`);
  process.exitCode = count > 0 && different.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
