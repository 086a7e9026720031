import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../lib';

const app = new App();
const context = (key: string, otherwise: string) => (app.node.tryGetContext(key) as string | undefined) ?? otherwise;

const stack = new Stack(app, 'AsyncInferenceExample', {
  description: 'Language identification on an asynchronous inference endpoint that takes payloads inline',
});

const endpoint = new AsyncInferenceEndpoint(stack, 'Languages', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc(
      'huggingface-pytorch-inference',
      context('imageTag', '2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04'),
    ),
    environment: {
      HF_MODEL_ID: context('modelId', 'papluca/xlm-roberta-base-language-detection'),
      HF_MODEL_REVISION: context('modelRevision', '9865598389ca9d95637462f743f683b51d75b87b'),
      HF_TASK: 'text-classification',
    },
  }),
  instanceType: InstanceType.of(context('instanceType', 'ml.m5.xlarge')),
  // An example leaves nothing behind: the README empties the bucket before it deletes the stack.
  removalPolicy: RemovalPolicy.DESTROY,
});

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
new CfnOutput(stack, 'OutputBucketName', { value: endpoint.outputBucket.bucketName });
new CfnOutput(stack, 'SuccessTopicArn', { value: endpoint.successTopic.topicArn });
new CfnOutput(stack, 'ErrorTopicArn', { value: endpoint.errorTopic.topicArn });
