import { Duration } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { AsyncInferenceEndpointDetails, IAsyncInferenceEndpoint } from '../../../lib';
import {
  AsyncInferenceCallback,
  AsyncInferenceEndpoint,
  AsyncInferenceEndpointGrants,
  AsyncInferenceEndpointMetrics,
  AsyncInferenceError,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultEvents,
  AsyncInferenceResultQueue,
  AsyncInferenceScaling,
  InputPolicy,
  InvokeAsyncInference,
  MonitoringAlarm,
} from '../../../lib';
import { ThirdPartyEndpoint } from '../../support/third-party-endpoint';
import { aStack, only, resources, statements } from '../../../tools/showcase/stacks';

function theirs() {
  const stack = aStack();
  const topic = (id: string) => Topic.fromTopicArn(stack, id, `arn:aws:sns:eu-west-1:111122223333:${id}`);
  const endpoint = new ThirdPartyEndpoint(stack, 'Theirs', {
    endpointName: 'theirs',
    variantName: 'main',
    outputBucket: Bucket.fromBucketName(stack, 'Bucket', 'results'),
    outputPrefix: 'out',
    failurePrefix: 'fail',
    successTopic: topic('success'),
    errorTopic: topic('error'),
    executionRole: iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/theirs'),
    defaultRequestTtl: Duration.hours(1),
  });
  return { stack, endpoint, arn: stack.resolve(endpoint.endpointArn) as unknown };
}

const waitFor = (endpoint: IAsyncInferenceEndpoint, callback: AsyncInferenceCallback) =>
  new InvokeAsyncInference(endpoint.stack, 'Task', {
    endpoint,
    callback,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    body: sfn.TaskInput.fromText('x'),
  });

describe('an endpoint that another library implements', () => {
  test('is served by an invoker, with its request TTL and the default timeout', () => {
    const { stack, endpoint, arn } = theirs();
    const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
    expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
      Environment: { Variables: { ENDPOINT_NAME: 'theirs' } },
    });
    expect(invoker.defaultRequestTtl.toHours()).toBe(1);
    expect(invoker.defaultInvocationTimeout.toMinutes()).toBe(15);
    expect(statements(stack, 'InvokerPermissions')[0]).toMatchObject({
      Action: 'sagemaker:InvokeEndpointAsync',
      Resource: arn,
    });
  });

  test('reads payloads in S3: its execution role gets the permission', () => {
    const { stack, endpoint } = theirs();
    const { inputBucket } = new AsyncInferenceInvoker(stack, 'Invoker', {
      endpoint,
      inputPolicy: InputPolicy.bySize(),
    });
    expect(statements(stack, 'InputPermissions')).toMatchObject([
      { Action: 's3:GetObject', Resource: stack.resolve(inputBucket!.arnForObjects('input/theirs/*')) as unknown },
    ]);
    const policies = Object.entries(resources(stack, 'AWS::IAM::ManagedPolicy'));
    expect(policies.find(([id]) => id.includes('InputPermissions'))![1].Properties.Roles).toEqual(['theirs']);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('has a request queue', () => {
    const { stack, endpoint } = theirs();
    const requests = new AsyncInferenceRequestQueue(stack, 'Requests', {
      endpoint,
      expectedProcessingTime: Duration.seconds(10),
    });
    const { Environment } = only(stack, 'AWS::Lambda::Function').Properties;
    expect(Environment).toMatchObject({ Variables: { ENDPOINT_NAME: 'theirs', DEFAULT_REQUEST_TTL_SECONDS: '3600' } });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('not known here: set scaling'));
    expect(requests.invoker.endpoint).toBe(endpoint);
  });

  test('is monitored, by its alarms and with the row of a dashboard, but without an invoker of its own', () => {
    const { stack, endpoint } = theirs();
    const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] });
    expect(monitoring.alarms).toHaveLength(8);
    const [age] = monitoring.alarmsOf(endpoint, MonitoringAlarm.REQUEST_AGE);
    expect(
      resources(stack, 'AWS::CloudWatch::Alarm')[stack.getLogicalId(age!.node.defaultChild as never)],
    ).toMatchObject({ Properties: { Threshold: 1_800, Dimensions: [{ Name: 'EndpointName', Value: 'theirs' }] } });
    expect(only(stack, 'AWS::CloudWatch::Dashboard').Type).toBe('AWS::CloudWatch::Dashboard');
  });

  test('completes tasks of state machines', () => {
    const { stack, endpoint, arn } = theirs();
    const callback = new AsyncInferenceCallback(stack, 'Callback');
    const stateMachine = new sfn.StateMachine(stack, 'Machine', {
      definitionBody: sfn.DefinitionBody.fromChainable(waitFor(endpoint, callback)),
    });
    callback.addStateMachine(stateMachine);
    expect(statements(stack, 'CallbackStarterEndpointPermissions')).toMatchObject([{ Resource: arn }]);
    expect(JSON.stringify(statements(stack, 'CallbackResultEndpointPermissions'))).toContain(':s3:::results/out/*');
    expect(Object.keys(resources(stack, 'AWS::SNS::Subscription'))).toHaveLength(2);
    expect(endpoint.consumers).toHaveLength(1);
  });

  test('has results in a queue and on an event bus, through its own subscriptions', () => {
    const { stack, endpoint } = theirs();
    new AsyncInferenceResultQueue(stack, 'Results', { endpoints: [endpoint] });
    new AsyncInferenceResultEvents(stack, 'Events', { endpoints: [endpoint] });
    expect(endpoint.consumers).toHaveLength(2);
    expect(Object.keys(resources(stack, 'AWS::SNS::Subscription'))).toHaveLength(4);
  });

  test('has grants, metrics and scaling', () => {
    const { stack, endpoint, arn } = theirs();
    const user = new iam.User(stack, 'User');
    const grants = AsyncInferenceEndpointGrants.fromEndpoint(endpoint);
    grants.invokeAsync(user);
    grants.readResults(user);
    new AsyncInferenceScaling(stack, 'Scaling', { endpoint });
    expect(statements(stack, 'User')).toMatchObject([
      { Resource: arn },
      { Action: 's3:GetObject' },
      { Action: 's3:ListBucket' },
    ]);
    expect(AsyncInferenceEndpointMetrics.fromEndpoint(endpoint).modelLatency().dimensions).toEqual({
      EndpointName: 'theirs',
      VariantName: 'main',
    });
    expect(only(stack, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties.ResourceId).toBe(
      'endpoint/theirs/variant/main',
    );
  });

  test('is none of ours, and no child of it is taken for an invoker', () => {
    const { stack, endpoint } = theirs();
    new AsyncInferenceInvoker(endpoint, 'Invoker', { endpoint });
    Object.assign(endpoint, { invoker: 'theirs', _invoker: 'theirs' });
    expect(AsyncInferenceEndpoint.isAsyncInferenceEndpoint(endpoint)).toBe(false);
    expect(new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] }).alarms).toHaveLength(8);
    expect(() => new InvokeAsyncInference(stack, 'Task', { endpoint, body: sfn.TaskInput.fromText('x') })).toThrow(
      'Stack/Task: invoker is required',
    );
  });
});

