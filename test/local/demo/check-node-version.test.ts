import { spawnSync } from 'node:child_process';
import { engines } from '../../../package.json';

const CHECK = require.resolve('../../../local/demo/check-node-version.cjs');
const MINIMUM = engines.node.replace('>= ', '');
const [major, minor, patch] = MINIMUM.split('.').map(Number) as [number, number, number];

/** Runs the check as if Node.js had another version. */
function check(version: string): { status: number | null; stderr: string } {
  const script = `Object.defineProperty(process.versions, 'node', { value: '${version}' }); require('${CHECK}')`;
  const { status, stderr } = spawnSync(process.execPath, ['--eval', script], { encoding: 'utf8' });
  return { status, stderr };
}

test.each([MINIMUM, `${major}.${minor + 1}.0`, `${major}.${minor}.${patch + 1}`, `${major + 2}.0.0`])(
  'the demo starts with Node.js %s',
  (version) => {
    expect(check(version)).toEqual({ status: 0, stderr: '' });
  },
);

test.each([`${major - 2}.99.9`, `${major}.${minor - 1}.9`, '6.17.1'])(
  'the demo requires a later version than Node.js %s and says so',
  (version) => {
    expect(check(version)).toEqual({
      status: 1,
      stderr: `The demo requires Node.js ${MINIMUM} or later. This is Node.js ${version}.\n`,
    });
  },
);
