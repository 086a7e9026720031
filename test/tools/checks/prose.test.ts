import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'prose-'));
afterAll(() => rmSync(folder, { recursive: true }));

function lint(name: string, text: string): { status: number | null; findings: string[] } {
  const path = join(folder, name);
  writeFileSync(path, text);
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', 'tools/checks/prose.ts', path], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return {
    status,
    findings: stdout
      .trimEnd()
      .split('\n')
      .slice(0, -1)
      .map((line) => line.replace(`${path}:`, '')),
  };
}

const WORDS = Array.from({ length: 36 }, (_, i) => `word${i}`).join(' ');
const BAD = [
  'It costs no instance while nobody asks.',
  'It plays AWS on this machine.',
  'Who needs exact bytes sends a string.',
  'They exclude each other.',
  'What belongs to others is told by a warning.',
  'Moments of weakness of S3 are retried.',
  'The alarm goes off.',
  'IAM knows no resource for these.',
  'The role takes no policy.',
  'It is received in vain.',
  'See to it that the topic has an action.',
  'There is one method a metric.',
  'The behaviour of the licence.',
  'It waits; it retries.',
  'The id of a request.',
  'NodeJS and Cloudformation.',
  'That is proved by tests.',
  `${WORDS}.`,
  `| Cell |\n|---|\n| ${WORDS}. |`,
  '> [!NOTE]\n> Read this.',
  '## Weather',
];
const GOOD = [
  'It scales to zero when idle and starts an instance when a request arrives.',
  'It emulates the AWS services locally.',
  'To send exact bytes, use a string or `BodyBase64`.',
  '`Body` and `InputLocation` are mutually exclusive.',
  'Transient S3 errors are retried. Access errors are not.',
  'The alarm enters ALARM.',
  'These actions do not support resource-level permissions.',
  'The role cannot be modified (imported as immutable).',
  'Fault injection uses up a receive attempt.',
  'One method per metric, and the ID of a request.',
  'Who can read the results?',
  'The code `a; b` is not prose.',
  'Node.js, CloudFormation and the README of the API’s client.',
];

test('each text in the language that this project avoids has a finding', () => {
  const { status, findings } = lint('bad.md', BAD.join('\n\n'));
  expect(status).toBe(1);
  const firstLine = (index: number) =>
    BAD.slice(0, index).reduce((line, text) => line + text.split('\n').length + 1, 1);
  const found = findings.map((finding) => parseInt(finding));
  const missed = BAD.filter((_, i) => !found.some((line) => line >= firstLine(i) && line < firstLine(i + 1)));
  expect(missed).toEqual([]);
});

test('the language that this project uses is not', () => {
  expect(lint('good.md', GOOD.join('\n\n'))).toEqual({ status: 0, findings: [] });
});

test('a source is checked in its comments, with the line of each', () => {
  const { findings } = lint(
    'source.ts',
    ['const id = 1;', '', '/**', ' * The id; see above.', ' */', 'use(id);'].join('\n'),
  );
  expect(findings.map((finding) => finding.split(':')[0])).toEqual(['4', '4']);
});
