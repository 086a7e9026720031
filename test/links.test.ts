import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { repository: { url: string } };
const HOME = repository.url.replace(/^git\+|\.git$/g, '');
const RAW = HOME.replace('github.com', 'raw.githubusercontent.com');

const GOOD = [
  '[section](#page)',
  '[page](monitoring.md)',
  '[section of a page](monitoring.md#the-alarms)',
  '[anchor of a table](warnings.md#foreignKey)',
  '[file](../examples/sqs/app.ts)',
  `[absolute](${HOME}/blob/main/docs/monitoring.md#the-alarms)`,
  `[folder](${HOME}/tree/main/examples)`,
  `![picture](${RAW}/main/LICENSE)`,
  '[elsewhere](https://docs.aws.amazon.com/sagemaker/)',
];
const BAD = [
  '[unknown section](#missing)',
  '[unknown page](missing.md)',
  '[unknown section of a page](monitoring.md#missing)',
  '[unknown anchor](warnings.md#missingKey)',
  `[absolute](${HOME}/blob/main/docs/missing.md)`,
  `[section of an absolute page](${HOME}/blob/main/docs/monitoring.md#missing)`,
  `[folder](${HOME}/tree/main/missing)`,
  `![picture](${RAW}/main/docs/missing.svg)`,
  '<img src="missing.svg" alt="A picture">',
  `[another owner](${HOME.replace(/[^/]+(?=\/[^/]+$)/, 'somebody')}/blob/main/LICENSE)`,
];

test('links that lead nowhere are found, and only these', () => {
  const links = [...GOOD, ...BAD];
  const options = ['--no-color', '--frail', '--quiet', '--no-stdout', '--file-path', 'docs/page.md'];
  const { status, stderr } = spawnSync(process.execPath, ['node_modules/remark-cli/cli.js', ...options], {
    cwd: ROOT,
    input: `# Page\n\n${links.join('\n\n')}\n`,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  // Link number 0 is in line 3, and each has an empty line after it.
  const found = [...stderr.matchAll(/^\s*(\d+):\d+/gm)].map(([, line]) => links[(Number(line) - 3) / 2]);
  expect(found).toEqual(BAD);
});
