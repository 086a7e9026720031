import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { AsyncInferenceCallback, InvokeAsyncInference } from '../../../lib';
import type { AsyncInferenceCallbackProps, IAsyncInferenceEndpoint } from '../../../lib';
import { toCallbackEnvironment } from '../../../lib/contract/callback';
import { ENV, aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';

function waitingFor(
  stack: Stack,
  id: string,
  endpoint: IAsyncInferenceEndpoint,
  callback: AsyncInferenceCallback,
): sfn.StateMachine {
  const task = new InvokeAsyncInference(stack, `Ask${id}`, {
    endpoint,
    callback,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    body: sfn.TaskInput.fromText('x'),
  });
  return new sfn.StateMachine(stack, id, { definitionBody: sfn.DefinitionBody.fromChainable(task) });
}

function aCallback(props: AsyncInferenceCallbackProps = {}) {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { endpointName: 'languages', createInvoker: false });
  const callback = new AsyncInferenceCallback(stack, 'Callback', props);
  const stateMachine = waitingFor(stack, 'Machine', endpoint, callback);
  callback.addStateMachine(stateMachine);
  return { stack, endpoint, callback, stateMachine };
}

const rights = (stack: Stack, id: string) =>
  Object.entries(resources(stack, 'AWS::IAM::Role'))
    .filter(([logicalId]) => logicalId.startsWith(id))
    .flatMap(([, { Properties }]) => Properties.Policies as { PolicyDocument: { Statement: unknown[] } }[])
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

test('the table forgets by itself, and costs nothing while nothing waits', () => {
  const { stack } = aCallback();
  Template.fromStack(stack).hasResource('AWS::DynamoDB::Table', {
    DeletionPolicy: 'Delete',
    Properties: {
      KeySchema: [{ AttributeName: 'inferenceId', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      TableName: Match.absent(),
    },
  });
});

test('both functions are of the same make, and know the table', () => {
  const { stack, callback } = aCallback({ maxInlineResultBytes: 7 });
  const Variables = toCallbackEnvironment({ tableName: 'TABLE', maxInlineResultBytes: 7 });
  const known = Object.fromEntries(
    Object.entries(Variables).map(([name, value]) => [
      name,
      value === 'TABLE' ? (stack.resolve(callback.table.tableName) as unknown) : value,
    ]),
  );
  Template.fromStack(stack).allResourcesProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Timeout: 30,
    LoggingConfig: Match.objectLike({ LogFormat: 'JSON' }),
    Environment: { Variables: known },
  });
  Template.fromStack(stack).resourceCountIs('AWS::Lambda::Function', 2);
});

test('the functions take whole batches, and give back what they could not serve, for hours', () => {
  const { stack, callback } = aCallback();
  expect(only(stack, 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    EventSourceArn: stack.resolve(callback.results.queue.queueArn) as unknown,
  });
  Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 180,
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 100 }),
  });
  Template.fromStack(stack).resourceCountIs('AWS::SNS::Subscription', 2);
});

describe('rights', () => {
  test('the starter may write and remove tasks and ask the endpoint, and nothing else', () => {
    const { stack, callback, endpoint } = aCallback();
    const table = stack.resolve(callback.table.tableArn) as unknown;
    expect(rights(stack, 'CallbackStarterRole')).toEqual([
      { Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:DeleteItem'], Resource: table },
      expect.objectContaining({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
    ]);
    expect(statements(stack, 'CallbackStarter')).toEqual([
      {
        Effect: 'Allow',
        Action: 'sagemaker:InvokeEndpointAsync',
        Resource: stack.resolve(endpoint.endpointArn) as unknown,
      },
    ]);
  });

  test('the answerer may read and remove tasks, take messages, read results and answer the one state machine, and nothing else', () => {
    const { stack, callback, endpoint, stateMachine } = aCallback();
    expect(rights(stack, 'CallbackAnswererRole')).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:DeleteItem'],
        Resource: stack.resolve(callback.table.tableArn) as unknown,
      },
      {
        Effect: 'Allow',
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        Resource: stack.resolve(callback.results.queue.queueArn) as unknown,
      },
      expect.objectContaining({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
    ]);
    expect(statements(stack, 'CallbackAnswerer')).toEqual([
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: stack.resolve(endpoint.outputBucket.arnForObjects('output/*')) as unknown,
      },
    ]);
    expect(statements(stack, 'MachineRespond')).toEqual([
      {
        Effect: 'Allow',
        Action: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
        Resource: [stateMachine.stateMachineArn, `${stateMachine.stateMachineArn}/*`].map(
          (arn) => stack.resolve(arn) as unknown,
        ),
      },
    ]);
  });

  test('no result in the state, no right to read any', () => {
    const { stack } = aCallback({ maxInlineResultBytes: 0 });
    expect(statements(stack, 'CallbackAnswerer')).toEqual([]);
  });

  test('results under a key are decrypted with it', () => {
    const stack = aStack();
    const endpoint = Object.defineProperty(anEndpoint(stack), 'encryptionKey', { value: new kms.Key(stack, 'Key') });
    const callback = new AsyncInferenceCallback(stack, 'Callback');
    callback.addStateMachine(waitingFor(stack, 'Machine', endpoint, callback));
    expect(statements(stack, 'CallbackAnswerer')).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
    });
  });
});

