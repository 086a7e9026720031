import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..');
const CONTRACT = 'lib/invoker-contract';

/** What each room may import: other rooms, files, and packages (those of Node itself are free). */
const ALLOWED: Record<string, RegExp> = {
  'lib': /^(lib\/|aws-cdk-lib($|\/)|constructs$)/,
  'lambda': /^(lambda\/|runtime$|lib\/(invoker|callback)-contract$|@aws-sdk\/|@smithy\/|(esbuild|fflate)$)/,
  'runtime': /^(runtime\/|lib\/invoker-contract$)/,
  'bin': /^(lib$|aws-cdk-lib($|\/)|constructs$)/,
  'examples': /^(lib$|aws-cdk-lib($|\/)|constructs$|examples\/|@aws-sdk\/)/,
  'local': /^(local\/|lib\/(invoker|callback)-contract$|aws-local-stepfunctions$|@aws-sdk\/|fauxqs$|fflate$|fasttext\.wasm\.js)/,
};

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|js)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !/^(lambda|runtime)\/dist\//.test(file));
}

function imports(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [...source.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|\b(?:import|require)\(\s*'([^']+)'/g)]
    .map(([, stated, called]) => (stated ?? called)!)
    .filter((name) => !name.startsWith('node:'))
    .map((name) => (name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), name)) : name));
}

test.each(Object.keys(ALLOWED))('%s imports only what it may know', (room) => {
  const files = sources(room);
  expect(files.length).toBeGreaterThan(0);
  const strangers = files.flatMap((file) => imports(file).filter((name) => !ALLOWED[room]!.test(name)).map((name) => `${file} -> ${name}`));
  expect(strangers).toEqual([]);
});

test.each([CONTRACT, 'lib/callback-contract'])('%s imports nothing', (contract) => expect(imports(`${contract}.ts`)).toEqual([]));

test('the index of lib is export lines only', () => {
  const lines = readFileSync(join(ROOT, 'lib/index.ts'), 'utf8').trim().split('\n');
  expect(lines.filter((line) => !/^export (type )?\{ [\w, ]+ \} from '\.\/[\w-]+';$/.test(line))).toEqual([]);
});

test('the byte limit is written down once', () => {
  const places = ['lib', 'lambda', 'local', 'bin'].flatMap(sources).filter((file) => /128_?000/.test(readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '')));
  expect(places).toEqual([`${CONTRACT}.ts`]);
});
