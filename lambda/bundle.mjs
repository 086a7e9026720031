import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { isLeftOut, leaveOut } from './left-out.mjs';
import { literalKeys } from './literal-keys.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'lambda/dist');

/** The functions' files by the folders that they go to. S3's client is in no cold start of an invoker that puts nothing there. */
const ENTRY_POINTS = {
  'invoker': 'lambda/invoker/index.ts',
  'invoker-with-s3': 'lambda/invoker/index-with-s3.ts',
  'starter': 'lambda/starter/index.ts',
  'callback': 'lambda/callback/index.ts',
};

/**
 * Builds the functions in memory: same sources, same bytes, wherever and however often it runs.
 * `files` are relative to lambda/dist, each function once as it is and once as the archive that is deployed; `packages` are those
 * that the files hold.
 */
export async function bundle() {
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(Object.entries(ENTRY_POINTS).map(([name, file]) => [`${name}/index`, file])),
    plugins: [leaveOut, literalKeys],
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
  if (warnings.length > 0) throw new Error(warnings.map(({ text, location }) => `${location?.file}: ${text}`).join('\n'));
  const packages = await packagesOf(metafile);
  const codes = outputFiles.map(({ path, contents }) => [path.slice(DIST.length + 1), contents]);
  const files = new Map([...codes, ...codes.map(([path, contents]) => [`${dirname(path)}.zip`, archive(contents)])]);
  files.set('THIRD-PARTY-LICENSES', Buffer.from(licences(packages)));
  return { files, metafile, packages };
}

/** The same archive in every time zone, that its owner may write and everybody may read. */
function archive(contents) {
  return zipSync({ 'index.js': [contents, { level: 9, mtime: new Date(1980, 0, 1), os: 3, attrs: 0o100644 << 16 }] });
}

async function packagesOf(metafile) {
  const folders = Object.keys(metafile.inputs).filter((path) => !isLeftOut(path)).map((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return Promise.all([...new Set(folders.filter(Boolean))].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8'));
    return { name, version, license, text: await licenceText(folder, name, license) };
  }));
}

async function licenceText(folder, name, license) {
  const file = (await readdir(join(ROOT, folder))).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (file) return readFile(join(ROOT, folder, file), 'utf8');
  // Some packages name this licence and leave its text out; it is this project's own as well
  if (license === 'Apache-2.0') return readFile(join(ROOT, 'LICENSE'), 'utf8');
  throw new Error(`${name} ships no text of its licence (${license})`);
}

/** One entry a licence text, headed by the packages that carry it. */
function licences(packages) {
  const texts = new Map();
  for (const { name, version, license, text } of packages) {
    texts.set(text.trim(), [...(texts.get(text.trim()) ?? []), `${name} ${version} (${license})`]);
  }
  return [...texts].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`).join(`\n${'-'.repeat(80)}\n\n`);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { files } = await bundle();
  await rm(DIST, { recursive: true, force: true });
  for (const [name, contents] of files) {
    await mkdir(dirname(join(DIST, name)), { recursive: true });
    await writeFile(join(DIST, name), contents);
  }
}
