import type { ChildProcess } from 'node:child_process';
import { onExit } from './on-exit';

/**
 * Kills a child process when this process exits. Returns a function that kills the child at once and waits for its end.
 *
 * Nothing runs after a SIGKILL of this process. Children that must end even then watch their IPC channel.
 */
export function killOnExit(
  child: ChildProcess,
  kill: () => unknown = () => child.kill('SIGKILL'),
): () => Promise<void> {
  let isRunning = true;
  const cancel = onExit(() => void kill());
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      isRunning = false;
      cancel();
      resolve();
    };
    child.once('exit', end);
    // A child that could not be started emits no 'exit'.
    child.once('error', end);
  });
  return async () => {
    if (isRunning) kill();
    await ended;
  };
}
