import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs a script in a process of its own, and returns what it printed. */
function run(script: string): string {
  const source = `const { onExit } = require('./local/app/on-exit.ts'); ${script}`;
  const cwd = join(__dirname, '../../..');
  return String(spawnSync(process.execPath, ['--require', 'tsx/cjs', '--eval', source], { cwd }).stdout);
}

test('cleanups run at the end of the process, and those that were canceled do not', () => {
  const script = `
    onExit(() => console.log('first'));
    onExit(() => console.log('canceled'))();
    onExit(() => console.log('last'));
    console.log('end');
  `;
  expect(run(script)).toBe('end\nfirst\nlast\n');
});

test('cleanups run when the process exits with an error, and one that fails does not stop the others', () => {
  const script = `
    onExit(() => { throw new Error('cleanup'); });
    onExit(() => console.log('last'));
    throw new Error('end');
  `;
  expect(run(script)).toBe('last\n');
});

test('any number of cleanups shares one listener, which is removed with the last cleanup', () => {
  const script = `
    const before = process.listenerCount('exit');
    const cancels = Array.from({ length: 20 }, () => onExit(() => undefined));
    console.log(process.listenerCount('exit') - before);
    cancels.forEach((cancel) => cancel());
    console.log(process.listenerCount('exit') - before);
  `;
  expect(run(script)).toBe('1\n0\n');
});
