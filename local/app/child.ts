import type { ChildProcess } from 'node:child_process';

const alive = new Map<ChildProcess, () => void>();

// However this process ends, short of SIGKILL, its children go first; after a SIGKILL the closed IPC channel tells them.
process.once('exit', () => {
  for (const end of alive.values()) end();
});

/** Sees to it that a child process never outlives this one, and returns what ends it at once. */
export function guard(child: ChildProcess, end: () => unknown = () => child.kill('SIGKILL')): () => Promise<void> {
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      alive.delete(child);
      resolve();
    });
    child.once('error', () => resolve());
  });
  alive.set(child, end);
  return async () => {
    if (alive.has(child)) end();
    await gone;
  };
}
