// The pictures in docs/images are those that the code draws: npm run diagrams.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagrams, FOLDER } from '../diagrams/diagrams';
import { CheckError, part, ROOT } from './part';

void part(() => {
  const folder = join(ROOT, FOLDER);
  const drawn = diagrams();
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const names = new Set([...drawn.keys(), ...files]);
  const differences = [...names].filter(
    (name) => !files.includes(name) || readFileSync(join(folder, name), 'utf8') !== drawn.get(name),
  );
  if (differences.length > 0)
    throw new CheckError(`${FOLDER} differs from what the code draws: run npm run diagrams\n${differences.join('\n')}`);
  console.log(`${drawn.size} pictures`);
});
