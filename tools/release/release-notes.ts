// `npm run release:notes` prints what the changelog says about the version of package.json.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseNotes } from './release-errors';
import { metadata, ROOT } from '../package/metadata';

process.stdout.write(`${releaseNotes(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'), metadata.version)}\n`);
