import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InputPolicy, InstanceType } from '../../lib';

// Every payload is kept in S3 for a year, and can be sent again from there: see examples/replay.

export const app = new App();
const stack = new Stack(app, 'Audit');

const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
  endpointName: 'languages',
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'),
    environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
  }),
  instanceType: InstanceType.M5_XLARGE,
  invokerOptions: { inputPolicy: InputPolicy.alwaysS3({ expiration: Duration.days(365) }) },
});

new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
