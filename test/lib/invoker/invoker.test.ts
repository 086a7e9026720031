import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { AsyncInferenceInvoker, SqsResultNaming, TrustedHttpHeader, TrustedSqsAttribute } from '../../../lib';
import type { AsyncInferenceInvokerOptions } from '../../../lib';
import { fromEnvironment } from '../../../lib/contract/invoker';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { ENV, aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/given';
const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11';

function anInvoker(options: AsyncInferenceInvokerOptions = {}) {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { endpointName: 'languages', createInvoker: false });
  return { stack, endpoint, invoker: new AsyncInferenceInvoker(stack, 'Invoker', { endpoint, ...options }) };
}

/** What the function reads from its environment. */
function configuration(scope: Construct): InvokerConfig {
  return fromEnvironment(
    (only(scope, 'AWS::Lambda::Function').Properties.Environment as { Variables: Record<string, string> }).Variables,
  );
}

test('by default: a pinned runtime, a known endpoint, JSON logs in a group with a retention', () => {
  const { stack, invoker } = anInvoker();
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 256,
    Timeout: 30,
    Environment: {
      Variables: {
        ENDPOINT_NAME: 'languages',
        DEFAULT_CONTENT_TYPE: 'application/json',
        DEFAULT_REQUEST_TTL_SECONDS: '21600',
        DEFAULT_INVOCATION_TIMEOUT_SECONDS: '900',
      },
    },
    LoggingConfig: { LogFormat: 'JSON', LogGroup: stack.resolve(invoker.logGroup.logGroupName) as unknown },
  });
  Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Delete',
    Properties: { LogGroupName: Match.absent(), RetentionInDays: 30 },
  });
});

