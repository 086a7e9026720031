import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLERS } from '../../../../lambda/invoker/callers/callers';

const ROOT = join(__dirname, '../../../..');
const FOLDER = join(ROOT, 'lambda/invoker/callers');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** What each caller is called in prose. */
const IN_PROSE: Readonly<Record<string, RegExp>> = {
  'Direct call': /direct call/i,
  'API Gateway or function URL': /function URL|HTTP/,
  'Application Load Balancer': /Application Load Balancer/,
  'SQS queue': /SQS/,
};

/** The places that name every caller. */
const PLACES: readonly (readonly [place: string, text: string])[] = [
  ['the README', read('README.md')],
  ['the changelog', read('CHANGELOG.md')],
  [
    'the docstring of AsyncInferenceInvoker',
    /\/\*\*(?:(?!\*\/)[^])*\*\/\s*(?:@\w+\s*)?export class AsyncInferenceInvoker /.exec(
      read('lib/invoker/invoker.ts'),
    )![0],
  ],
  ['the contract in docs/invoker.md', /^## Contract\n[^]*?^## /m.exec(read('docs/invoker.md'))![0]],
];

const files = readdirSync(FOLDER).filter(
  (file) => readFileSync(join(FOLDER, file), 'utf8').includes(': Caller<') && file !== 'callers.ts',
);

test('each file with a caller is in the list of callers', () => {
  const missing = files.filter((file) => {
    const exported = Object.values(jest.requireActual<Record<string, unknown>>(join(FOLDER, file)));
    return !CALLERS.some((caller) => exported.includes(caller));
  });
  expect(missing).toEqual([]);
  expect(files).toHaveLength(CALLERS.length);
});

describe.each(CALLERS)('$name', ({ name }) => {
  test('has tests beside those of all callers', () => {
    const tests = readdirSync(__dirname).filter((file) => !file.startsWith('callers.'));
    const word = IN_PROSE[name] ?? name;
    expect(tests.filter((file) => readFileSync(join(__dirname, file), 'utf8').match(word))).not.toEqual([]);
  });

  test('has a name in prose, and an example in docs/invoker.md', () => {
    expect(IN_PROSE).toHaveProperty([name]);
    expect(read('docs/invoker.md')).toMatch(new RegExp(`^\\| ${name} \\|.*\\(\\.\\./examples/[^)]+\\)`, 'm'));
  });

  test.each(PLACES)('is named in %s', (_, text) => {
    expect(text).toMatch(IN_PROSE[name]!);
  });
});
