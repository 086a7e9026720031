import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  ['README.md', read('README.md')],
  ['CHANGELOG.md', read('CHANGELOG.md')],
  [
    'lib/invoker/invoker.ts: the docstring of AsyncInferenceInvoker',
    /\/\*\*(?:(?!\*\/)[^])*\*\/\s*(?:@\w+\s*)?export class AsyncInferenceInvoker /.exec(
      read('lib/invoker/invoker.ts'),
    )![0],
  ],
  ['docs/invoker.md: the section "Contract"', /^## Contract\n[^]*?^## /m.exec(read('docs/invoker.md'))![0]],
];

const files = readdirSync(FOLDER).filter(
  (file) => readFileSync(join(FOLDER, file), 'utf8').includes(': Caller<') && file !== 'callers.ts',
);

const exportsOf = (file: string) => Object.values(jest.requireActual<Record<string, unknown>>(join(FOLDER, file)));

test('each file with a caller is in the list of callers', () => {
  const missing = files.filter((file) => !CALLERS.some((caller) => exportsOf(file).includes(caller)));
  expect(missing.map((file) => `callers.ts: add the caller of ${file} to CALLERS`)).toEqual([]);
  expect(files).toHaveLength(CALLERS.length);
});

test.each(CALLERS)('$name has its tests, its example and its documentation', (caller) => {
  const { name } = caller;
  const inProse = IN_PROSE[name] ?? name;
  const testFile = files.find((file) => exportsOf(file).includes(caller))!.replace('.ts', '.test.ts');
  const row = new RegExp(`^\\| ${name} \\|.*`, 'm').exec(read('docs/invoker.md'))?.[0] ?? '';
  const examples = [...row.matchAll(/\(\.\.\/examples\/([^/)]+)/g)].map(([, example]) => example!);
  const missing = [
    !(name in IN_PROSE) && `${__filename.slice(ROOT.length + 1)}: add "${name}" to IN_PROSE`,
    !existsSync(join(__dirname, testFile)) && `test/lambda/invoker/callers/${testFile}: add the tests of "${name}"`,
    !row && `docs/invoker.md: add a row for "${name}" to the table of callers`,
    examples.length === 0 && `examples/<use>/app.ts: add an example, and link it in the row for "${name}"`,
    ...examples.map(
      (example) =>
        !read('test/examples/examples.test.ts').includes(`'${example}'`) &&
        `test/examples/examples.test.ts: send an event through the function of examples/${example}`,
    ),
    ...PLACES.map(([place, text]) => text.search(inProse) < 0 && `${place}: name "${name}"`),
  ];
  expect(missing.filter(Boolean)).toEqual([]);
});
