import { App, Stack } from 'aws-cdk-lib';
import { IntegrationPattern, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import {
  AsyncInferenceCallback,
  AsyncInferenceEndpoint,
  AsyncInferenceInvoker,
  InvokeAsyncInference,
} from '../../../lib';
import { ENV, aStack, anEndpoint } from '../../../tools/showcase/stacks';

const WAIT = { integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN, body: TaskInput.fromText('x') };

test('an invoker for a task that the callback starts is an error', () => {
  const stack = aStack();
  const endpoint = anEndpoint(stack);
  const callback = new AsyncInferenceCallback(stack, 'Callback');
  const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
  expect(() => new InvokeAsyncInference(stack, 'Task', { ...WAIT, endpoint, callback, invoker })).toThrow(
    'invoker has no effect with WAIT_FOR_TASK_TOKEN, because the callback sends the request: leave it out',
  );
});

test('an invoker of another endpoint is an error', () => {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { endpointName: 'Languages' });
  const body = TaskInput.fromText('x');
  const other = AsyncInferenceEndpoint.fromEndpointName(stack, 'Other', 'prices');
  const same = AsyncInferenceEndpoint.fromEndpointName(stack, 'Same', 'languages');
  const invoker = new AsyncInferenceInvoker(stack, 'OtherInvoker', { endpoint: other });
  expect(() => new InvokeAsyncInference(stack, 'Task', { endpoint, invoker, body })).toThrow(
    'invoker sends to the endpoint prices, and the task is for Languages: give an invoker of this endpoint',
  );
  const own = new AsyncInferenceInvoker(stack, 'SameInvoker', { endpoint: same });
  expect(() => new InvokeAsyncInference(stack, 'OwnTask', { endpoint, invoker: own, body })).not.toThrow();
});

test('a callback in another account than the endpoint is an error', () => {
  const app = new App();
  const endpoint = anEndpoint(new Stack(app, 'Endpoint', { env: ENV }), { endpointName: 'languages' });
  const stack = new Stack(app, 'Workflow', { env: { ...ENV, account: '999999999999' } });
  const callback = new AsyncInferenceCallback(stack, 'Callback');
  expect(() => new InvokeAsyncInference(stack, 'Task', { ...WAIT, endpoint, callback })).toThrow(
    'the endpoint belongs to account 111122223333, and this callback to 999999999999',
  );
});
