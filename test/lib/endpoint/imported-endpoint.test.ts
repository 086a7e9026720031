import { CfnParameter, Duration, Fn } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import {
  AsyncInferenceEndpoint,
  AsyncInferenceEndpointGrants,
  AsyncInferenceInvoker,
  AsyncInferenceScaling,
} from '../../../lib';
import { ENV, aStack, only, resources, statements } from '../../../tools/showcase/stacks';

const ARN = 'arn:aws:sagemaker:us-east-1:444455556666:endpoint/languages';

test('by name: it can be invoked, and the ARN is in lower case', () => {
  const stack = aStack({ env: ENV });
  const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'E', 'Languages');
  expect(endpoint.endpointName).toBe('Languages');
  expect(endpoint.endpointArn).toMatch(/:sagemaker:eu-west-1:111122223333:endpoint\/languages$/);
  new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
  expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
    Environment: { Variables: { ENDPOINT_NAME: 'Languages' } },
  });
  expect(JSON.stringify(statements(stack, 'InvokerPermissions'))).toContain(':endpoint/languages');
  expect(resources(stack, 'AWS::SageMaker::Endpoint')).toEqual({});
});

test('by ARN: name, account and region are those of the ARN, whatever its case', () => {
  const stack = aStack({ env: ENV });
  const endpoint = AsyncInferenceEndpoint.fromEndpointArn(stack, 'E', ARN.replace('languages', 'Languages'));
  expect(endpoint.endpointArn).toBe(ARN);
  expect(endpoint.endpointName).toBe('Languages');
  expect(endpoint.env).toEqual({ account: '444455556666', region: 'us-east-1' });
  expect(() => endpoint.grants.invokeAsync(new iam.User(stack, 'U'))).toThrow(
    /grantee of account 111122223333.*grant to a role in 444455556666/,
  );
});

test('by an ARN that is known at deploy time only', () => {
  const stack = aStack();
  const arn = Fn.importValue('EndpointArn');
  const endpoint = AsyncInferenceEndpoint.fromEndpointArn(stack, 'E', arn);
  expect(stack.resolve(endpoint.endpointArn)).toEqual({ 'Fn::ImportValue': 'EndpointArn' });
  expect(stack.resolve(endpoint.endpointName)).toEqual({
    'Fn::Select': [
      1,
      { 'Fn::Split': ['/', { 'Fn::Select': [5, { 'Fn::Split': [':', { 'Fn::ImportValue': 'EndpointArn' }] }] }] },
    ],
  });
});

test('by a name that is known at deploy time only: a warning says that it must be lower case', () => {
  const stack = aStack();
  const endpointName = new CfnParameter(stack, 'Name').valueAsString;
  AsyncInferenceEndpoint.fromEndpointName(stack, 'E', endpointName);
  expect(Annotations.fromStack(stack).findWarning('/Stack/E', Match.stringLikeRegexp('endpointNameCase'))).toHaveLength(
    1,
  );
  AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'F', { endpointName, endpointArn: ARN });
  expect(Annotations.fromStack(stack).findWarning('/Stack/F', Match.anyValue())).toHaveLength(0);
});

test('fails without name and ARN', () => {
  expect(() => AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(aStack(), 'E', {})).toThrow(
    'Stack/E: endpointName, endpointArn or both are required',
  );
});

