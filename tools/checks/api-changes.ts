// Breaking changes of the public API since the committed baseline. `--accept` makes the current API the baseline.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckError, part, ROOT, run } from './part';

const BASELINE = join(ROOT, 'tools/checks/api-baseline.jsii.gz');
const CURRENT = join(ROOT, '.jsii.gz');
const REDIRECT = { schema: 'jsii/file-redirect', compression: 'gzip', filename: '.jsii.gz' };

function compare(): void {
  // Inside the project, where jsii-diff finds the packages that the API mentions.
  const folder = mkdtempSync(join(ROOT, '.api-baseline-'));
  try {
    copyFileSync(BASELINE, join(folder, '.jsii.gz'));
    copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    writeFileSync(join(folder, '.jsii'), JSON.stringify(REDIRECT));
    // The package is experimental, and by default jsii-diff only warns about changes of experimental APIs.
    const args = ['--no-install', 'jsii-diff', folder, ROOT, '--keys', '--error-on', 'all'];
    const { status, stdout, stderr } = run('npx', args, { cwd: ROOT });
    if (status !== 0) {
      throw new CheckError(
        `${stdout}${stderr}\nThe public API has changed since the baseline. If this is intended, run "npm run api:accept" and name ` +
          'the change in CHANGELOG.md.',
      );
    }
    console.log('No breaking change of the public API since the baseline.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void part(() => {
  if (!process.argv.includes('--accept')) return compare();
  copyFileSync(CURRENT, BASELINE);
  console.log('The current API is the baseline. Name the change in CHANGELOG.md.');
});
