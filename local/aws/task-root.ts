import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { unzipSync } from 'fflate';
import { onExit } from '../app/on-exit';

/** The folder with the code of a function, `/var/task` on AWS. */
export interface TaskRoot {
  readonly path: string;
  remove(this: void): void;
}

/** Opens the asset of a function: a folder as it is, an archive unpacked into a temporary folder. */
export function openTaskRoot(code: string): TaskRoot {
  if (statSync(code).isDirectory()) return { path: code, remove: () => undefined };
  const path = mkdtempSync(join(tmpdir(), 'function-'));
  const removeFolder = (): void => rmSync(path, { recursive: true, force: true });
  const cancel = onExit(removeFolder);
  const remove = (): void => {
    cancel();
    removeFolder();
  };
  try {
    unpack(code, path);
  } catch (error) {
    remove();
    throw error;
  }
  return { path, remove };
}

function unpack(archive: string, folder: string): void {
  for (const [name, contents] of Object.entries(unzipSync(readFileSync(archive)))) {
    if (name.endsWith('/')) continue;
    const file = join(folder, name);
    if (!file.startsWith(`${folder}${sep}`))
      throw new Error(`${archive} contains ${name}, which is outside the folder of the function.`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
}
