// Synthesizes apps of endpoints, first one way and then as often as it receives a message, and reports the time of each.
import { rmSync } from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { defaultEndpoint } from './default-endpoint';
import { HandWrittenEndpoint } from './hand-written-endpoint';

export interface SynthesisTask {
  readonly by: 'constructs' | 'hand';
  readonly stacks: number;
  readonly endpointsPerStack: number;
}

function synthesize({ by, stacks, endpointsPerStack }: SynthesisTask): number {
  const began = performance.now();
  const app = new App({ analyticsReporting: false });
  for (let index = 0; index < stacks; index += 1) {
    const stack = new Stack(app, `Stack${index}`, { env: { account: '111122223333', region: 'eu-west-1' } });
    for (let each = 0; each < endpointsPerStack; each += 1) {
      if (by === 'constructs') defaultEndpoint(stack, `Endpoint${each}`);
      else new HandWrittenEndpoint(stack, `Endpoint${each}`);
    }
  }
  const { directory } = app.synth();
  const milliseconds = performance.now() - began;
  rmSync(directory, { recursive: true });
  return milliseconds;
}

process.on('message', (task: SynthesisTask) => process.send!(synthesize(task)));
