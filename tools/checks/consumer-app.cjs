const { App, Stack } = require('aws-cdk-lib');
const { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } = require(
  process.argv[2] ?? 'cdk-sagemaker-async-inference',
);
const stack = new Stack(new App(), 'Consumer');
new AsyncInferenceEndpoint(stack, 'Endpoint', {
  model: InferenceModel.fromContainer({ image: ContainerImage.fromDlc('djl-inference', '0.30') }),
  instanceType: InstanceType.G5_XLARGE,
});
