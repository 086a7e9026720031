import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output } from '../checks/part';
import { ROOT } from '../package/metadata';

/** Synthesizes a TypeScript app of the repository. */
export function synthesizeTypescript(file: string, env: Readonly<Record<string, string>>): void {
  output('npx', ['--no-install', 'tsx', file], { cwd: ROOT, env });
}

/** Synthesizes TypeScript that imports the package by its name. A file in the repository resolves the name to the build. */
export function synthesizeTypescriptSource(source: string, env: Readonly<Record<string, string>>): void {
  const folder = mkdtempSync(join(ROOT, 'quickstart-'));
  try {
    writeFileSync(join(folder, 'app.ts'), source);
    synthesizeTypescript(join(folder, 'app.ts'), env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
