// The GitHub workflows under actionlint, which comes through the proxy for Go modules.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { output, part, ROOT, SkipError } from './part';

const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.7';

void part((folder) => {
  const { status, stderr, error } = spawnSync('go', ['install', ACTIONLINT], {
    encoding: 'utf8',
    env: { ...process.env, GOBIN: folder },
  });
  if (status !== 0)
    throw new SkipError(`actionlint could not be fetched: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  // Shellcheck and pyflakes would be used where they happen to be installed, and give other results there.
  output(join(folder, 'actionlint'), ['-shellcheck=', '-pyflakes='], { cwd: ROOT });
  console.log('actionlint finds nothing in the workflows');
});
