import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { zipSync } from 'fflate';
import { literalKeys } from './literal-keys';
import { isStubbed, stubModules } from './sdk-stubs';

const ROOT = join(__dirname, '../..');
const DIST = join(ROOT, 'lambda/dist');

/** The functions' files by the folders that they go to. S3's client is in no cold start of an invoker that puts nothing there. */
const ENTRY_POINTS = {
  invoker: 'lambda/invoker/index.ts',
  'invoker-with-s3': 'lambda/invoker/index-with-s3.ts',
  starter: 'lambda/starter/index.ts',
  callback: 'lambda/callback/index.ts',
};

/** A package whose code a bundle holds. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly text: string;
}

/** The functions as they are shipped. */
export interface Bundles {
  /** The files by their paths in lambda/dist: each function as plain code and as the archive that is deployed. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly metafile: Metafile;
  readonly packages: readonly BundledPackage[];
}

/** Builds the functions in memory. The same sources give the same bytes, wherever and however often this runs. */
export async function bundle(): Promise<Bundles> {
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(Object.entries(ENTRY_POINTS).map(([name, file]) => [`${name}/index`, file])),
    plugins: [stubModules, literalKeys],
    // As `require`, since the first `import()` of a CommonJS file loads all that Node.js has for ECMAScript modules
    supported: { 'dynamic-import': false },
    outdir: 'lambda/dist',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: false,
    legalComments: 'none',
    tsconfigRaw: {},
    logLevel: 'silent',
  });
  if (warnings.length > 0)
    throw new Error(warnings.map(({ text, location }) => `${location?.file}: ${text}`).join('\n'));
  const packages = await packagesOf(metafile);
  const codes = outputFiles.map(({ path, contents }) => [path.slice(DIST.length + 1), contents] as const);
  const files = new Map<string, Uint8Array>([
    ...codes,
    ...codes.map(([path, contents]) => [`${dirname(path)}.zip`, archive(contents)] as const),
  ]);
  files.set('THIRD-PARTY-LICENSES', Buffer.from(licenses(packages)));
  return { files, metafile, packages };
}

/** The same archive in every time zone, that its owner may write and everybody may read. */
function archive(contents: Uint8Array): Uint8Array {
  return zipSync({ 'index.js': [contents, { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 }] });
}

async function packagesOf(metafile: Metafile): Promise<BundledPackage[]> {
  const folders = Object.keys(metafile.inputs)
    .filter((path) => !isStubbed(path))
    .map((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return Promise.all(
    [...new Set(folders.filter((folder) => folder !== undefined))].sort().map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')) as Omit<
        BundledPackage,
        'text'
      >;
      return { name, version, license, text: await licenseText(folder, name, license) };
    }),
  );
}

async function licenseText(folder: string, name: string, license: string): Promise<string> {
  const file = (await readdir(join(ROOT, folder))).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (file) return readFile(join(ROOT, folder, file), 'utf8');
  // Some packages name this license and leave its text out. It is also this project's own license.
  if (license === 'Apache-2.0') return readFile(join(ROOT, 'LICENSE'), 'utf8');
  throw new Error(`${name} ships no text of its license (${license})`);
}

/** One entry per license text, headed by the packages that carry it. */
function licenses(packages: readonly BundledPackage[]): string {
  const texts = new Map<string, string[]>();
  for (const { name, version, license, text } of packages) {
    texts.set(text.trim(), [...(texts.get(text.trim()) ?? []), `${name} ${version} (${license})`]);
  }
  return [...texts].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

async function write(): Promise<void> {
  const { files } = await bundle();
  await rm(DIST, { recursive: true, force: true });
  for (const [name, contents] of files) {
    await mkdir(dirname(join(DIST, name)), { recursive: true });
    await writeFile(join(DIST, name), contents);
  }
}

if (require.main === module) void write();
