const POLL_MILLISECONDS = 250;

/**
 * Exits when the parent process has ended. npm does not pass every end on: it cannot forward SIGKILL, which the stop
 * buttons of CI systems and editors send. On Windows the ID of the parent never changes, so there this does nothing.
 */
export function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, POLL_MILLISECONDS).unref();
}
