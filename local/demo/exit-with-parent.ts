import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const POLL_MILLISECONDS = 500;

/**
 * Exits when the process that started the demo has ended, for example npm after the stop button of an editor or a CI system.
 * npm cannot pass a SIGKILL on. On Windows the parent of a process never changes, so there this does nothing.
 */
export function exitWithParent(): void {
  const parent = process.ppid;
  const starters = startersOf(parent);
  setInterval(() => {
    if (process.ppid !== parent || !starters.every(isRunning)) process.exit(1);
  }, POLL_MILLISECONDS).unref();
}

/** A process. If it is a shell, also the process that started the shell: a shell of npm survives the end of npm. */
function startersOf(pid: number): number[] {
  const [, parent, command] = /^\s*(\d+)\s+(.+)$/m.exec(describeProcess(pid)) ?? [];
  return command && /(^|\/)\w*sh$/.test(command) ? [pid, ...startersOf(Number(parent))] : [pid];
}

/** The ID of the parent and the command of a process, or an empty text if they are unknown. */
function describeProcess(pid: number): string {
  const path = `/proc/${pid}/stat`;
  // Small Linux images do not have `ps`, and macOS does not have /proc.
  if (existsSync(path)) return readFileSync(path, 'utf8').replace(/^\d+ \((.*)\) \S (\d+) .*/s, '$2 $1');
  return process.platform === 'win32'
    ? ''
    : spawnSync('ps', ['-o', 'ppid=,comm=', '-p', `${pid}`], { encoding: 'utf8' }).stdout;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
