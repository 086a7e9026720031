import { App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import {
  AsyncInferenceCallback,
  AsyncInferenceEndpoint,
  ContainerImage,
  InferenceModel,
  InstanceType,
  InvokeAsyncInference,
} from '../../lib';

// Asks a model for every line of a JSONL object in S3, millions of them if need be: start an execution with {"key": "lines.jsonl"}.
// It ends with the manifest of the run, which lists the files of results and of failed lines. A run that failed as a whole, since
// more than one line in twenty did, goes on where it stopped: aws stepfunctions redrive-execution --execution-arn …

const INSTANCES = 4;
const AT_ONCE_PER_INSTANCE = 4;

// New apps have this flag. Without it, CDK omits resultWriterV2 without an error.
export const app = new App({ context: { '@aws-cdk/aws-stepfunctions:useDistributedMapResultWriterV2': true } });
const stack = new Stack(app, 'Batch');

const endpoint = new AsyncInferenceEndpoint(stack, 'Languages', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'),
    environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
  }),
  instanceType: InstanceType.M5_XLARGE,
  scaling: { maxCapacity: INSTANCES },
  maxConcurrentInvocationsPerInstance: AT_ONCE_PER_INSTANCE,
  createInvoker: false,
  outputRemovalPolicy: RemovalPolicy.DESTROY,
});
const callback = new AsyncInferenceCallback(stack, 'Callback');
const files = new s3.Bucket(stack, 'Files', {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.DESTROY,
});

const ask = new InvokeAsyncInference(stack, 'Ask', {
  endpoint,
  callback,
  integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
  body: sfn.TaskInput.fromJsonPathAt('$'),
});
const everyLine = new sfn.DistributedMap(stack, 'EveryLine', {
  itemReader: new sfn.S3JsonLItemReader({ bucket: files, key: sfn.JsonPath.stringAt('$.key') }),
  // A task that waits has to be in a standard workflow.
  mapExecutionType: sfn.StateMachineType.STANDARD,
  // As many as the endpoint works on at once, and as many again to wait at its door: more would only grow its queue.
  maxConcurrency: 2 * INSTANCES * AT_ONCE_PER_INSTANCE,
  toleratedFailurePercentage: 5,
  resultWriterV2: new sfn.ResultWriterV2({ bucket: files, prefix: 'results' }),
});
const readManifest = new CallAwsService(stack, 'ReadManifest', {
  service: 's3',
  action: 'getObject',
  parameters: {
    Bucket: sfn.JsonPath.stringAt('$.ResultWriterDetails.Bucket'),
    Key: sfn.JsonPath.stringAt('$.ResultWriterDetails.Key'),
  },
  iamResources: [files.arnForObjects('results/*')],
  resultSelector: { 'manifest.$': 'States.StringToJson($.Body)' },
});

const stateMachine = new sfn.StateMachine(stack, 'StateMachine', {
  definitionBody: sfn.DefinitionBody.fromChainable(everyLine.itemProcessor(ask).next(readManifest)),
});
callback.addStateMachine(stateMachine);

new CfnOutput(stack, 'StateMachineArn', { value: stateMachine.stateMachineArn });
new CfnOutput(stack, 'FilesBucketName', { value: files.bucketName });
