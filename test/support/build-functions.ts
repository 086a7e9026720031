import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** The file that a build writes last. */
const LAST_FILE = join(ROOT, 'lambda/dist/THIRD-PARTY-LICENSES');
/** What the bundles of the functions are made from. */
const SOURCES = ['lambda', 'runtime', 'lib/contract', 'tools/bundle', 'package-lock.json'];

/** Builds the Lambda functions before the tests if their bundles are missing or older than the sources. */
export default function buildFunctions(): void {
  if (existsSync(LAST_FILE) && statSync(LAST_FILE).mtimeMs > Math.max(...SOURCES.map(lastChange))) return;
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join(ROOT, 'tools/bundle/bundle.ts')], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The Lambda functions could not be built:\n${stderr}`);
}

/** When a file, or anything in a folder, changed last. */
function lastChange(path: string): number {
  const { mtimeMs } = statSync(join(ROOT, path));
  const entries = statSync(join(ROOT, path)).isDirectory() ? readdirSync(join(ROOT, path)) : [];
  const sources = entries.filter((entry) => entry !== 'dist');
  return Math.max(mtimeMs, ...sources.map((entry) => lastChange(join(path, entry))));
}
