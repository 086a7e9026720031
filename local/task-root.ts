import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { unzipSync } from 'fflate';

/** The folder that a function runs in. */
export interface TaskRoot {
  readonly path: string;
  remove(this: void): void;
}

/** The folder that is a function's asset, or one that its archive is unpacked into. */
export function openTaskRoot(code: string): TaskRoot {
  if (statSync(code).isDirectory()) return { path: code, remove: () => undefined };
  const path = mkdtempSync(join(tmpdir(), 'function-'));
  for (const [name, contents] of Object.entries(unzipSync(readFileSync(code)))) {
    if (name.endsWith('/')) continue;
    const file = join(path, name);
    if (!file.startsWith(`${path}${sep}`)) throw new Error(`${code} holds ${name}, which is outside of the function's folder`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
  return { path, remove: () => { rmSync(path, { recursive: true, force: true }); } };
}