test('serves many endpoints and state machines, each endpoint once', () => {
  const stack = aStack();
  const callback = new AsyncInferenceCallback(stack, 'Callback');
  const endpoints = ['One', 'Two'].map((id) => anEndpoint(stack, { createInvoker: false }, id));
  for (const id of ['A', 'B']) {
    for (const endpoint of endpoints)
      callback.addStateMachine(waitingFor(stack, `${id}${endpoint.node.id}`, endpoint, callback));
  }
  Template.fromStack(stack).resourceCountIs('AWS::SNS::Subscription', 4);
  expect(statements(stack, 'Respond')).toHaveLength(4);
});

test('the state machine may be in a stack of its own, and the right to answer it stands there', () => {
  const app = new App();
  const [stack, other] = ['Stack', 'Other'].map((id) => new Stack(app, id)) as [Stack, Stack];
  const callback = new AsyncInferenceCallback(stack, 'Callback');
  callback.addStateMachine(waitingFor(other, 'Machine', anEndpoint(stack), callback));
  expect(statements(other, 'Respond')).toHaveLength(1);
  expect(statements(stack, 'Respond')).toHaveLength(0);
  expect([stack.dependencies, other.dependencies]).toEqual([[], [stack]]);
});

test('endpoint, callback and state machine may be in three stacks', () => {
  const app = new App();
  const [one, two, three] = ['One', 'Two', 'Three'].map((id) => new Stack(app, id)) as [Stack, Stack, Stack];
  const callback = new AsyncInferenceCallback(two, 'Callback');
  callback.addStateMachine(waitingFor(three, 'Machine', anEndpoint(one), callback));
  app.synth();
  const needs = (stack: Stack) => stack.dependencies.map(({ node }) => node.id).sort();
  expect([one, two, three].map(needs)).toEqual([[], ['One'], ['Two']]);
});

test('fails for an endpoint of another region, whose runtime the starter would not reach', () => {
  const app = new App();
  const endpoint = anEndpoint(new Stack(app, 'Stack', { env: ENV }));
  const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } });
  const callback = new AsyncInferenceCallback(other, 'Callback');
  expect(() => waitingFor(other, 'Machine', endpoint, callback)).toThrow(
    "Other/Callback: an endpoint in eu-west-1 cannot be served from us-east-1: define the callback in the endpoint's region",
  );
});

test('fails at synth where tasks wait and nobody may answer them', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  waitingFor(stack, 'Machine', anEndpoint(stack), new AsyncInferenceCallback(stack, 'Callback'));
  expect(() => app.synth()).toThrow('call its addStateMachine(stateMachine) for each one that waits');
});

test.each([0, 250_000])('takes up to %i bytes into a state', (maxInlineResultBytes) => {
  expect(() => aCallback({ maxInlineResultBytes })).not.toThrow();
});

test.each([-1, 250_001, 0.5])('fails with a limit of %d bytes', (maxInlineResultBytes) => {
  expect(() => aCallback({ maxInlineResultBytes })).toThrow(
    `Stack/Callback: maxInlineResultBytes must be a whole number from 0 to 250000, got ${maxInlineResultBytes}`,
  );
});
