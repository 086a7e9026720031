import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AsyncInferenceEndpoint, AsyncInferenceResultEvents, InferenceOutcome } from '../../../lib';
import type { AsyncInferenceResultEventsProps, OnResultOptions } from '../../../lib';
import { ENV, aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';

const { SUCCESS, FAILURE } = InferenceOutcome;

type Props = (stack: Stack) => Partial<AsyncInferenceResultEventsProps>;

function resultEvents(props: Props = () => ({})) {
  const stack = aStack({ env: ENV });
  const pipe = new AsyncInferenceResultEvents(stack, 'Events', { endpoints: [anEndpoint(stack)], ...props(stack) });
  return { stack, pipe };
}

function aPipe(props?: Props) {
  const { stack, pipe } = resultEvents(props);
  const role = Object.entries(resources(stack, 'AWS::IAM::Role')).find(([id]) => id.startsWith('EventsRole'))![1]
    .Properties as { AssumeRolePolicyDocument: { Statement: unknown } };
  return {
    stack,
    pipe,
    trust: role.AssumeRolePolicyDocument.Statement,
    permissions: statements(stack, 'EventsPermissions'),
  };
}

const bus = (name: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:eu-west-1:111122223333:event-bus/${name}`]],
});

test('notifications become events on the default bus, as they stand and under the documented names', () => {
  const { stack, pipe } = aPipe();
  expect(only(stack, 'AWS::Pipes::Pipe').Properties).toEqual({
    RoleArn: expect.anything() as unknown,
    Source: stack.resolve(pipe.results.queue.queueArn) as unknown,
    Target: bus('default'),
    TargetParameters: {
      InputTemplate: '<$.body>',
      EventBridgeEventBusParameters: { Source: 'sagemaker.async-inference', DetailType: 'Async Inference Result' },
    },
  });
});

test('the pipe may take messages from its queue and put events on its bus, and nothing else', () => {
  const { stack, pipe, trust, permissions } = aPipe((scope) => ({
    eventBus: events.EventBus.fromEventBusName(scope, 'Bus', 'results'),
  }));
  expect(permissions).toEqual([
    {
      Sid: 'ConsumeMessages',
      Effect: 'Allow',
      Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      Resource: stack.resolve(pipe.results.queue.queueArn) as unknown,
    },
    { Sid: 'PutEvents', Effect: 'Allow', Action: 'events:PutEvents', Resource: bus('results') },
  ]);
  expect(only(stack, 'AWS::Pipes::Pipe').DependsOn).toContainEqual(expect.stringMatching(/^EventsPermissions/));
  expect(trust).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'pipes.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': '111122223333' },
        ArnLike: {
          'aws:SourceArn': {
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':pipes:eu-west-1:111122223333:pipe/*']],
          },
        },
      },
    },
  ]);
});

test('a bus of another account and region is an error, together with those of the queue', () => {
  const eventBus = (stack: Stack) =>
    events.EventBus.fromEventBusArn(stack, 'Bus', 'arn:aws:events:us-east-1:444455556666:event-bus/theirs');
  expect(() => aPipe((stack) => ({ eventBus: eventBus(stack), maxMessageAge: Duration.seconds(1) }))).toThrow(
    'Stack/Events:\n  - eventBus must be in the region of the stack, eu-west-1, got us-east-1: forward events from a bus of the stack with a rule' +
      '\n  - eventBus must belong to the account of the stack, 111122223333, got 444455556666: forward events from a bus of the stack with a rule' +
      '\n  - maxMessageAge must be a whole number of seconds from 60 to 1209600, got 1',
  );
});

test('under a key it may decrypt, too, before the queues have the key', () => {
  const { stack } = aPipe((scope) => ({ encryptionKey: new kms.Key(scope, 'Key') }));
  expect(statements(stack, 'EventsKeyPermissions')).toEqual([
    {
      Sid: 'DecryptMessages',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
    },
  ]);
  for (const { DependsOn } of Object.values(resources(stack, 'AWS::SQS::Queue'))) {
    expect(DependsOn).toEqual([expect.stringMatching(/^EventsKeyPermissions/)]);
  }
});

test('takes the options of its queue', () => {
  const { stack } = aPipe(() => ({ outcomes: [InferenceOutcome.SUCCESS], maxMessageAge: Duration.minutes(1) }));
  expect(Object.keys(resources(stack, 'AWS::SNS::Subscription'))).toHaveLength(1);
  expect(() => aPipe(() => ({ maxMessageAge: Duration.seconds(0) }))).toThrow('Stack/Events: maxMessageAge');
});

describe('onResult', () => {
  const rule = (options: (stack: Stack) => OnResultOptions, props?: Props) => {
    const { stack, pipe } = resultEvents(props);
    const given = options(stack);
    if (given.endpoint) pipe.addEndpoint(given.endpoint);
    pipe.onResult('Rule', given);
    return only(stack, 'AWS::Events::Rule').Properties;
  };
  const ALL = { source: ['sagemaker.async-inference'], 'detail-type': ['Async Inference Result'] };
  const named = (stack: Stack) =>
    AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Named', {
      endpointName: 'Languages',
      successTopic: Topic.fromTopicArn(stack, 'Success', `arn:aws:sns:${ENV.region}:${ENV.account}:s`),
      errorTopic: Topic.fromTopicArn(stack, 'Error', `arn:aws:sns:${ENV.region}:${ENV.account}:e`),
    });
  const ofEndpoint = { requestParameters: { endpointName: [{ 'equals-ignore-case': 'Languages' }] } };

  test.each<[string, (stack: Stack) => OnResultOptions, object]>([
    ['all results', () => ({}), ALL],
    ['all results of both outcomes', () => ({ outcomes: [SUCCESS, FAILURE] }), ALL],
    ['results', () => ({ outcomes: [SUCCESS] }), { ...ALL, detail: { invocationStatus: ['Completed'] } }],
    [
      'failures, whatever their status is called',
      () => ({ outcomes: [FAILURE, FAILURE] }),
      { ...ALL, detail: { invocationStatus: [{ 'anything-but': ['Completed'] }] } },
    ],
    [
      'results of one endpoint, whatever the case of its name',
      (stack) => ({ endpoint: named(stack) }),
      { ...ALL, detail: ofEndpoint },
    ],
    [
      'failures of one endpoint',
      (stack) => ({ endpoint: named(stack), outcomes: [FAILURE] }),
      { ...ALL, detail: { invocationStatus: [{ 'anything-but': ['Completed'] }], ...ofEndpoint } },
    ],
  ])('is a rule for %s', (_, options, pattern) => {
    expect(rule(options).EventPattern).toEqual(pattern);
  });

  test('is on the event bus of the results, with its target and description', () => {
    const target = { bind: () => ({ arn: 'arn:aws:sqs:eu-west-1:111122223333:target' }) };
    expect(
      rule(
        () => ({ target, description: 'failures' }),
        (stack) => ({ eventBus: events.EventBus.fromEventBusName(stack, 'Bus', 'results') }),
      ),
    ).toMatchObject({
      EventBusName: 'results',
      Description: 'failures',
      Targets: [{ Arn: 'arn:aws:sqs:eu-west-1:111122223333:target' }],
    });
  });

  test('returns the rule, for targets that are added afterwards', () => {
    expect(resultEvents().pipe.onResult('Rule')).toBeInstanceOf(events.Rule);
  });

  test('fails for results that do not become events', () => {
    const { stack, pipe } = resultEvents(() => ({ outcomes: [SUCCESS] }));
    expect(() => pipe.onResult('Failed', { outcomes: [FAILURE] })).toThrow(
      'outcomes of onResult has FAILURE, which does not become an event: add it to outcomes of the result events',
    );
    const other = anEndpoint(stack, {}, 'Other');
    pipe.onResult('Other', { endpoint: other });
    expect(() => resources(stack, 'AWS::Events::Rule')).toThrow(
      'onResult got the endpoint Stack/Other, whose results do not become events: add it with addEndpoint',
    );
    pipe.addEndpoint(other);
    expect(Object.keys(resources(stack, 'AWS::Events::Rule'))).toHaveLength(1);
  });

  test('fails without an outcome', () => {
    expect(() => resultEvents().pipe.onResult('Rule', { outcomes: [] })).toThrow(
      'Stack/Events: outcomes is empty: give SUCCESS, FAILURE or both, or leave it out',
    );
  });
});

test('an endpoint that is added later has its results in the same queue', () => {
  const { stack, pipe } = resultEvents();
  pipe.addEndpoint(anEndpoint(stack, {}, 'Other'));
  const topics = Object.values(resources(stack, 'AWS::SNS::Subscription')).map(({ Properties }) =>
    JSON.stringify(Properties.TopicArn),
  );
  expect(topics.filter((topic) => topic.includes('Other'))).toHaveLength(topics.length / 2);
});
