import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { unzipSync } from 'fflate';

const unpacked = new Set<string>();

// However this process ends, short of SIGKILL.
process.once('exit', () => {
  for (const path of unpacked) rmSync(path, { recursive: true, force: true });
});

/** The folder that a function runs in. */
export interface TaskRoot {
  readonly path: string;
  remove(this: void): void;
}

/** The folder that is a function's asset, or one that its archive is unpacked into. */
export function openTaskRoot(code: string): TaskRoot {
  if (statSync(code).isDirectory()) return { path: code, remove: () => undefined };
  const path = mkdtempSync(join(tmpdir(), 'function-'));
  unpacked.add(path);
  for (const [name, contents] of Object.entries(unzipSync(readFileSync(code)))) {
    if (name.endsWith('/')) continue;
    const file = join(path, name);
    if (!file.startsWith(`${path}${sep}`))
      throw new Error(`${code} holds ${name}, which is outside of the function's folder`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  const remove = () => {
    rmSync(path, { recursive: true, force: true });
    unpacked.delete(path);
  };
  return { path, remove };
}
