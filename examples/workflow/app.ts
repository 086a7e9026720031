import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  AsyncInferenceCallback,
  AsyncInferenceEndpoint,
  ContainerImage,
  InferenceModel,
  InstanceType,
  InvokeAsyncInference,
} from '../../lib';

// A state machine that waits for the model's answer, however long it takes, without polling. `npm run demo -- --example workflow`
// runs it on this machine.

export const app = new App();
const stack = new Stack(app, 'Workflow');

const endpoint = new AsyncInferenceEndpoint(stack, 'Languages', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'),
    environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
  }),
  instanceType: InstanceType.M5_XLARGE,
  createInvoker: false,
  outputRemovalPolicy: RemovalPolicy.DESTROY,
});
const callback = new AsyncInferenceCallback(stack, 'Callback');

const identify = new InvokeAsyncInference(stack, 'Identify', {
  endpoint,
  callback,
  integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
  body: sfn.TaskInput.fromObject({ inputs: sfn.JsonPath.stringAt('$.text') }),
  requestTtl: Duration.hours(1),
  resultSelector: { 'language.$': '$.Body[0].label', 'result.$': '$.OutputLocation' },
});
identify.addCatch(new sfn.Pass(stack, 'Failed', { parameters: { 'failed.$': 'States.StringToJson($.Cause)' } }), {
  errors: ['InferenceFailed'],
});
identify.addCatch(new sfn.Pass(stack, 'Expired', { parameters: { 'expired.$': 'States.StringToJson($.Cause)' } }), {
  errors: ['InferenceExpired'],
});

const stateMachine = new sfn.StateMachine(stack, 'StateMachine', {
  definitionBody: sfn.DefinitionBody.fromChainable(identify),
});
callback.addStateMachine(stateMachine);

new CfnOutput(stack, 'StateMachineArn', { value: stateMachine.stateMachineArn });
