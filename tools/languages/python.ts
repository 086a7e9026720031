import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchOrSkip, output } from '../checks/part';
import { peerFloor } from '../package/metadata';

const INSTALL = ['install', '--quiet', '--disable-pip-version-check'];

/** A virtual environment of Python that contains the oldest supported CDK. */
export class PythonEnvironment {
  constructor(private readonly folder: string) {
    fetchOrSkip('a virtual environment of Python', 'python3', ['-m', 'venv', folder], '/');
    this.install(...['aws-cdk-lib', 'constructs'].map((name) => `${name}==${peerFloor(name)}`));
  }

  /** Installs packages of the registry. */
  install(...requirements: readonly string[]): void {
    fetchOrSkip(requirements.join(' and '), this.command('pip'), [...INSTALL, ...requirements], this.folder);
  }

  /** Installs the wheel of a folder. Its dependencies are installed already. */
  installWheel(folder: string): void {
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error(`${folder} contains no wheel`);
    output(this.command('pip'), [...INSTALL, join(folder, wheel)], { cwd: this.folder });
  }

  /** Runs a command of the environment, such as `python` or `mypy`. */
  run(command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): string {
    // One cache for all runs of mypy, which takes most of its time to read the CDK.
    return output(this.command(command), args, { cwd, env: { MYPY_CACHE_DIR: join(this.folder, 'mypy'), ...env } });
  }

  private command(name: string): string {
    return join(this.folder, 'bin', name);
  }
}
