// `npm run release:check TAG` fails unless the tag, the version, the changelog and the repository are ready for a release.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseErrors } from './release-errors';
import { metadata, repositoryUrl, ROOT } from '../package/metadata';

const [tag = ''] = process.argv.slice(2);
const errors = releaseErrors({
  tag,
  version: metadata.version,
  changelog: readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'),
  readme: readFileSync(join(ROOT, 'README.md'), 'utf8'),
  repositoryUrl,
});
errors.forEach((error) => process.stdout.write(`${error}\n`));
if (errors.length === 0) process.stdout.write(`${metadata.name} ${metadata.version} can be released as ${tag}\n`);
process.exitCode = errors.length === 0 ? 0 : 1;
