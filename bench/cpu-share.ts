import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Short, so that a call waits for its next slice as it does in a function. */
const PERIOD_MICROSECONDS = 20_000;

/** Where the versions of cgroups have the CPU controller, and how each writes a quota in microseconds per period. */
const VERSIONS = [
  {
    root: '/sys/fs/cgroup/cpu',
    mark: 'cpu.cfs_quota_us',
    prepare: () => undefined,
    write: (group: string, quota: number | undefined) => {
      writeFileSync(join(group, 'cpu.cfs_period_us'), `${PERIOD_MICROSECONDS}`);
      writeFileSync(join(group, 'cpu.cfs_quota_us'), `${quota ?? -1}`);
    },
  },
  {
    root: '/sys/fs/cgroup',
    mark: 'cgroup.controllers',
    prepare: (root: string) => {
      writeFileSync(join(root, 'cgroup.subtree_control'), '+cpu');
    },
    write: (group: string, quota: number | undefined) => {
      writeFileSync(join(group, 'cpu.max'), `${quota ?? 'max'} ${PERIOD_MICROSECONDS}`);
    },
  },
];

/** A group of processes that get a share of a core from the kernel, in slices, as the processes of a Lambda function do. */
export class CpuShare {
  /** @returns the group, or why this machine has none */
  public static create(): CpuShare | string {
    const reasons: string[] = [];
    for (const { root, mark, prepare, write } of VERSIONS) {
      if (!existsSync(join(root, mark))) {
        reasons.push(`${join(root, mark)} does not exist`);
        continue;
      }
      const group = join(root, `bench-share-${process.pid}`);
      try {
        prepare(root);
        mkdirSync(group);
        const share = new CpuShare(group, write);
        share.limit(1);
        return share;
      } catch (error) {
        reasons.push((error as Error).message);
        if (existsSync(group)) rmdirSync(group);
      }
    }
    return reasons.join(', ');
  }

  private readonly onSignal = (signal: NodeJS.Signals) => {
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };

  private constructor(
    private readonly group: string,
    private readonly write: (group: string, quota: number | undefined) => void,
  ) {
    process.once('exit', this.remove).once('SIGINT', this.onSignal).once('SIGTERM', this.onSignal);
  }

  /** Limits the processes of the group to a share of a core. Without one, they have no limit. */
  public limit(share?: number): void {
    this.write(this.group, share === undefined ? undefined : Math.round(share * PERIOD_MICROSECONDS));
  }

  /** What lets `fork` start Node.js in the group: from its first instruction, and not only from its first line. */
  public launch(execArgv: readonly string[]): { readonly execPath: string; readonly execArgv: string[] } {
    const enter = 'echo $$ > "$0" && exec "$@"';
    return {
      execPath: '/bin/sh',
      execArgv: ['-c', enter, join(this.group, 'cgroup.procs'), process.execPath, ...execArgv],
    };
  }

  /** Ends all processes of the group and removes it. */
  public readonly remove = (): void => {
    if (!existsSync(this.group)) return;
    process.off('exit', this.remove).off('SIGINT', this.onSignal).off('SIGTERM', this.onSignal);
    this.limit();
    // The kernel removes a group only when its last process has ended, which takes a moment.
    for (let attempt = 0; attempt < 100; attempt += 1) {
      for (const id of readFileSync(join(this.group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)) {
        try {
          process.kill(Number(id), 'SIGKILL');
        } catch {
          // It has ended meanwhile.
        }
      }
      try {
        rmdirSync(this.group);
        return;
      } catch {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      }
    }
    process.stderr.write(`${this.group} could not be removed\n`);
  };
}
