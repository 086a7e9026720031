import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { obtain, run } from './toolchain';
import { peerFloor } from '../package/metadata';

/** A virtual environment of Python that holds the oldest supported CDK. */
export class PythonEnvironment {
  constructor(private readonly folder: string) {
    obtain('a virtual environment of Python', 'python3', ['-m', 'venv', folder], { cwd: '/' });
    const peers = ['aws-cdk-lib', 'constructs'].map((name) => `${name}==${peerFloor(name)}`);
    obtain(peers.join(' and '), this.command('pip'), [...PIP_INSTALL, ...peers], { cwd: folder });
  }

  /** Installs the wheel of a folder. Its dependencies are installed already. */
  installWheel(folder: string): void {
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error(`${folder} contains no wheel`);
    run(this.command('pip'), [...PIP_INSTALL, join(folder, wheel)], { cwd: this.folder });
  }

  /** Runs a program with Python. */
  python(args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    return run(this.command('python'), args, { cwd: this.folder, env });
  }

  private command(name: string): string {
    return join(this.folder, 'bin', name);
  }
}

const PIP_INSTALL = ['install', '--quiet', '--disable-pip-version-check'];
