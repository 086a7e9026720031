import type { Config } from 'jest';

/** How long what the tests left open may take to close. */
const GRACE_MILLISECONDS = 10_000;

/** Ends a run that something keeps alive after its last test, such as a child process, and says what it is. */
export default function endOfRun({ watch, watchAll }: Config): void {
  if (watch || watchAll) return;
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter((name) => name !== 'TTYWrap');
    process.stderr.write(`The tests left these open, which would keep the run alive: ${open.join(', ')}\n`);
    process.exit(1);
  }, GRACE_MILLISECONDS).unref();
}
