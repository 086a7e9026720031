import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AsyncInferenceInvoker } from '../lib';
import type { AsyncInferenceInvokerOptions } from '../lib';
import { aStack, anEndpoint, only, resources } from './support/stacks';

function anInvoker(options: AsyncInferenceInvokerOptions = {}) {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { endpointName: 'languages', createInvoker: false });
  return { stack, endpoint, invoker: new AsyncInferenceInvoker(stack, 'Invoker', { endpoint, ...options }) };
}

test('by default: a pinned runtime, a known endpoint, JSON logs in a group with a retention', () => {
  const { stack, invoker } = anInvoker();
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 256,
    Timeout: 30,
    Environment: { Variables: { ENDPOINT_NAME: 'languages', DEFAULT_CONTENT_TYPE: 'application/json' } },
    LoggingConfig: { LogFormat: 'JSON', LogGroup: stack.resolve(invoker.logGroup.logGroupName) as unknown },
  });
  Template.fromStack(stack).hasResource('AWS::Logs::LogGroup', {
    DeletionPolicy: 'Delete', Properties: { LogGroupName: Match.absent(), RetentionInDays: 30 },
  });
});

test('its role may call InvokeEndpointAsync on the one endpoint and write its own logs, and nothing else', () => {
  const { stack, endpoint, invoker } = anInvoker();
  const roles = Object.entries(resources(stack, 'AWS::IAM::Role')).filter(([id]) => id.startsWith('Invoker'));
  expect(roles).toHaveLength(1);
  const { Properties } = roles[0]![1];
  expect(Properties.ManagedPolicyArns).toBeUndefined();
  expect((Properties.Policies as { PolicyDocument: { Statement: unknown } }[]).flatMap(({ PolicyDocument }) => PolicyDocument.Statement)).toEqual([
    { Effect: 'Allow', Action: 'sagemaker:InvokeEndpointAsync', Resource: stack.resolve(endpoint.endpointArn) as unknown },
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(invoker.logGroup.logGroupArn) as unknown },
  ]);
  expect(Object.keys(resources(stack, 'AWS::IAM::Policy')).filter((id) => id.startsWith('Invoker'))).toEqual([]);
});

test('waits for the endpoint, which is named by a literal', () => {
  const { stack } = anInvoker();
  expect(only(stack, 'AWS::Lambda::Function').DependsOn).toContain(Object.keys(resources(stack, 'AWS::SageMaker::Endpoint'))[0]);
});

test('composes: what is added under the function makes no cycle, and the function can be granted rights', () => {
  const stack = aStack();
  const { invoker } = anEndpoint(stack);
  invoker.function.addPermission('Rule', { principal: new iam.ServicePrincipal('events.amazonaws.com') });
  new s3.Bucket(stack, 'Bucket').grantRead(invoker);
  expect(Object.keys(resources(stack, 'AWS::Lambda::Permission'))).toHaveLength(1);
});

test('options are as told', () => {
  const { stack } = anInvoker({
    memorySize: 1024, timeout: Duration.minutes(1), logRetention: logs.RetentionDays.ONE_WEEK, defaultContentType: 'text/plain',
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
    MemorySize: 1024, Timeout: 60, Environment: { Variables: Match.objectLike({ DEFAULT_CONTENT_TYPE: 'text/plain' }) },
  });
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
});

test.each([
  [{ memorySize: 128, timeout: Duration.seconds(1), defaultContentType: 'a' }],
  [{ memorySize: 10_240, timeout: Duration.seconds(900), defaultContentType: 'a'.repeat(1024) }],
])('takes the bounds %j', (options) => {
  expect(() => anInvoker(options)).not.toThrow();
});

test.each([
  [{ memorySize: 127, timeout: Duration.seconds(0), defaultContentType: '' }],
  [{ memorySize: 10_241, timeout: Duration.seconds(901), defaultContentType: 'a'.repeat(1025) }],
  [{ memorySize: 256.5, timeout: Duration.millis(1500), defaultContentType: 'text/plain\n' }],
  [{ memorySize: NaN, timeout: Duration.days(1), defaultContentType: ' text/plain' }],
])('fails out of bounds %j, with all faults in one error', (options) => {
  expect(() => anInvoker(options)).toThrow(
    /^Stack\/Invoker:\n {2}- memorySize must be .* 128 to 10240, got .*\n {2}- timeout must be .* 1 to 900, got .*\n {2}- defaultContentType must be 1 to 1,024 [^]*$/,
  );
});
