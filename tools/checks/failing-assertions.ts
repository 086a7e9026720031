// A failing assertion ends a test run. The first assertion of every test fails, and no test may leave something open. The tests of
// `lib` and of updates are left out: they start no server and no process, and compute for minutes.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CheckError, part, readJson, ROOT, run } from './part';

// In one process, which `test/support/end-of-run.ts` ends if something keeps it alive.
const ARGUMENTS = ['jest', '--runInBand', '--setupFilesAfterEnv=./test/support/failing-assertion.ts'];
const FOLDERS = readdirSync(join(ROOT, 'test'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !['lib', 'updates'].includes(entry.name))
  .map(({ name }) => `${join(ROOT, 'test', name)}/`);

interface Report {
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly { status: string }[] }[];
}

void part((folder) => {
  const file = join(folder, 'report.json');
  const { stderr } = run('npx', ['--no-install', ...ARGUMENTS, '--json', `--outputFile=${file}`, ...FOLDERS], {
    cwd: ROOT,
  });
  const { testResults } = readJson<Report>(file);
  const unaffected = testResults.filter(({ assertionResults }) =>
    assertionResults.every(({ status }) => status !== 'failed'),
  );
  if (unaffected.length > 0) {
    throw new CheckError(`no assertion failed in ${unaffected.map(({ name }) => name).join(', ')}`);
  }
  const open = /^The tests left these open.*$/m.exec(stderr);
  if (open) {
    throw new CheckError(`${open[0]}\nFind the test file with: npx ${ARGUMENTS.join(' ')} -- test/FILE`);
  }
  console.log(`${testResults.length} test files end when their assertions fail`);
});
