import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AsyncInferenceEndpoint,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultQueue,
  ContainerImage,
  InferenceModel,
  InstanceType,
} from '../../lib';

// The same work as examples/batch at a fraction of its cost, if you do not need to wait for each line. Send each line to the request
// queue, and receive its result from the result queue. Requests wait in their queue for up to 14 days, until an instance has time.

export const app = new App();
const stack = new Stack(app, 'BatchQueue');

const endpoint = new AsyncInferenceEndpoint(stack, 'Languages', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'),
    environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
  }),
  instanceType: InstanceType.M5_XLARGE,
  // The endpoint counts the messages of the request queue, so a full queue starts all four instances.
  scaling: { maxCapacity: 4 },
  outputRemovalPolicy: RemovalPolicy.DESTROY,
});
const requests = new AsyncInferenceRequestQueue(stack, 'Requests', {
  endpoint,
  // How long the model takes for a line. The backlog and the pace of each instance follow from it. If your lines differ, take the
  // longest mean time that you expect: a model that is up to four times as fast still keeps the instances busy.
  expectedProcessingTime: Duration.seconds(1),
  // The model is small, so an instance starts faster than in the ten minutes of the default.
  instanceStartTime: Duration.minutes(6),
  // Without this line the queue stays when the stack is deleted, with all requests that wait in it.
  removalPolicy: RemovalPolicy.DESTROY,
});
const results = new AsyncInferenceResultQueue(stack, 'Results', { endpoints: [endpoint] });

new CfnOutput(stack, 'RequestQueueUrl', { value: requests.queue.queueUrl });
new CfnOutput(stack, 'ResultQueueUrl', { value: results.queue.queueUrl });
