import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The files of a folder that are published, by their paths below it. Maven's metadata is written anew by each registry. */
export function publishedFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/^maven-metadata\.xml|^SHA256SUMS$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The checksums of a folder in the form that `sha256sum --check` reads. */
export function checksums(folder: string): string {
  return publishedFiles(folder)
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex')}  ${file}\n`,
    )
    .join('');
}

/** The files in which two builds differ, and those that only one of them has. */
export function differentFiles(one: string, other: string): string[] {
  const [first, second] = [one, other].map((folder) => checksums(folder).split('\n').filter(Boolean)) as [
    string[],
    string[],
  ];
  const lines = [...first.filter((line) => !second.includes(line)), ...second.filter((line) => !first.includes(line))];
  return [...new Set(lines.map((line) => line.slice(line.indexOf('  ') + 2)))].sort();
}
