// The demo answers every sentence in its own language and rejects an empty payload.
import { CheckError, part, readJson, ROOT, run } from './part';

interface Answer {
  readonly OutputLocation: string;
  readonly result: readonly [{ readonly label: string }];
}

const demo = (...args: readonly string[]) => run('npm', ['run', '--silent', 'demo', '--', ...args], { cwd: ROOT });

function expect(holds: boolean, error: string): void {
  if (!holds) throw new CheckError(error);
}

void part(() => {
  const sentences = readJson<readonly string[]>(ROOT, 'local/demo/sentences.json');
  const { status, stdout, stderr } = demo('--json');
  expect(status === 0, `the demo ended with ${status}:\n${stderr}`);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Partial<Answer>)
    .filter((line): line is Answer => line.result !== undefined);
  const languages = new Set(answers.map(({ result }) => result[0].label));
  expect(
    answers.length >= 12 && answers.length === sentences.length,
    `expected ${sentences.length} answers, at least 12, got ${answers.length}`,
  );
  expect(
    answers.every(({ OutputLocation }) => OutputLocation.startsWith('s3://')),
    'an answer has no OutputLocation',
  );
  expect(languages.size === sentences.length, `expected ${sentences.length} languages, got ${languages.size}`);
  expect(demo('--text', '').status === 1, 'an empty payload was accepted');
  console.log(`${answers.length} sentences in as many languages`);
});
