// Synthesizes apps of endpoints, first one way and then as often as it receives a message, and reports the time of each.
import { rmSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  AsyncInferenceCallback,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultEvents,
  AsyncInferenceResultQueue,
  InputPolicy,
} from '../lib';
import { defaultEndpoint } from './default-endpoint';
import { HandWrittenEndpoint } from './hand-written-endpoint';

export interface SynthesisTask {
  /** A default endpoint by its construct, the same by hand, or an endpoint with every construct of the library. */
  readonly by: 'constructs' | 'hand' | 'everything';
  readonly stacks: number;
  readonly endpointsPerStack: number;
}

function everything(scope: Construct): void {
  const endpoint = defaultEndpoint(scope, 'Endpoint', { invokerOptions: { inputPolicy: InputPolicy.bySize() } });
  const requests = new AsyncInferenceRequestQueue(scope, 'Requests', {
    endpoint,
    expectedProcessingTime: Duration.seconds(10),
  });
  new AsyncInferenceResultQueue(scope, 'Results', { endpoints: [endpoint] });
  new AsyncInferenceResultEvents(scope, 'Events', { endpoints: [endpoint] });
  new AsyncInferenceCallback(scope, 'Callback');
  new AsyncInferenceMonitoring(scope, 'Monitoring', { endpoints: [endpoint], requestQueues: [requests] });
}

function synthesize({ by, stacks, endpointsPerStack }: SynthesisTask): number {
  const began = performance.now();
  const app = new App({ analyticsReporting: false });
  for (let index = 0; index < stacks; index += 1) {
    const stack = new Stack(app, `Stack${index}`, { env: { account: '111122223333', region: 'eu-west-1' } });
    for (let each = 0; each < endpointsPerStack; each += 1) {
      if (by === 'hand') new HandWrittenEndpoint(stack, `Endpoint${each}`);
      else if (by === 'constructs') defaultEndpoint(stack, `Endpoint${each}`);
      else everything(new Construct(stack, `Endpoint${each}`));
    }
  }
  const { directory } = app.synth();
  const milliseconds = performance.now() - began;
  rmSync(directory, { recursive: true });
  return milliseconds;
}

process.on('message', (task: SynthesisTask) => process.send!(synthesize(task)));
