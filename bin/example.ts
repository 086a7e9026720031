import { App, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../lib';
import imageTags from './image-tags.json';

const REPOSITORY = 'huggingface-pytorch-inference';
const newest = imageTags.find(({ repository, processor }) => repository === REPOSITORY && processor === 'cpu');

export const app = new App();
const context = (key: string, otherwise: string) => (app.node.tryGetContext(key) as string | undefined) ?? otherwise;

const stack = new Stack(app, 'AsyncInferenceExample', {
  description: 'Language identification on an asynchronous inference endpoint that takes payloads inline',
});

const endpoint = new AsyncInferenceEndpoint(stack, 'Languages', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc(REPOSITORY, context('imageTag', newest!.tag)),
    environment: {
      HF_MODEL_ID: context('modelId', 'papluca/xlm-roberta-base-language-detection'),
      HF_MODEL_REVISION: context('modelRevision', '9865598389ca9d95637462f743f683b51d75b87b'),
      HF_TASK: 'text-classification',
    },
  }),
  instanceType: InstanceType.of(context('instanceType', 'ml.m5.xlarge')),
  // An example leaves nothing behind: the README empties the bucket before it deletes the stack.
  outputRemovalPolicy: RemovalPolicy.DESTROY,
});

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
new CfnOutput(stack, 'OutputBucketName', { value: endpoint.outputBucket.bucketName });
new CfnOutput(stack, 'SuccessTopicArn', { value: endpoint.successTopic.topicArn });
new CfnOutput(stack, 'ErrorTopicArn', { value: endpoint.errorTopic.topicArn });

// What cdk-nag finds (packs AwsSolutions and Serverless) and why it stays. It is named finding by finding: a new one is not covered.
Validations.of(endpoint).acknowledge(
  {
    id: 'AwsSolutions-S1',
    reason: 'Access logs need a bucket that outlives the example. Use your own bucket if audits require them.',
  },
  {
    id: 'AwsSolutions-IAM5[Resource::<LanguagesOutputBucketC41920F6.Arn>/output/*]',
    reason: 'SageMaker chooses the keys of results under this prefix.',
  },
  {
    id: 'AwsSolutions-IAM5[Resource::<LanguagesOutputBucketC41920F6.Arn>/failure/*]',
    reason: 'SageMaker chooses the keys of failures under this prefix.',
  },
  {
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'ecr:GetAuthorizationToken does not support resource-level permissions. A condition narrows cloudwatch:PutMetricData to two namespaces.',
  },
  { id: 'Serverless-LambdaDLQ', reason: 'The example calls the function synchronously: its caller gets the error.' },
  {
    id: 'Serverless-LambdaTracing',
    reason: 'Tracing is off to keep the example without cost. It is an option of the invoker.',
  },
);
