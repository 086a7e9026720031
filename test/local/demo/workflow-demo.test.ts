import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(__dirname, '../../..');

function demo(...options: string[]) {
  return run(process.execPath, ['--import', 'tsx', 'local/demo/demo.ts', ...options], { cwd: ROOT });
}

test('each execution of the workflow example receives its own result, failure or expiry from a real model', async () => {
  const { stdout } = await demo('--example', 'workflow');
  const executions = [...stdout.matchAll(/^ {2}in {3}(.*)\n {2}out {2}(.*)$/gm)].map(([, input, output]) => ({
    text: (JSON.parse(input!) as { text: unknown }).text,
    output: JSON.parse(output!) as Record<string, unknown>,
  }));
  const result = expect.stringMatching(/^s3:\/\/.+\/output\/.+\.out$/) as string;
  expect(executions.map(({ output }) => output)).toEqual([
    { language: 'fr', result },
    { language: 'de', result },
    { language: 'es', result },
    {
      failed: expect.objectContaining({
        Reason: expect.stringContaining('400') as string,
        FailureLocation: expect.any(String) as string,
      }) as unknown,
    },
    { expired: expect.objectContaining({ Reason: expect.any(String) as string }) as unknown },
  ]);
  expect(new Set(executions.slice(0, 3).map(({ output }) => output.result)).size).toBe(3);
  expect(stdout.match(/tasks left in the table: (\d+)/g)).toEqual([
    'tasks left in the table: 0',
    'tasks left in the table: 0',
  ]);
}, 120_000);

test('an unknown example ends the demo with exit code 2', async () => {
  await expect(demo('--example', 'nope')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--example must be workflow, got nope') as string,
  });
}, 120_000);

test('an option that the example ignores ends the demo with exit code 2', async () => {
  await expect(demo('--example', 'workflow', '--keep')).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: '--example cannot be combined with --keep\nSee npm run demo -- --help\n',
  });
});
