// Removes the comments of the compiled code. The declarations keep them, and they are what editors and documentation show.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const DIST = join(__dirname, '../../dist');

for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.js'))) {
  const path = join(DIST, name);
  const { outputText } = transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: { removeComments: true, target: ScriptTarget.ESNext, module: ModuleKind.ESNext },
  });
  writeFileSync(path, outputText);
}
