import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readCommandLine, UsageError } from '../../../local/demo/command-line';

const folder = mkdtempSync(join(tmpdir(), 'command-line-'));

afterAll(() => rmSync(folder, { recursive: true }));

function aFile(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a text becomes the input of the model', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, unit: 'grapheme' }), async (text) => {
      const { requests } = await readCommandLine([`--text=${text}`]);
      expect(requests).toEqual([{ text, event: { Body: { inputs: text } } }]);
    }),
  );
});

test('an empty text becomes an empty payload', async () => {
  expect((await readCommandLine(['--text', ''])).requests).toEqual([{ text: '', event: { Body: '' } }]);
});

test('a .json file is sent byte for byte, and another file as a text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (bytes) => {
      const { requests } = await readCommandLine(['--file', aFile('a.json', Buffer.from(bytes))]);
      expect(requests).toEqual([
        { event: { BodyBase64: Buffer.from(bytes).toString('base64'), ContentType: 'application/json' } },
      ]);
    }),
    { numRuns: 30 },
  );
  expect((await readCommandLine(['--file', aFile('a.txt', '\ufeffHej\n')])).requests).toEqual([
    { text: '\ufeffHej\n', event: { Body: { inputs: '\ufeffHej\n' } } },
  ]);
});

test('an event is sent unchanged', async () => {
  expect((await readCommandLine(['--event', '{"Body":1,"Own":true}'])).requests).toEqual([
    { event: { Body: 1, Own: true } },
  ]);
});

test('the options --app, --container, --endpoint, --json and --keep are read', async () => {
  expect(
    await readCommandLine([
      '--text',
      'Hej',
      '--app',
      'an app',
      '--container',
      'a command',
      '--endpoint',
      'One',
      '--json',
      '--keep',
    ]),
  ).toMatchObject({
    app: 'an app',
    container: 'a command',
    endpoint: 'One',
    json: true,
    keep: true,
    help: false,
  });
});

test.each([
  [['--nothing'], "Unknown option '--nothing'"],
  [['stray'], "Unexpected argument 'stray'"],
  [['--text'], 'argument missing'],
  [['--file', '/nowhere'], '--file cannot be read: ENOENT'],
  [['--file', aFile('latin1.txt', Buffer.from([0xe9]))], 'latin1.txt is not UTF-8 text'],
  [['--example', 'nope'], '--example must be workflow, got nope'],
  [['--example', 'workflow', '--json', '--keep'], '--example cannot be combined with --json, --keep'],
  [['--event', '{'], '--event must be JSON'],
  // Every option that an example would ignore.
  ...['text', 'file', 'event', 'app', 'endpoint'].map((name): [string[], string] => [
    ['--example', 'workflow', `--${name}`, 'x'],
    `--example cannot be combined with --${name}`,
  ]),
])('the options %j are an error for the user', async (argv, message) => {
  const reading = readCommandLine(argv);
  await expect(reading).rejects.toThrow(UsageError);
  await expect(reading).rejects.toThrow(message);
});
