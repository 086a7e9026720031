import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** The exit code by which `.ci/run` counts a part as skipped. */
const SKIPPED = 77;

/** Ends a part that needs something that is not available everywhere, such as a registry. */
export class SkipError extends Error {}

/** Ends a part that found errors. The message is all that is printed. */
export class CheckError extends Error {}

/** Runs a part of `.ci/run` in a temporary folder of its own and sets the exit code. */
export async function part(check: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  try {
    await check(folder);
  } catch (error) {
    const isExpected = error instanceof SkipError || error instanceof CheckError;
    console.log(isExpected ? error.message : error);
    process.exitCode = error instanceof SkipError ? SKIPPED : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where and with which further variables a command runs. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end, whatever that is. */
export function run(command: string, args: readonly string[], { cwd, env = {} }: RunOptions): SpawnSyncReturns<string> {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.error) throw result.error;
  return result;
}

/**
 * Runs a command and returns what it prints to its standard output.
 *
 * @throws CheckError if the command fails
 */
export function output(command: string, args: readonly string[], options: RunOptions): string {
  const { status, stdout, stderr } = run(command, args, options);
  if (status !== 0) throw new CheckError(`${[command, ...args].join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/**
 * Runs a command that brings something from a registry.
 *
 * @throws SkipError if it cannot be had
 */
export function fetchOrSkip(what: string, command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) {
    throw new SkipError(`${what} could not be fetched: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  }
}

/** The options for an `npm install` that runs no script of a package. */
export const INSTALL = ['install', '--no-audit', '--no-fund', '--ignore-scripts'] as const;

export function readJson<T>(...path: readonly string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}
