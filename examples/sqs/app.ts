import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, AsyncInferenceRequestQueue, AsyncInferenceScaling } from '../../lib';

// A request queue in front of an existing endpoint. Requests wait in the queue for up to 14 days, and reach the endpoint
// no faster than its instances process them.

export const app = new App();
const stack = new Stack(app, 'Sqs');

const endpoint = AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Endpoint', {
  endpointName: 'languages',
  // The variant that is scaled.
  variantName: 'AllTraffic',
  // As in the configuration of the endpoint. The backlog and the pace of the queue follow from it.
  maxConcurrentInvocationsPerInstance: 4,
});
// The backlog of the endpoint does not show how many messages wait, so its scaling counts them as well. This scaling is for an endpoint
// that has none yet.
const scaling = new AsyncInferenceScaling(stack, 'Scaling', { endpoint, maxCapacity: 4 });
const requests = new AsyncInferenceRequestQueue(stack, 'Requests', {
  endpoint,
  scaling,
  // How long the model takes to process a request on average. Choose the longest mean time that you expect.
  expectedProcessingTime: Duration.seconds(5),
});

new CfnOutput(stack, 'QueueUrl', { value: requests.queue.queueUrl });
