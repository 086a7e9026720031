import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker, AsyncInferenceRequestQueue } from '../../lib';

// Requests wait in a queue for up to 14 days, and reach the endpoint no faster than it can take them.

export const app = new App();
const stack = new Stack(app, 'Sqs');

const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
const requests = new AsyncInferenceRequestQueue(stack, 'Requests', { invoker });

new CfnOutput(stack, 'QueueUrl', { value: requests.queue.queueUrl });