/** What a class in another language may return, whatever the interface says. */
const INCOMPLETE: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['an empty object', {}],
  ['an object without the name of the endpoint', { variantName: 'main' }],
];

describe.each(INCOMPLETE)('attributes that are %s', (_, attributes) => {
  const use = (construct: (endpoint: IAsyncInferenceEndpoint) => unknown) => () => {
    construct(new ThirdPartyEndpoint(aStack(), 'Theirs', attributes as AsyncInferenceEndpointDetails));
  };

  test.each<[string, (endpoint: IAsyncInferenceEndpoint) => unknown]>([
    ['an invoker', (endpoint) => new AsyncInferenceInvoker(endpoint.stack, 'Invoker', { endpoint })],
    ['monitoring', (endpoint) => new AsyncInferenceMonitoring(endpoint.stack, 'Monitoring', { endpoints: [endpoint] })],
    ['a task', (endpoint) => waitFor(endpoint, new AsyncInferenceCallback(endpoint.stack, 'Callback'))],
    ['scaling', (endpoint) => new AsyncInferenceScaling(endpoint.stack, 'Scaling', { endpoint })],
    ['metrics', (endpoint) => AsyncInferenceEndpointMetrics.fromEndpoint(endpoint).modelLatency()],
    [
      'grants.readResults',
      (endpoint) =>
        AsyncInferenceEndpointGrants.fromEndpoint(endpoint).readResults(new iam.User(endpoint.stack, 'User')),
    ],
  ])('are an error of this library where %s needs them', (__, construct) => {
    expect(use(construct)).toThrow(AsyncInferenceError);
    expect(use(construct)).toThrow(
      'Stack/Theirs: attributes must be an AsyncInferenceEndpointDetails with at least endpointName: ' +
        'the class of this endpoint returns none',
    );
  });
});

test('a detail that is not known is an error that names it', () => {
  const endpoint = new ThirdPartyEndpoint(aStack(), 'Theirs', { endpointName: 'theirs' });
  expect(() => AsyncInferenceEndpointMetrics.fromEndpoint(endpoint).modelLatency()).toThrow(
    'Stack/Theirs: variantName of this endpoint must be known',
  );
});
