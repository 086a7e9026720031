// The demo as a newcomer runs it: every sentence is answered in its own language, and what is out of the limits is refused.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const demo = (...args) => {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', 'demo', '--', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { status, stdout };
};
const expect = (holds, what) => {
  if (!holds) throw new Error(what);
};

const sentences = JSON.parse(readFileSync(join(root, 'local/sentences.json'), 'utf8'));
const started = Date.now();
const { status, stdout } = demo('--json');
const seconds = (Date.now() - started) / 1000;
expect(status === 0, `the demo ended with ${status}`);
const answers = stdout
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .filter(({ labels }) => labels);
expect(
  answers.length >= 12 && answers.length === sentences.length,
  `${answers.length} answers to ${sentences.length} sentences`,
);
expect(
  answers.every(({ OutputLocation }) => OutputLocation.startsWith('s3://')),
  'an answer has no location',
);
expect(
  new Set(answers.map(({ labels }) => labels[0].label)).size === sentences.length,
  'two sentences got the same language',
);
expect(seconds < 60, `the demo took ${seconds} s`);
expect(demo('--text', '').status === 1, 'an empty payload was not refused');
console.log(`${answers.length} sentences in as many languages, in ${seconds.toFixed(0)} s`);
