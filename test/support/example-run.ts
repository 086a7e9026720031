import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { readAppResources } from '../../local/app/resources';
import { synthesize } from '../../local/app/synthesis';
import { Deployment } from '../../local/aws/deployment';
import { roundTrip } from '../../local/demo/round-trip';
import type { RoundTrip } from '../../local/demo/round-trip';
import { afterTests } from './after-tests';

/** An example in the local run, with a command of the example as its model container. */
export interface ExampleRun {
  readonly deployment: Deployment;
  /** Invokes the function of the first endpoint, and waits for the result. */
  send(this: void, event: object): Promise<RoundTrip>;
}

export async function startExample(app: App, containerCommand: string, stack?: string): Promise<ExampleRun> {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  afterTests(() => rmSync(folder, { recursive: true }));
  const stacks = await synthesize(app.synth().directory, folder);
  const resources = readAppResources(stacks.filter(({ name }) => stack === undefined || name === stack));
  const deployment = await Deployment.start(resources, { containerCommand });
  afterTests(() => deployment.close());
  const invoker = deployment.invokerOf(resources.endpoints[0]!.name);
  return { deployment, send: (event) => roundTrip(deployment, invoker, { event }) };
}
