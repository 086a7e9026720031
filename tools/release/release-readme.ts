// `npm run release:readme` removes from README.md what only holds until the first release.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutUnreleasedBlocks } from './unreleased';
import { ROOT } from '../package/metadata';

const FILE = join(ROOT, 'README.md');

writeFileSync(FILE, withoutUnreleasedBlocks(readFileSync(FILE, 'utf8')));
