import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../../lib';

export const app = new App();
const stack = new Stack(app, 'Languages');

const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'),
    environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
  }),
  instanceType: InstanceType.M5_XLARGE,
});

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
new CfnOutput(stack, 'OutputBucketName', { value: endpoint.outputBucket.bucketName });

app.synth();
