import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from './part';

/** A reference that is generated from docstrings, which the checks read in the sources. */
const GENERATED = 'docs/api/';

/** The pages that people read, by their paths in the repository. */
export function pages(): string[] {
  const atRoot = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const inFolders = ['docs', 'examples'].flatMap((folder) => filesIn(folder, /\.md$/));
  return [...atRoot, ...inFolders].filter((path) => !path.startsWith(GENERATED)).sort();
}

/** The source files of the repository, by their paths in it. */
export function sources(): string[] {
  return ['bench', 'bin', 'examples', 'lambda', 'lib', 'local', 'runtime', 'test', 'tools']
    .flatMap((folder) => filesIn(folder, /\.(ts|mjs|cjs)$/))
    .sort();
}

function filesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(dist|node_modules)\//.test(path));
}
