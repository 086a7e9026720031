import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(__dirname, '../../..');

function demo(...options: string[]) {
  return run(process.execPath, ['--import', 'tsx', 'local/demo/demo.ts', ...options], { cwd: ROOT });
}

test('a state machine waits for the answers of a real model, for a failure and for an expiry, and none is mistaken for another', async () => {
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

test('fails on an example that there is not', async () => {
  await expect(demo('--example', 'nope')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--example is none of: workflow') as string,
  });
}, 120_000);
