import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { AsyncInferenceCallback, InvokeAsyncInference } from '../../../lib';
import type { AsyncInferenceCallbackProps, IAsyncInferenceEndpoint } from '../../../lib';
import { toCallbackEnvironment } from '../../../lib/contract/callback';
import { ENV, aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';

function waitFor(stack: Stack, id: string, endpoint: IAsyncInferenceEndpoint, callback: AsyncInferenceCallback) {
  return new InvokeAsyncInference(stack, `Ask${id}`, {
    endpoint,
    callback,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    body: sfn.TaskInput.fromText('x'),
  });
}

function waitingFor(
  stack: Stack,
  id: string,
  endpoint: IAsyncInferenceEndpoint,
  callback: AsyncInferenceCallback,
): sfn.StateMachine {
  const task = waitFor(stack, id, endpoint, callback);
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

const completions = (stack: Stack) => statements(stack, '').filter(({ Sid }) => Sid === 'CompleteTasks');

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
    expect(statements(stack, 'CallbackStarterPermissions')).toEqual([
      { Sid: 'UseTable', Effect: 'Allow', Action: ['dynamodb:PutItem', 'dynamodb:DeleteItem'], Resource: table },
      expect.objectContaining({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
    ]);
    expect(statements(stack, 'CallbackStarterEndpointPermissions')).toEqual([
      {
        Sid: 'InvokeEndpoint',
        Effect: 'Allow',
        Action: 'sagemaker:InvokeEndpointAsync',
        Resource: stack.resolve(endpoint.endpointArn) as unknown,
      },
    ]);
  });

  test('the answerer may read and remove tasks, take messages, read results and answer the one state machine, and nothing else', () => {
    const { stack, callback, endpoint, stateMachine } = aCallback();
    expect(statements(stack, 'CallbackResultPermissions')).toEqual([
      {
        Sid: 'UseTable',
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:DeleteItem'],
        Resource: stack.resolve(callback.table.tableArn) as unknown,
      },
      {
        Sid: 'ConsumeMessages',
        Effect: 'Allow',
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        Resource: stack.resolve(callback.results.queue.queueArn) as unknown,
      },
      expect.objectContaining({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] }),
    ]);
    expect(statements(stack, 'CallbackResultEndpointPermissions')).toEqual([
      {
        Sid: 'ReadResults',
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: stack.resolve(endpoint.outputBucket.arnForObjects('output/*')) as unknown,
      },
    ]);
    expect(statements(stack, 'CompleteTasks')).toEqual([
      {
        Sid: 'CompleteTasks',
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
    expect(statements(stack, 'CallbackResultEndpointPermissions')).toEqual([]);
  });

  test('results under a key are decrypted with it', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, { outputEncryptionKey: new kms.Key(stack, 'Key') });
    const callback = new AsyncInferenceCallback(stack, 'Callback');
    callback.addStateMachine(waitingFor(stack, 'Machine', endpoint, callback));
    expect(statements(stack, 'CallbackResultEndpointPermissions')).toContainEqual({
      Sid: 'DecryptResults',
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
  // A policy per endpoint or state machine would exceed the ten managed policies of a role.
  const ofRole = (name: string) =>
    Object.values(resources(stack, 'AWS::IAM::ManagedPolicy')).filter(({ Properties }) =>
      JSON.stringify(Properties.Roles).includes(name),
    );
  expect(['CallbackStarterRole', 'CallbackResultRole'].map((name) => ofRole(name).length)).toEqual([2, 3]);
  expect(completions(stack).map(({ Resource }) => (Resource as unknown[]).length)).toEqual([8]);
  expect(statements(stack, 'CallbackStarterEndpointPermissions')).toMatchObject([
    { Resource: endpoints.map(({ endpointArn }) => stack.resolve(endpointArn) as unknown) },
  ]);
});

test('a state machine waits for its endpoint and for the permissions of the starter, whichever comes first', () => {
  const stack = aStack();
  const callback = new AsyncInferenceCallback(stack, 'Callback');
  const endpoints = ['One', 'Two'].map((id) => anEndpoint(stack, { createInvoker: false }, id));
  const stateMachine = waitingFor(stack, 'Machine', endpoints[0]!, callback);
  callback.addStateMachine(stateMachine);
  waitFor(stack, 'Later', endpoints[1]!, callback);
  const { DependsOn = [] } = only(stack, 'AWS::StepFunctions::StateMachine');
  const permissions = Object.keys(resources(stack, 'AWS::IAM::ManagedPolicy')).find((id) =>
    id.startsWith('CallbackStarterEndpointPermissions'),
  );
  expect(DependsOn).toEqual(
    expect.arrayContaining([permissions, ...Object.keys(resources(stack, 'AWS::SageMaker::Endpoint'))]),
  );
});

test('the state machine may be in a stack of its own, and the right to answer it stands there', () => {
  const app = new App();
  const [stack, other] = ['Stack', 'Other'].map((id) => new Stack(app, id)) as [Stack, Stack];
  const callback = new AsyncInferenceCallback(stack, 'Callback');
  callback.addStateMachine(waitingFor(other, 'Machine', anEndpoint(stack), callback));
  expect(completions(other)).toHaveLength(1);
  expect(completions(stack)).toHaveLength(0);
  expect([stack.dependencies, other.dependencies]).toEqual([[], [stack]]);
});

test('endpoint, callback and state machine may be in three stacks', () => {
  const app = new App();
  const [one, two, three] = ['One', 'Two', 'Three'].map((id) => new Stack(app, id)) as [Stack, Stack, Stack];
  const callback = new AsyncInferenceCallback(two, 'Callback');
  callback.addStateMachine(waitingFor(three, 'Machine', anEndpoint(one), callback));
  app.synth();
  const needs = (stack: Stack) => stack.dependencies.map(({ node }) => node.id).sort();
  // The task names the output prefix of its endpoint.
  expect([one, two, three].map(needs)).toEqual([[], ['One'], ['One', 'Two']]);
});

test('fails for an endpoint of another region, whose runtime the starter would not reach', () => {
  const app = new App();
  const endpoint = anEndpoint(new Stack(app, 'Stack', { env: ENV }));
  const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } });
  const callback = new AsyncInferenceCallback(other, 'Callback');
  expect(() => waitingFor(other, 'Machine', endpoint, callback)).toThrow(
    'Other/Callback: the endpoint is in eu-west-1, and this callback in us-east-1: define the callback in the region of the endpoint',
  );
});

describe('encryptionKey', () => {
  const encrypted = () => {
    const stack = aStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const endpoint = anEndpoint(stack, { createInvoker: false });
    const callback = new AsyncInferenceCallback(stack, 'Callback', { encryptionKey });
    callback.addStateMachine(waitingFor(stack, 'Machine', endpoint, callback));
    return { stack, arn: stack.resolve(encryptionKey.keyArn) as unknown };
  };

  test('encrypts the table and both queues', () => {
    const { stack, arn } = encrypted();
    Template.fromStack(stack).hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn },
    });
    Template.fromStack(stack).allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: arn });
  });

  test('may be used by both functions through DynamoDB, and by the result function to receive messages', () => {
    const { stack, arn } = encrypted();
    const useTable = {
      Sid: 'UseTableKey',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: arn,
      Condition: { StringLike: { 'kms:ViaService': 'dynamodb.*' } },
    };
    expect(statements(stack, 'CallbackStarterKeyPermissions')).toEqual([useTable]);
    expect(statements(stack, 'CallbackResultKeyPermissions')).toEqual([
      useTable,
      { Sid: 'DecryptMessages', Effect: 'Allow', Action: 'kms:Decrypt', Resource: arn },
    ]);
  });

  test('is used by the table and the queues once the functions may use it', () => {
    const { stack } = encrypted();
    const [ofResult, ofStarter] = ['Result', 'Starter'].map((name): unknown =>
      expect.stringMatching(new RegExp(`^Callback${name}KeyPermissions`)),
    );
    expect(only(stack, 'AWS::DynamoDB::Table')).toMatchObject({ DependsOn: [ofResult, ofStarter] });
    for (const { DependsOn } of Object.values(resources(stack, 'AWS::SQS::Queue')))
      expect(DependsOn).toEqual([ofResult]);
  });

  test('is not needed: without it, no function has a permission on a key', () => {
    const { stack } = aCallback();
    expect(JSON.stringify(statements(stack, 'Callback'))).not.toContain('kms:');
  });
});

