import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..');

/** The folders in layers. A folder may import from itself and from the entries after it, never from an entry before it. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  lib: [
    'monitoring',
    'workflow',
    'results',
    'requests',
    'endpoint',
    'invoker',
    'scaling',
    'model',
    'core',
    'shared',
    'contract',
  ],
  lambda: ['starter', 'callback', 'requests', 'invoker', 'shared'],
  local: ['demo', 'aws', 'app'],
  tools: [
    'languages',
    'checks',
    'release',
    'package',
    'api',
    'diagrams',
    'security',
    'costs',
    'verification',
    'warnings',
    'images',
    'showcase',
    'bundle',
  ],
};

/** What each folder may import beside itself: other folders of the repository, and packages. Modules of Node.js are always allowed. */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  '.ci': /^$/,
  bench:
    /^(lib$|lib\/(contract|requests|scaling)\/|lambda\/|local\/|@aws-sdk\/|@smithy\/|aws-cdk-lib($|\/)|constructs$|esbuild$|fflate$|selfsigned$)/,
  bin: /^(lib$|aws-cdk-lib($|\/)|constructs$)/,
  docs: /^$/,
  examples: /^(lib$|aws-cdk-lib($|\/)|constructs$|@aws-sdk\/)/,
  lambda: /^(runtime$|lib\/contract\/|@aws-sdk\/|@smithy\/)/,
  lib: /^(aws-cdk-lib($|\/)|constructs$)/,
  local:
    /^(lib\/contract\/|package\.json$|@aws-cdk\/cloud-assembly-api$|aws-local-stepfunctions$|@aws-sdk\/|fauxqs$|fflate$|fasttext\.wasm\.js)/,
  runtime: /^(lib\/contract\/)/,
  tools:
    /^(lib$|lib\/contract\/|lib\/shared\/warnings$|local\/app\/|local\/aws\/unconfirmed$|bench\/|aws-cdk-lib($|\/)|codemaker$|constructs$|esbuild$|fflate$|cdk-nag$|@cdklabs\/|prettier$|textlint$|typescript$)/,
};

/** Folders that hold no source of ours, and tests, which may import anything. */
const UNCHECKED = new Set(['.git', '.github', 'cdk.out', 'coverage', 'dist', 'node_modules', 'pkg', 'rosetta', 'test']);

const folders = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !UNCHECKED.has(entry.name))
  .map(({ name }) => name);

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts|mjs|cjs|js)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !/^(lambda|runtime)\/dist\/|\/node_modules\/|^bench\/\./.test(file));
}

function imports(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [
    ...source.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'";]*?from\s*'([^']+)'|\b(?:import|require)\(\s*'([^']+)'/g),
  ]
    .map(([, stated, called]) => (stated ?? called)!)
    .filter((name) => !name.startsWith('node:'))
    .map((name) => (name.startsWith('.') ? relative(ROOT, join(ROOT, dirname(file), name)) : name));
}

/** The layer of a path below a folder, or undefined for a file of the folder itself, such as `lib/index.ts`. */
function layerOf(folder: string, path: string): number | undefined {
  const [, name = ''] = path.split('/');
  const layer = LAYERS[folder]!.indexOf(name);
  return layer < 0 ? undefined : layer;
}

test('every folder of the repository has its rule', () => expect(folders.sort()).toEqual(Object.keys(ALLOWED).sort()));

test.each(folders)('%s imports only what its rule allows', (folder) => {
  const strangers = sources(folder).flatMap((file) =>
    imports(file)
      .filter((name) => name !== folder && !name.startsWith(`${folder}/`) && !ALLOWED[folder]!.test(name))
      .map((name) => `${file} -> ${name}`),
  );
  expect(strangers).toEqual([]);
});

describe.each(Object.keys(LAYERS))('within %s', (folder) => {
  test('folders are exactly one level deep, and each has its layer', () => {
    const entries = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && entry.name !== 'dist',
    );
    expect(entries.map(({ name }) => name).sort()).toEqual([...LAYERS[folder]!].sort());
    // Only the invoker's callers have a folder of their own.
    const nested = entries.flatMap(({ name }) =>
      readdirSync(join(ROOT, folder, name), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${folder}/${name}/${entry.name}`),
    );
    expect(nested).toEqual(folder === 'lambda' ? ['lambda/invoker/callers'] : []);
  });

  test('no import points upward', () => {
    const upward = sources(folder).flatMap((file) =>
      imports(file)
        .filter(
          (name) => name.startsWith(`${folder}/`) && (layerOf(folder, name) ?? -1) < (layerOf(folder, file) ?? -1),
        )
        .map((name) => `${file} -> ${name}`),
    );
    expect(upward).toEqual([]);
  });
});

test.each(sources('lib/contract'))('%s imports nothing from outside the contract', (file) => {
  expect(imports(file).filter((name) => !name.startsWith('lib/contract/'))).toEqual([]);
});

test('no folder is named after its visibility or after nothing', () => {
  const names = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(
      (path) => !path.includes('node_modules') && statSync(join(ROOT, folder, path)).isDirectory(),
    ),
  );
  expect(names.filter((path) => /(^|\/)(private|utils?|helpers?|common|types|constants)$/.test(path))).toEqual([]);
});

test('the index of lib is export lines only', () => {
  const index = readFileSync(join(ROOT, 'lib/index.ts'), 'utf8');
  expect(index.replace(/^export (type )?\{[\w\s,]+\} from '\.\/[\w-]+\/[\w-]+';$/gm, '').trim()).toBe('');
});

test('the byte limit is written once', () => {
  const code = (file: string) => readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
  expect(['lib', 'lambda', 'local', 'bin'].flatMap(sources).filter((file) => /128_?000/.test(code(file)))).toEqual([
    'lib/contract/invoker.ts',
  ]);
});
