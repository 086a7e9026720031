import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CheckError } from '../checks/part';
import { ROOT } from '../package/metadata';

const START_SECONDS = 120;

/** The local run of the example, in a process of its own. */
export interface LocalRun {
  /** The variables that the AWS SDKs read, and `ENDPOINT_NAME` and `QUEUE_URL`. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => void;
}

/** Starts `npm run demo -- --keep` and waits until it prints how to reach it. */
export async function startLocalRun(folder: string): Promise<LocalRun> {
  const log = join(folder, 'local-run.log');
  const file = openSync(log, 'w');
  // Without a shell or npm in between, so that the signal ends the run itself.
  const process_ = spawn(
    process.execPath,
    ['--import', 'tsx', 'local/demo/demo.ts', '--keep', '--json', '--text', 'Hej'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', file],
    },
  );
  closeSync(file);
  const close = () => void process_.kill();
  process.once('exit', close);
  const end = Date.now() + START_SECONDS * 1000;
  for (;;) {
    const printed = readFileSync(log, 'utf8');
    const [, endpointName] = /--endpoint-name (\S+)/.exec(printed) ?? [];
    const [, queueUrl] = /--queue-url (\S+)/.exec(printed) ?? [];
    if (endpointName && queueUrl) {
      const exported = [...printed.matchAll(/^export (\w+)=(\S+)$/gm)].map(
        ([, name, value]) => [name!, value!] as const,
      );
      return {
        env: { ...Object.fromEntries<string>(exported), ENDPOINT_NAME: endpointName, QUEUE_URL: queueUrl },
        close,
      };
    }
    if (process_.exitCode !== null || Date.now() > end) {
      close();
      throw new CheckError(`the local run did not start:\n${printed}`);
    }
    await wait(200);
  }
}
