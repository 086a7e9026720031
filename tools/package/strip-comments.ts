// Removes from the compiled code what nobody reads: all comments of the JavaScript, and those of declarations that are not public. The
// public declarations keep theirs, because editors and documentation show them.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { ScriptTarget, createPrinter, createSourceFile } from 'typescript';

const DIST = join(__dirname, '../../dist');

/** The modules that `lib/index.ts` exports from. */
const index = readFileSync(join(DIST, 'index.d.ts'), 'utf8');
const publicFiles = new Set([
  'index.d.ts',
  ...[...index.matchAll(/from '\.\/(.*)'/g)].map(([, name]) => `${name}.d.ts`),
]);

const printer = createPrinter({ removeComments: true });

/** What TypeScript adds for `import *`, which returns the modules of TypeScript as they are. All that we import so are such modules. */
function withoutImportHelpers(code: string): string {
  if (code.includes('__exportStar')) return code;
  return code
    .replace(/^var __(?:createBinding|setModuleDefault|importStar) = [^]*?^\}\)+(?:\(\))?;\n/gm, '')
    .replaceAll('__importStar(', '(');
}

function stripped(name: string, text: string): string {
  if (publicFiles.has(name)) return text;
  const code = printer.printFile(createSourceFile(name, text, ScriptTarget.ESNext));
  // The lines of the code stay, so that the trace of an error can be read. Shorter syntax would hide the exports from Node.js.
  return name.endsWith('.js') ? transformSync(withoutImportHelpers(code), { legalComments: 'none' }).code : code;
}

for (const name of readdirSync(DIST, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|d\.ts)$/.test(name)) continue;
  const path = join(DIST, name);
  writeFileSync(path, stripped(name, readFileSync(path, 'utf8')));
}
