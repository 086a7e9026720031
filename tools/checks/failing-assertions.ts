// A failing assertion ends a test run. The tests run with a first assertion that fails, and none may leave something open.
import { join } from 'node:path';
import { CheckError, part, readJson, ROOT, run } from './part';

const ARGUMENTS = ['jest', '--setupFilesAfterEnv=./test/support/failing-assertion.ts'];

/** What Jest prints if it has to kill a worker, and what `test/support/end-of-run.ts` prints. */
const LEFT_OPEN = /failed to exit gracefully|The tests left these open/;

void part((folder) => {
  const file = join(folder, 'report.json');
  const { stderr } = run('npx', ['--no-install', ...ARGUMENTS, '--json', `--outputFile=${file}`], { cwd: ROOT });
  const { testResults } = readJson<{
    testResults: readonly { name: string; status: string; assertionResults: unknown[] }[];
  }>(file);
  const untouched = testResults.filter(({ status, assertionResults }) => status === 'passed' || !assertionResults[0]);
  if (untouched.length > 0) {
    throw new CheckError(`no test was made to fail in ${untouched.map(({ name }) => name).join(', ')}`);
  }
  if (LEFT_OPEN.test(stderr)) {
    const command = ['npx', ...ARGUMENTS, '--runInBand', '--', 'test/FILE'].join(' ');
    throw new CheckError(`a test leaves something open when an assertion fails. Find its file with: ${command}`);
  }
  console.log(`${testResults.length} test files end when their assertions fail`);
});