describe('log groups and network of the functions', () => {
  test('are given, and log groups that are given are not created', () => {
    const stack = aStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const [starterLogGroup, resultLogGroup] = ['Starter', 'Result'].map((id) => new LogGroup(stack, id));
    const callback = new AsyncInferenceCallback(stack, 'Callback', { vpc, starterLogGroup, resultLogGroup });
    expect(Object.keys(resources(stack, 'AWS::Logs::LogGroup'))).toHaveLength(2);
    for (const [each, logGroup] of [
      [callback.starterFunction, starterLogGroup],
      [callback.resultFunction, resultLogGroup],
    ] as const) {
      const properties = resources(stack, 'AWS::Lambda::Function')[
        stack.getLogicalId(each.node.defaultChild as CfnFunction)
      ]!.Properties;
      expect(properties).toMatchObject({
        LoggingConfig: { LogGroup: stack.resolve(logGroup!.logGroupName) as unknown },
        VpcConfig: { SubnetIds: vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown) },
      });
    }
    for (const id of ['CallbackStarterPermissions', 'CallbackResultPermissions']) {
      expect(statements(stack, id).map(({ Sid }) => Sid)).toEqual(
        expect.arrayContaining(['WriteLogs', 'ManageInterfaces', 'DescribeNetwork']),
      );
    }
  });

  test('fail if they have no effect, with all errors in one message', () => {
    const stack = aStack();
    const [starterLogGroup, resultLogGroup] = ['Starter', 'Result'].map((id) => new LogGroup(stack, id));
    const props = { starterLogGroup, resultLogGroup, logRetention: 7, vpcSubnets: {}, securityGroups: [] };
    expect(() => new AsyncInferenceCallback(stack, 'Callback', props)).toThrow(
      /^Stack\/Callback:\n {2}- logRetention has no effect .*\n {2}- vpcSubnets has no effect .*\n {2}- securityGroups has no effect /,
    );
  });
});

