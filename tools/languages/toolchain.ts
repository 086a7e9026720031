import { spawnSync } from 'node:child_process';

/** A toolchain or a registry that this machine does not have. The caller skips its check with this message. */
export class UnavailableError extends Error {}

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command and returns what it prints. */
export function run(command: string, args: readonly string[], { cwd, env = {} }: RunOptions): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1e9,
  });
  if (status !== 0) {
    throw new Error(`${[command, ...args].join(' ')} failed:\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
  }
  return stdout;
}

/** Runs a command that needs a toolchain or a registry. Its failure means that they are not available. */
export function obtain(what: string, command: string, args: readonly string[], options: RunOptions): string {
  try {
    return run(command, args, options);
  } catch (error) {
    const lastLine = String((error as Error).message)
      .trim()
      .split('\n')
      .at(-1);
    throw new UnavailableError(`${what} is not available on this machine: ${lastLine}`);
  }
}
