const cleanups = new Set<() => void>();

function runAll(): void {
  for (const cleanup of cleanups) {
    try {
      cleanup();
    } catch {
      // The other cleanups must still run.
    }
  }
}

/**
 * Runs a cleanup when this process exits, unless it is killed with SIGKILL. Returns a function that cancels the cleanup.
 *
 * All cleanups share one listener, because Node.js warns about more than ten.
 */
export function onExit(cleanup: () => void): () => void {
  if (cleanups.size === 0) process.on('exit', runAll);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) process.off('exit', runAll);
  };
}
