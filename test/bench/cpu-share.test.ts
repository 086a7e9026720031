import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { CpuShare } from '../../bench/cpu-share';

const groups = () =>
  ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup']
    .filter((root) => existsSync(root))
    .flatMap((root) => readdirSync(root))
    .filter((name) => name === `bench-share-${process.pid}`);

/** Uses what CPU it gets for a second, and prints how much that was, in seconds. */
const BUSY = `
  const end = Date.now() + 1000;
  while (Date.now() < end);
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1e6);`;

test('processes of a group get its share at most, and it ends with them. Or this machine says why it has none', async () => {
  const share = CpuShare.create();
  if (typeof share === 'string') {
    expect(share).not.toBe('');
    return;
  }
  try {
    share.limit(0.1);
    expect(groups()).toHaveLength(1);
    const { execPath, execArgv } = share.launch([]);
    const busy = spawn(execPath, [...execArgv, '-e', BUSY], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [used] = (await once(busy.stdout, 'data')) as [Buffer];
    expect(Number(used)).toBeGreaterThan(0);
    // Half more for the slices at both ends.
    expect(Number(used)).toBeLessThan(0.15 + 0.1);
    const endless = spawn(execPath, [...execArgv, '-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    await once(endless, 'spawn');
    share.remove();
    await once(endless, 'exit');
  } finally {
    share.remove();
  }
  expect(groups()).toEqual([]);
});
