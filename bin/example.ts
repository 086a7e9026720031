import { App, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../lib';
import imageTags from './image-tags.json';

const REPOSITORY = 'huggingface-pytorch-inference';
const newest = imageTags.find(({ repository, processor }) => repository === REPOSITORY && processor === 'cpu');

/** What `-c key=value` can change. */
const DEFAULTS = {
  imageTag: newest!.tag,
  instanceType: 'ml.m5.xlarge',
  modelId: 'papluca/xlm-roberta-base-language-detection',
  modelRevision: '9865598389ca9d95637462f743f683b51d75b87b',
};

/** The keys of CDK and of its CLI: feature flags, lookups, and the issues that somebody has acknowledged. */
const CDK_KEY = /[:/]|^acknowledged-issue-numbers$/;

export const app = new App();

/** Reads the context. A key with a typo would otherwise have no effect, and nobody would notice. */
function readContext(): typeof DEFAULTS {
  const context = app.node.getAllContext() as Readonly<Record<string, unknown>>;
  const errors = Object.entries(context)
    .filter(([key, value]) => !CDK_KEY.test(key) && !(key in DEFAULTS && typeof value === 'string' && value !== ''))
    .map(([key, value]) =>
      key in DEFAULTS
        ? `the context key ${key} must have a value, got ${JSON.stringify(value)}`
        : `unknown context key ${key}: use ${Object.keys(DEFAULTS).join(', ')}`,
    );
  if (errors.length > 0) throw new Error(errors.join('\n'));
  return { ...DEFAULTS, ...context };
}

const { imageTag, instanceType, modelId, modelRevision } = readContext();

const stack = new Stack(app, 'AsyncInferenceExample', {
  description: 'Language identification on an asynchronous inference endpoint that takes payloads inline',
});

const endpoint = new AsyncInferenceEndpoint(stack, 'Languages', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc(REPOSITORY, imageTag),
    environment: {
      HF_MODEL_ID: modelId,
      HF_MODEL_REVISION: modelRevision,
      HF_TASK: 'text-classification',
    },
  }),
  instanceType: InstanceType.of(instanceType),
  // An example leaves nothing behind: the README empties the bucket before it deletes the stack.
  outputRemovalPolicy: RemovalPolicy.DESTROY,
});

const { functionName } = endpoint.invoker.function;
const { bucketName } = endpoint.outputBucket;

// The commands to try next, for a POSIX shell. Outputs of CloudFormation keep ASCII characters only.
new CfnOutput(stack, 'Step1SendRequest', {
  description: 'Sends a request. The response contains the location of the result.',
  value:
    `aws lambda invoke --function-name ${functionName} --cli-binary-format raw-in-base64-out ` +
    `--payload '{"Body":{"inputs":"Wie geht es dir heute?"}}' response.json && cat response.json`,
});
new CfnOutput(stack, 'Step2ReadResult', {
  description:
    'Waits for the result: seconds if an instance is in service, 5 to 13 minutes from zero (estimate). ' +
    'A request that fails has an object at its FailureLocation instead.',
  value: `until aws s3 cp "$(node -p "require('./response.json').OutputLocation")" - ; do sleep 10; done`,
});
new CfnOutput(stack, 'Step3CleanUp', {
  description: 'Empties the output bucket and deletes the stack.',
  value: `aws s3 rm s3://${bucketName} --recursive && npx cdk destroy`,
});

// For scripts that read the outputs.
new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InvokerName', { value: functionName });
new CfnOutput(stack, 'OutputBucketName', { value: bucketName });
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
