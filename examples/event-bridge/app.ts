import { App, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker } from '../../lib';

// Events of a bus as requests: an input transformer turns each into a direct call. The ID of the event names the result, so that an
// event that is delivered twice can be recognized by its InferenceId.

export const app = new App();
const stack = new Stack(app, 'EventBridge');

const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
new Rule(stack, 'Comments', {
  eventPattern: { source: ['com.example.shop'], detailType: ['Comment written'] },
  targets: [
    new LambdaFunction(invoker.function, {
      event: RuleTargetInput.fromObject({
        Body: { inputs: EventField.fromPath('$.detail.text') },
        InferenceId: EventField.eventId,
      }),
    }),
  ],
});