test('its role may call InvokeEndpointAsync on the one endpoint and write its own logs, and nothing else', () => {
  const { stack, endpoint, invoker } = anInvoker();
  const roles = Object.entries(resources(stack, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('Invoker'));
  expect(roles).toHaveLength(1);
  const { Properties } = roles[0]![1];
  expect([Properties.ManagedPolicyArns, Properties.Policies]).toEqual([undefined, undefined]);
  expect(statements(stack, 'InvokerPermissions')).toEqual([
    {
      Sid: 'InvokeEndpoint',
      Effect: 'Allow',
      Action: 'sagemaker:InvokeEndpointAsync',
      Resource: stack.resolve(endpoint.endpointArn) as unknown,
    },
    {
      Sid: 'WriteLogs',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: stack.resolve(invoker.logGroup.logGroupArn) as unknown,
    },
  ]);
  expect(Object.keys(resources(stack, 'AWS::IAM::Policy')).filter((id) => id.startsWith('Invoker'))).toEqual([]);
});

test('waits for the endpoint, which is named by a literal', () => {
  const { stack } = anInvoker();
  expect(only(stack, 'AWS::Lambda::Function').DependsOn).toContain(
    Object.keys(resources(stack, 'AWS::SageMaker::Endpoint'))[0],
  );
});

test('composes: what is added under the function makes no cycle, and the function can be granted permissions', () => {
  const stack = aStack();
  const { invoker } = anEndpoint(stack);
  invoker.function.addPermission('Rule', { principal: new iam.ServicePrincipal('events.amazonaws.com') });
  new s3.Bucket(stack, 'Bucket').grantRead(invoker);
  expect(Object.keys(resources(stack, 'AWS::Lambda::Permission'))).toHaveLength(1);
});

describe('options', () => {
  test('of the function are the props', () => {
    const { stack } = anInvoker({
      functionName: 'send',
      description: 'sends',
      architecture: lambda.Architecture.X86_64,
      memorySize: 1024,
      timeout: Duration.minutes(1),
      reservedConcurrentExecutions: 0,
      logRetention: logs.RetentionDays.ONE_WEEK,
      applicationLogLevel: lambda.ApplicationLogLevel.WARN,
      environmentEncryption: kms.Key.fromKeyArn(aStack(), 'Key', KEY_ARN),
    });
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'send',
      Description: 'sends',
      Architectures: ['x86_64'],
      MemorySize: 1024,
      Timeout: 60,
      ReservedConcurrentExecutions: 0,
      KmsKeyArn: KEY_ARN,
      LoggingConfig: Match.objectLike({ LogFormat: 'JSON', ApplicationLogLevel: 'WARN' }) as unknown,
    });
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    expect(statements(stack, 'InvokerPermissions')).toHaveLength(2);
  });

  test('of requests reach the function', () => {
    const { stack } = anInvoker({
      defaultContentType: 'text/plain',
      defaultRequestTtl: Duration.minutes(1),
      defaultInvocationTimeout: Duration.seconds(1),
      sqsResultNaming: SqsResultNaming.SERVICE,
      trustedHttpHeaders: [TrustedHttpHeader.FILENAME, TrustedHttpHeader.S3_OUTPUT_PATH_EXTENSION],
      trustedSqsAttributes: [TrustedSqsAttribute.FILENAME, TrustedSqsAttribute.S3_OUTPUT_PATH_EXTENSION],
    });
    expect(configuration(stack)).toMatchObject({
      defaultContentType: 'text/plain',
      defaultRequestTtlSeconds: 60,
      defaultInvocationTimeoutSeconds: 1,
      sqsResultNaming: 'service',
      trustedHttpHeaders: ['X-Amzn-SageMaker-Filename', 'X-Amzn-SageMaker-S3OutputPathExtension'],
      trustedSqsAttributes: ['Filename', 'S3OutputPathExtension'],
    });
  });

  test("of requests are the endpoint's unless told", () => {
    const stack = aStack();
    anEndpoint(stack, { defaultRequestTtl: Duration.hours(1), defaultInvocationTimeout: Duration.hours(1) });
    expect(configuration(stack)).toMatchObject({
      defaultRequestTtlSeconds: 3600,
      defaultInvocationTimeoutSeconds: 3600,
    });
  });

  test('of asynchronous callers: a destination that the role may send to, attempts and age', () => {
    const { stack } = anInvoker();
    expect(resources(stack, 'AWS::Lambda::EventInvokeConfig')).toEqual({});
    const queue = sqs.Queue.fromQueueArn(aStack(), 'Failed', 'arn:aws:sqs:eu-west-1:111122223333:failed');
    const { stack: told } = anInvoker({
      onFailure: new SqsDestination(queue),
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
    expect(only(told, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: queue.queueArn } },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
    expect(statements(told, 'InvokerRole')).toMatchObject([
      { Action: expect.arrayContaining(['sqs:SendMessage']) as unknown, Resource: queue.queueArn },
    ]);
  });
});

describe('in a VPC', () => {
  test('its role may do to network interfaces what Lambda does, and the code of the function may not', () => {
    const stack = aStack({ env: ENV });
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const endpoint = anEndpoint(stack, { createInvoker: false });
    new AsyncInferenceInvoker(stack, 'Invoker', { endpoint, vpc });
    const [create, describe] = statements(stack, 'InvokerPermissions').slice(2);
    const condition = { Null: { 'lambda:SourceFunctionArn': 'true' } };
    expect(create).toEqual({
      Sid: 'ManageInterfaces',
      Effect: 'Allow',
      Action: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:UnassignPrivateIpAddresses',
      ],
      Resource: ['network-interface', 'security-group', 'subnet'].map((resource) => ({
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:ec2:eu-west-1:111122223333:${resource}/*`]],
      })),
      Condition: condition,
    });
    expect(describe).toEqual({
      Sid: 'DescribeNetwork',
      Effect: 'Allow',
      Action: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'],
      Resource: '*',
      Condition: condition,
    });
    expect((only(stack, 'AWS::Lambda::Function').Properties.VpcConfig as { SubnetIds: unknown[] }).SubnetIds).toEqual(
      vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown),
    );
  });

  test('subnets and security groups are the props', () => {
    const stack = aStack({ env: ENV });
    const vpc = new ec2.Vpc(stack, 'Vpc');
    const securityGroup = new ec2.SecurityGroup(stack, 'Group', { vpc });
    anEndpoint(stack, {
      invokerOptions: { vpc, vpcSubnets: { subnets: [vpc.privateSubnets[0]!] }, securityGroups: [securityGroup] },
    });
    expect(only(stack, 'AWS::Lambda::Function').Properties.VpcConfig).toEqual({
      SubnetIds: [stack.resolve(vpc.privateSubnets[0]!.subnetId)],
      SecurityGroupIds: [stack.resolve(securityGroup.securityGroupId)],
    });
  });
});

test('traced: its role may write traces, by the one policy that it has', () => {
  const { stack } = anInvoker({ tracing: lambda.Tracing.ACTIVE });
  expect(only(stack, 'AWS::Lambda::Function').Properties.TracingConfig).toEqual({ Mode: 'Active' });
  expect(statements(stack, 'InvokerPermissions')[2]).toEqual({
    Sid: 'WriteTraces',
    Effect: 'Allow',
    Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    Resource: '*',
  });
  expect(Object.keys(resources(stack, 'AWS::IAM::Policy'))).toEqual([]);
});

describe('a given role', () => {
  test('gets the permissions before the function is created, from a policy in the stack of the invoker', () => {
    const app = new App();
    const roles = new Stack(app, 'Roles');
    const role = new iam.Role(roles, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    const stack = new Stack(app, 'Stack');
    anEndpoint(stack, { invokerOptions: { role, tracing: lambda.Tracing.ACTIVE } });
    expect(statements(roles, '')).toEqual([]);
    expect(statements(stack, 'EndpointInvokerPermissions').map(({ Action }) => Action)).toEqual([
      'sagemaker:InvokeEndpointAsync',
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    ]);
    expect(only(stack, 'AWS::Lambda::Function').DependsOn).toContainEqual(
      expect.stringMatching(/^EndpointInvokerPermissions/),
    );
    expect(Object.keys(resources(stack, 'AWS::IAM::Role')).filter((id) => id.includes('Invoker'))).toEqual([]);
  });

  test('that cannot be modified: a warning lists the statements', () => {
    const { stack } = anInvoker({ role: iam.Role.fromRoleArn(aStack(), 'Role', ROLE_ARN, { mutable: false }) });
    const [warning, ...others] = Annotations.fromStack(stack).findWarning(
      '*',
      Match.stringLikeRegexp('roleNotModifiable'),
    );
    expect(warning?.entry.data).toContain('sagemaker:InvokeEndpointAsync');
    expect(others).toEqual([]);
  });
});

test('tokens pass', () => {
  const stack = aStack();
  const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
  const seconds = Duration.seconds(number);
  anEndpoint(stack, {
    invokerOptions: {
      memorySize: number,
      timeout: seconds,
      reservedConcurrentExecutions: number,
      defaultRequestTtl: seconds,
      defaultInvocationTimeout: seconds,
    },
  });
  const parameter = { Ref: 'Number' };
  expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
    MemorySize: parameter,
    Timeout: parameter,
    ReservedConcurrentExecutions: parameter,
    Environment: {
      Variables: { DEFAULT_REQUEST_TTL_SECONDS: parameter, DEFAULT_INVOCATION_TIMEOUT_SECONDS: parameter },
    },
  });
});

const BOUNDS: [string, AsyncInferenceInvokerOptions, AsyncInferenceInvokerOptions][] = [
  ['functionName', { functionName: 'a' }, { functionName: '' }],
  ['functionName', { functionName: 'a'.repeat(64) }, { functionName: 'a'.repeat(65) }],
  ['functionName', { functionName: 'a-B_9' }, { functionName: 'a.b' }],
  ['description', { description: 'a'.repeat(256) }, { description: 'a'.repeat(257) }],
  [
    'applicationLogLevel',
    { applicationLogLevel: lambda.ApplicationLogLevel.ERROR },
    { applicationLogLevel: lambda.ApplicationLogLevel.FATAL },
  ],
  ['memorySize', { memorySize: 128 }, { memorySize: 127 }],
  ['memorySize', { memorySize: 10_240 }, { memorySize: 10_241 }],
  ['memorySize', { memorySize: 256 }, { memorySize: 256.5 }],
  ['memorySize', { memorySize: 256 }, { memorySize: NaN }],
  ['timeout', { timeout: Duration.seconds(1) }, { timeout: Duration.seconds(0) }],
  ['timeout', { timeout: Duration.seconds(900) }, { timeout: Duration.seconds(901) }],
  ['timeout', { timeout: Duration.millis(1000) }, { timeout: Duration.millis(1500) }],
  ['reservedConcurrentExecutions', { reservedConcurrentExecutions: 0 }, { reservedConcurrentExecutions: -1 }],
  ['retryAttempts', { retryAttempts: 0 }, { retryAttempts: -1 }],
  ['retryAttempts', { retryAttempts: 2 }, { retryAttempts: 3 }],
  ['maxEventAge', { maxEventAge: Duration.seconds(60) }, { maxEventAge: Duration.seconds(59) }],
  ['maxEventAge', { maxEventAge: Duration.seconds(21_600) }, { maxEventAge: Duration.seconds(21_601) }],
  ['defaultRequestTtl', { defaultRequestTtl: Duration.seconds(60) }, { defaultRequestTtl: Duration.seconds(59) }],
  [
    'defaultRequestTtl',
    { defaultRequestTtl: Duration.seconds(21_600) },
    { defaultRequestTtl: Duration.seconds(21_601) },
  ],
  [
    'defaultInvocationTimeout',
    { defaultInvocationTimeout: Duration.seconds(1) },
    { defaultInvocationTimeout: Duration.seconds(0) },
  ],
  [
    'defaultInvocationTimeout',
    { defaultInvocationTimeout: Duration.seconds(3600) },
    { defaultInvocationTimeout: Duration.seconds(3601) },
  ],
  ['defaultContentType', { defaultContentType: 'a' }, { defaultContentType: '' }],
  ['defaultContentType', { defaultContentType: 'a'.repeat(1024) }, { defaultContentType: 'a'.repeat(1025) }],
  ['defaultContentType', { defaultContentType: 'text/plain; charset=utf-8' }, { defaultContentType: 'text/plain\n' }],
  ['vpcSubnets', {}, { vpcSubnets: {} }],
];

test.each(BOUNDS)('%s is validated against its limits', (prop, within, beyond) => {
  expect(() => anInvoker(within)).not.toThrow();
  expect(() => anInvoker(beyond)).toThrow(new RegExp(`^Stack/Invoker: ${prop} `));
});

test('all errors of the options are in one message', () => {
  const beyond = Object.assign({}, ...BOUNDS.map(([, , options]) => options)) as AsyncInferenceInvokerOptions;
  const faults = [...new Set(BOUNDS.map(([prop]) => prop))].map((prop) => `(?=[^]*\n {2}- ${prop} )`);
  expect(() => anInvoker(beyond)).toThrow(new RegExp(`^Stack/Invoker:${faults.join('')}`));
});

test("fails with a role of another account than the endpoint's", () => {
  const stack = aStack({ env: ENV });
  const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::999999999999:role/given');
  expect(() => anEndpoint(stack, { invokerOptions: { role } })).toThrow(
    /role must belong to the account of the endpoint 111122223333, got 999999999999/,
  );
});
