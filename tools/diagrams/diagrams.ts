// Writes the pictures of the documentation to docs/images: npm run diagrams. Everything in them is computed, and the same input gives
// the same bytes on every machine.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { architecture } from './architecture';
import { backlogDirect, backlogEnabledQueue, backlogRequestQueue } from './backlog';
import { controlLoop } from './control-loop';
import { dashboard } from './dashboard';
import { inputPolicy } from './input-policy';
import { requestSequence } from './request-sequence';
import { toSvg } from './svg';
import { wakeFromZero } from './wake-from-zero';

/** The folder of the pictures in the repository. */
export const FOLDER = 'docs/images';

const PICTURES = [
  architecture,
  requestSequence,
  wakeFromZero,
  controlLoop,
  inputPolicy,
  backlogDirect,
  backlogEnabledQueue,
  backlogRequestQueue,
  dashboard,
];

/** The text of each file, by its name. */
export function diagrams(): Map<string, string> {
  return new Map(PICTURES.map((draw) => draw()).map((picture) => [`${picture.name}.svg`, toSvg(picture)]));
}

/** Writes the files to a folder. */
export function writeDiagrams(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of diagrams()) writeFileSync(join(folder, name), svg);
}

if (require.main === module) writeDiagrams(join(__dirname, '../..', FOLDER));
