// `npm run set-repository OWNER` writes the owner of the repository on GitHub into every file that names it.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOwner, ownerOf, withOwner } from './repository-owner';
import { repositoryUrl, ROOT } from '../package/metadata';

function setOwner(owner: string): void {
  const current = ownerOf(`${repositoryUrl}/`);
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);
  let count = 0;
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    // A file with a zero byte is no text.
    if (text.includes('\0')) continue;
    const changed = withOwner(text, current, owner);
    if (changed === text) continue;
    writeFileSync(join(ROOT, file), changed);
    process.stdout.write(`${file}\n`);
    count += 1;
  }
  process.stdout.write(`${count} files now name ${owner} instead of ${current}\n`);
}

const [owner = ''] = process.argv.slice(2);
if (isOwner(owner)) {
  setOwner(owner);
} else {
  process.stderr.write(`OWNER must be the name of a user or an organization on GitHub, got '${owner}'\n`);
  process.exitCode = 2;
}
