import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InputPolicy, InstanceType } from '../../lib';

// Payloads of up to 128,000 bytes go inline and larger ones through S3. Callers and the model see no difference.

export const app = new App();
const stack = new Stack(app, 'MixedSizes');

const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
  endpointName: 'languages',
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'),
    environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
  }),
  instanceType: InstanceType.M5_XLARGE,
  invokerOptions: { inputPolicy: InputPolicy.bySize() },
});

new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
