import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { isLeftOut, leaveOut } from './left-out.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(ROOT, 'lambda/dist');

/**
 * Builds the functions in memory: same sources, same bytes, wherever and however often it runs.
 * `files` are relative to lambda/dist; `packages` are those that the files hold.
 */
export async function bundle() {
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['invoker/index.ts', 'invoker/input-store.ts', 'starter/index.ts', 'callback/index.ts'].map((file) => `lambda/${file}`),
    outbase: 'lambda',
    // A file of its own, so that S3's client is not even parsed where no payload goes through S3
    external: ['./input-store.js'],
    supported: { 'dynamic-import': false },
    plugins: [leaveOut],
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
  const files = new Map(outputFiles.map(({ path, contents }) => [path.slice(DIST.length + 1), contents]));
  files.set('THIRD-PARTY-LICENSES', Buffer.from(licences(packages)));
  return { files, metafile, packages };
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
