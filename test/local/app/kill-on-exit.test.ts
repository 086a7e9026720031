import { spawn } from 'node:child_process';
import { killOnExit } from '../../../local/app/kill-on-exit';

test('a child process is killed on request, and its end is awaited', async () => {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => undefined, 1000)']);
  const kill = killOnExit(child);
  await kill();
  expect(child.signalCode).toBe('SIGKILL');
  await kill();
});

test('a child process that ended by itself needs no kill', async () => {
  const child = spawn(process.execPath, ['--eval', '']);
  let kills = 0;
  const kill = killOnExit(child, () => (kills += 1));
  await new Promise((resolve) => child.once('exit', resolve));
  await kill();
  expect(kills).toBe(0);
});

test('a child process that cannot start needs no kill', async () => {
  const child = spawn('/no/such/command');
  const kill = killOnExit(child);
  await new Promise((resolve) => child.once('error', resolve));
  await kill();
});
