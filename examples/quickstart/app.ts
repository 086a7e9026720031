import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../../lib';

export const app = new App();
const stack = new Stack(app, 'Languages');

const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04'),
    environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
  }),
  instanceType: InstanceType.M5_XLARGE,
});

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
new CfnOutput(stack, 'OutputBucketName', { value: endpoint.outputBucket.bucketName });

app.synth();
