import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { zipSync } from 'fflate';
import { literalKeys } from './literal-keys';
import { isStubbed, stubModules } from './sdk-stubs';

const ROOT = join(__dirname, '../..');
const DIST = join(ROOT, 'lambda/dist');

/** The functions' source files by the folders of their bundles. An invoker that puts nothing in S3 does not load the S3 client. */
const ENTRY_POINTS = {
  invoker: 'lambda/invoker/index.ts',
  'invoker-with-s3-and-sqs': 'lambda/requests/index.ts',
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

/** The built functions. */
export interface Bundles {
  /** The files by their paths in lambda/dist: each function as code and as the archive that is deployed. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly metafile: Metafile;
  readonly packages: readonly BundledPackage[];
}

/**
 * Builds the functions in memory. The same sources give the same bytes, wherever and however often this runs.
 *
 * @param plain leaves out our changes to the SDK and the minification. A bug that a plain bundle does not have is in these.
 */
export async function bundle({ plain = false } = {}): Promise<Bundles> {
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(Object.entries(ENTRY_POINTS).map(([name, file]) => [`${name}/index`, file])),
    plugins: plain ? [] : [stubModules, literalKeys],
    // The first `import()` of a CommonJS file loads the whole ECMAScript module loader of Node.js, and `require` does not.
    supported: { 'dynamic-import': false },
    outdir: 'lambda/dist',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    minify: !plain,
    sourcemap: false,
    legalComments: 'none',
    tsconfigRaw: {},
    logLevel: 'silent',
  });
  if (warnings.length > 0)
    throw new Error(warnings.map(({ text, location }) => `${location?.file}: ${text}`).join('\n'));
  const packages = await packagesOf(Object.keys(metafile.inputs).filter((path) => plain || !isStubbed(path)));
  const codes = outputFiles.map(({ path, contents }) => [path.slice(DIST.length + 1), contents] as const);
  const files = new Map<string, Uint8Array>([
    ...codes,
    ...codes.map(([path, contents]) => [`${dirname(path)}.zip`, archive(contents)] as const),
  ]);
  files.set('THIRD-PARTY-LICENSES', Buffer.from(licenses(packages)));
  return { files, metafile, packages };
}

/** The archive is the same in every time zone. Its owner may write the file and everybody may read it. */
function archive(contents: Uint8Array): Uint8Array {
  return zipSync({ 'index.js': [contents, { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 }] });
}

async function packagesOf(paths: readonly string[]): Promise<BundledPackage[]> {
  const folders = paths.map((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
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

/** One entry per license, headed by the packages that have it and their copyright lines. */
function licenses(packages: readonly BundledPackage[]): string {
  const entries = new Map<string, { readonly names: string[]; readonly text: string }>();
  for (const { name, version, license, text } of packages) {
    const copyright = license === 'Apache-2.0' ? (COPYRIGHT.exec(text)?.[0].trim() ?? '') : '';
    const key = text
      .replace(license === 'Apache-2.0' ? COPYRIGHT : '', '')
      .replace(/[^a-z]/gi, '')
      .toLowerCase();
    const entry = entries.get(key) ?? { names: [], text: text.trim() };
    entry.names.push(`${name} ${version} (${license})${copyright && `, ${copyright}`}`);
    entries.set(key, entry);
  }
  return [...entries.values()]
    .map(({ names, text }) => `${names.join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The line of the owner in the appendix of the Apache License, in which its copies differ. */
const COPYRIGHT = /^ *Copyright (\d{4}|\[yyyy\]).*$/m;

async function write(options: { readonly plain: boolean }): Promise<void> {
  const { files } = await bundle(options);
  await rm(DIST, { recursive: true, force: true });
  for (const [name, contents] of files) {
    await mkdir(dirname(join(DIST, name)), { recursive: true });
    await writeFile(join(DIST, name), contents);
  }
}

// `npm run build:lambda -- --plain` puts plain bundles in lambda/dist, to be deployed and debugged.
if (require.main === module) void write({ plain: process.argv.includes('--plain') });
