import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AsyncInferenceEndpoint,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultQueue,
  ContainerImage,
  InferenceModel,
  InstanceType,
} from '../../lib';

// The same work as examples/batch at a fraction of its cost, for who need not wait for each line: put every line into one queue,
// and take its result from another. Requests beyond what the endpoint can take stay in their queue, for up to 14 days.

export const app = new App();
const stack = new Stack(app, 'BatchQueue');

const endpoint = new AsyncInferenceEndpoint(stack, 'Languages', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04'),
    environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
  }),
  instanceType: InstanceType.M5_XLARGE,
  scaling: { maxCapacity: 4 },
  outputRemovalPolicy: RemovalPolicy.DESTROY,
});
const requests = new AsyncInferenceRequestQueue(stack, 'Requests', { invoker: endpoint.invoker });
const results = new AsyncInferenceResultQueue(stack, 'Results', { endpoints: [endpoint] });

new CfnOutput(stack, 'RequestQueueUrl', { value: requests.queue.queueUrl });
new CfnOutput(stack, 'ResultQueueUrl', { value: results.queue.queueUrl });
