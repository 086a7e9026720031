import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker } from '../../lib';

// A task that sends a request and continues. Its errors have names to catch. To wait for the result, see examples/workflow.

export const app = new App();
const stack = new Stack(app, 'StepFunctions');

const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
const identify = LambdaInvoke.jsonata(stack, 'Identify', {
  lambdaFunction: invoker.function,
  payload: sfn.TaskInput.fromObject({ Body: { inputs: '{% $states.input.text %}' } }),
  outputs: '{% $states.result.Payload %}',
});
identify.addCatch(new sfn.Fail(stack, 'TooLarge'), { errors: ['PayloadTooLargeError', 'InvalidRequestError'] });
const stateMachine = new sfn.StateMachine(stack, 'Workflow', {
  definitionBody: sfn.DefinitionBody.fromChainable(identify),
  queryLanguage: sfn.QueryLanguage.JSONATA,
});

new CfnOutput(stack, 'StateMachineArn', { value: stateMachine.stateMachineArn });