describe('a task of a state machine that was forgotten', () => {
  const stacks = () => {
    const app = new App();
    return ['Callback', 'Workflow'].map((name) => new Stack(app, name, { env: ENV })) as [Stack, Stack];
  };
  const warned = (stack: Stack) =>
    Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('callbackWithoutStateMachine'))
      .map(({ entry }) => /tasks of (\S+) wait/.exec(JSON.stringify(entry.data))?.[1]);

  test('is a warning that names it, in the stack of the callback or in another one', () => {
    const [stack, other] = stacks();
    const endpoint = anEndpoint(stack);
    const callback = new AsyncInferenceCallback(stack, 'Callback');
    callback.addStateMachine(waitingFor(stack, 'Added', endpoint, callback));
    waitingFor(stack, 'Forgotten', endpoint, callback);
    waitingFor(other, 'Elsewhere', endpoint, callback);
    expect(warned(stack)).toEqual(['Callback/Forgotten', 'Workflow/Elsewhere']);
  });

  test('says what to do, if the state machine is not in the app', () => {
    const [stack] = stacks();
    waitFor(stack, 'Task', anEndpoint(stack), new AsyncInferenceCallback(stack, 'Callback'));
    Annotations.fromStack(stack).hasWarning(
      '/Callback/Callback',
      Match.stringLikeRegexp('call addStateMachine\\(stateMachine\\) for each state machine'),
    );
  });

  test('is none for the machine of another callback with the same logical ID', () => {
    const [stack, other] = stacks();
    for (const each of [stack, other]) {
      const endpoint = anEndpoint(each);
      const callback = new AsyncInferenceCallback(each, 'Callback');
      callback.addStateMachine(waitingFor(each, 'Added', endpoint, callback));
    }
    expect([...warned(stack), ...warned(other)]).toEqual([]);
  });
});

describe('a task that waits for a callback without a state machine', () => {
  const warned = (use: (callback: AsyncInferenceCallback, stateMachine: sfn.StateMachine) => void) => {
    const stack = aStack();
    const callback = new AsyncInferenceCallback(stack, 'Callback');
    use(callback, waitingFor(stack, 'Machine', anEndpoint(stack), callback));
    return Annotations.fromStack(stack)
      .findWarning('/Stack/Callback', Match.anyValue())
      .map(({ entry }) => entry.data);
  };

  test('is a warning that says what to do', () => {
    expect(warned(() => undefined)).toEqual([
      expect.stringMatching(
        /tasks of Stack\/Machine wait .*: call addStateMachine\(stateMachine\).*callbackWithoutStateMachine/,
      ),
    ]);
  });

  test('is none after addStateMachine', () => {
    expect(warned((callback, stateMachine) => callback.addStateMachine(stateMachine))).toEqual([]);
  });

  test('is none after grantTaskResponse of CDK', () => {
    expect(warned((callback, stateMachine) => stateMachine.grantTaskResponse(callback.resultFunction))).toEqual([]);
  });

  test('is none for a callback that no task uses', () => {
    const stack = aStack();
    new AsyncInferenceCallback(stack, 'Callback');
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

test('a repeated call of addStateMachine has no effect', () => {
  const { stack, callback, stateMachine } = aCallback();
  callback.addStateMachine(stateMachine);
  expect(completions(stack)).toHaveLength(1);
});

test('two callbacks may complete the tasks of one state machine', () => {
  const stack = aStack();
  const callbacks = ['One', 'Two'].map((id) => new AsyncInferenceCallback(stack, id));
  const stateMachine = waitingFor(stack, 'Machine', anEndpoint(stack), callbacks[0]!);
  callbacks.forEach((callback) => callback.addStateMachine(stateMachine));
  expect(completions(stack)).toHaveLength(2);
});

test.each([0, 250_000])('takes up to %i bytes into a state', (maxInlineResultBytes) => {
  expect(() => aCallback({ maxInlineResultBytes })).not.toThrow();
});

test.each([-1, 250_001, 0.5])('fails with a limit of %d bytes', (maxInlineResultBytes) => {
  expect(() => aCallback({ maxInlineResultBytes })).toThrow(
    `Stack/Callback: maxInlineResultBytes must be a whole number from 0 to 250000, got ${maxInlineResultBytes}`,
  );
});

test('a state machine waits for the permissions of the starter on an endpoint of another stack as well', () => {
  const app = new App();
  const [one, two] = ['One', 'Two'].map((id) => new Stack(app, id)) as [Stack, Stack];
  const callback = new AsyncInferenceCallback(two, 'Callback');
  callback.addStateMachine(waitingFor(two, 'Machine', anEndpoint(one), callback));
  expect(only(two, 'AWS::StepFunctions::StateMachine').DependsOn).toContainEqual(
    expect.stringMatching(/^CallbackStarterEndpointPermissions/),
  );
});
