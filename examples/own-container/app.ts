import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { join } from 'node:path';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../../lib';

// Your own container: CDK builds the image from a folder with a Dockerfile, and the server in it keeps the contract of SageMaker.

export const app = new App();
const stack = new Stack(app, 'OwnContainer');

/** How many requests an instance processes at the same time. The server has as many threads. */
const CONCURRENCY = 2;

const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromAsset(join(__dirname, 'container')),
    environment: { WORKERS: `${CONCURRENCY}` },
  }),
  instanceType: InstanceType.C6I_LARGE,
  maxConcurrentInvocationsPerInstance: CONCURRENCY,
  defaultInvocationTimeout: Duration.minutes(5),
});

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });

app.synth();
