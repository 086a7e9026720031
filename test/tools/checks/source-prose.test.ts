import { proseOf } from '../../../tools/checks/source-prose';

/** The passages of a source with their lines. */
function passages(source: string, path = 'lib/queue.ts'): [number, string][] {
  const { markdown, lines } = proseOf(path, source);
  return markdown
    .split('\n')
    .map((text, i): [number, string] => [lines[i]!, text])
    .filter(([, text]) => text !== '');
}

test('line comments below each other are one passage, and keep their lines', () => {
  const source = ['const a = 1;', '// One sentence that', '// goes on here.', 'const b = 2; // Another one.'].join(
    '\n',
  );
  expect(passages(source)).toEqual([
    [2, 'One sentence that'],
    [3, 'goes on here.'],
    [4, 'Another one.'],
  ]);
});

test('docstrings lose their stars, tags, links and examples', () => {
  const source = [
    '/**',
    ' * Sends a request.',
    ' *',
    ' * @param payload - the bytes to send',
    ' * @default - a new key',
    ' * @see https://docs.aws.amazon.com/sagemaker/',
    ' * @example',
    ' * send(payload); // Not prose.',
    ' * @throws when the payload is too large',
    ' */',
    'declare function send(payload: Uint8Array): void;',
  ].join('\n');
  expect(passages(source)).toEqual([
    [2, 'Sends a request.'],
    [4, '- the bytes to send'],
    [5, '- a new key'],
    [9, '- when the payload is too large'],
  ]);
});

test('directives are no prose', () => {
  expect(
    passages('// eslint-disable-next-line no-console\n\n// #region queue\n\n// @ts-expect-error It is read-only.'),
  ).toEqual([]);
});

test('messages of several words are prose, in one piece and with placeholders', () => {
  const source = [
    "import { thing } from 'some module of three';",
    "const key = 'AWS::SageMaker::Endpoint';",
    "const code = 'export const fromIni = new Provider();';",
    'throw new Error(`maxCapacity must be at least ${min}, got ` + max + ": raise it");',
    'warn(`the key of ${isOwn ? "the bucket of yours" : name} allows nobody`);',
  ].join('\n');
  expect(passages(source)).toEqual([
    [4, 'maxCapacity must be at least `value`, got `value`: raise it'],
    [5, 'the key of `value` allows nobody'],
    [5, 'the bucket of yours'],
  ]);
});

test('only the titles of a test are prose', () => {
  const source = [
    "describe('the queue of requests', () => {",
    "  test.each(['a text that is data'])('%s is sent as it is', (text) => {",
    "    expect(send('another text as data')).toBe(text);",
    '  });',
    '});',
  ].join('\n');
  expect(passages(source, 'test/queue.test.ts').map(([, text]) => text)).toEqual([
    'the queue of requests',
    '%s is sent as it is',
  ]);
});