test('by all its attributes: everything works as on an endpoint that is defined here', () => {
  const stack = aStack({ env: ENV });
  const encryptionKey = new Key(stack, 'Key');
  const endpoint = AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'E', {
    endpointName: 'languages',
    variantName: 'main',
    outputBucket: Bucket.fromBucketName(stack, 'B', 'results'),
    outputPrefix: 'out',
    failurePrefix: 'fail',
    successTopic: Topic.fromTopicArn(stack, 'S', 'arn:aws:sns:eu-west-1:111122223333:s'),
    errorTopic: Topic.fromTopicArn(stack, 'F', 'arn:aws:sns:eu-west-1:111122223333:f'),
    executionRole: iam.Role.fromRoleName(stack, 'R', 'role'),
    outputEncryptionKey: encryptionKey,
    defaultRequestTtl: Duration.hours(1),
    defaultInvocationTimeout: Duration.minutes(1),
  });
  const user = new iam.User(stack, 'User');
  endpoint.grants.invokeAsync(user);
  endpoint.grants.readResults(user);
  expect(endpoint.metrics.modelLatency().dimensions).toEqual({ EndpointName: 'languages', VariantName: 'main' });
  new AsyncInferenceScaling(stack, 'Scaling', { endpoint });
  expect(statements(stack, 'UserDefaultPolicy').map(({ Action }) => Action)).toEqual([
    'sagemaker:InvokeEndpointAsync',
    's3:GetObject',
    's3:ListBucket',
    'kms:Decrypt',
  ]);
  expect(JSON.stringify(statements(stack, 'UserDefaultPolicy'))).toMatch(/results\/out\/\*.*results\/fail\/\*/);
  expect(only(stack, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties.ResourceId).toBe(
    'endpoint/languages/variant/main',
  );
  expect(endpoint.attributes.defaultRequestTtl?.toSeconds()).toBe(3600);
  expect(endpoint.attributes.defaultInvocationTimeout?.toSeconds()).toBe(60);
  const { successTopic, errorTopic, executionRole } = endpoint.attributes;
  expect([successTopic!.topicName, errorTopic!.topicName, executionRole!.roleName]).toEqual(['s', 'f', 'role']);
});

test.each([
  'variantName',
  'outputBucket',
  'outputPrefix',
  'failurePrefix',
  'successTopic',
  'errorTopic',
  'executionRole',
] as const)('what needs %s says that it is missing, and where to give it', (attribute) => {
  const endpoint = AsyncInferenceEndpoint.fromEndpointName(aStack(), 'E', 'languages');
  expect(endpoint.attributes[attribute]).toBeUndefined();
});

test('all that a grant misses is named at once', () => {
  const endpoint = AsyncInferenceEndpoint.fromEndpointName(aStack(), 'E', 'languages');
  expect(() =>
    AsyncInferenceEndpointGrants.fromEndpoint(endpoint).readResults(new iam.User(endpoint.stack, 'Reader')),
  ).toThrow(/outputBucket, outputPrefix, failurePrefix of this endpoint must be known/);
});

test('metrics by endpoint alone need no variant', () => {
  const endpoint = AsyncInferenceEndpoint.fromEndpointName(aStack(), 'E', 'languages');
  expect(endpoint.metrics.approximateBacklogSize().dimensions).toEqual({ EndpointName: 'languages' });
  expect(() => endpoint.metrics.modelLatency()).toThrow(
    /variantName of this endpoint must be known: import it with AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes and variantName/,
  );
});

test('attributes that contradict each other or exceed the limits are errors, all at once', () => {
  const stack = aStack({ env: ENV });
  expect(() =>
    AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'E', {
      endpointName: 'other',
      endpointArn: ARN,
      variantName: 'a_b',
      outputPrefix: '/out/',
      failurePrefix: 'a*',
      outputEncryptionKey: Alias.fromAliasName(stack, 'Alias', 'alias/results'),
      outputBucket: Bucket.fromBucketAttributes(stack, 'Bucket', {
        bucketName: 'results',
        encryptionKey: Alias.fromAliasName(stack, 'BucketAlias', 'alias/bucket'),
      }),
      maxConcurrentInvocationsPerInstance: 0,
      maxCapacity: 0,
      defaultRequestTtl: Duration.days(1),
      defaultInvocationTimeout: Duration.hours(2),
    }),
  ).toThrow(
    new RegExp(
      [
        "endpointName and endpointArn must name the same endpoint, got 'other' and 'languages'",
        'variantName must be',
        'outputPrefix must be',
        'failurePrefix must be',
        'outputEncryptionKey is the alias',
        'the key of outputBucket is the alias',
        'maxConcurrentInvocationsPerInstance must be',
        'maxCapacity must be',
        'defaultRequestTtl must be',
        'defaultInvocationTimeout must be',
      ].join('[^]*'),
    ),
  );
});

test('name and ARN may differ in case', () => {
  const attributes = { endpointName: 'Languages', endpointArn: ARN };
  expect(AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(aStack(), 'E', attributes).endpointName).toBe(
    'Languages',
  );
});
