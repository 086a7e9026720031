import { App, Aws, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { InferenceOutcome } from '../../../lib';
import { aStack, anEndpoint, resources } from '../../../tools/showcase/stacks';

const NO_TEST = { eventName: [{ 'anything-but': ['TestNotification'] }, { exists: false }] };
const EMAIL = new subscriptions.EmailSubscription('on-call@example.com');

function subscribed(stack: Stack) {
  return Object.values(resources(stack, 'AWS::SNS::Subscription')).map(({ Properties }) => Properties);
}

function aFunction(stack: Stack): lambda.Function {
  return new lambda.Function(stack, 'Consumer', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {};'),
  });
}

test('subscribes to both topics, without the TestNotification', () => {
  const stack = aStack();
  const endpoint = anEndpoint(stack);
  const made = endpoint.addResultSubscription(EMAIL);
  expect(made).toHaveLength(2);
  expect(subscribed(stack)).toEqual(
    [endpoint.successTopic, endpoint.errorTopic].map(({ topicArn }) => ({
      Protocol: 'email',
      Endpoint: 'on-call@example.com',
      TopicArn: stack.resolve(topicArn) as unknown,
      FilterPolicy: NO_TEST,
      FilterPolicyScope: 'MessageBody',
    })),
  );
});

test.each([
  [InferenceOutcome.SUCCESS, 'successTopic' as const],
  [InferenceOutcome.FAILURE, 'errorTopic' as const],
])('subscribes to the topic of %s alone', (outcome, topic) => {
  const stack = aStack();
  const endpoint = anEndpoint(stack);
  endpoint.addResultSubscription(EMAIL, { outcomes: [outcome, outcome] });
  expect(subscribed(stack)).toEqual([
    expect.objectContaining({ TopicArn: stack.resolve(endpoint[topic].topicArn) as unknown }),
  ]);
});

describe('where one topic serves both', () => {
  function onOneTopic(outcomes?: InferenceOutcome[]) {
    const stack = aStack();
    const arn = 'arn:aws:sns:eu-west-1:111122223333:results';
    const [one, same] = ['One', 'Same'].map((id) => sns.Topic.fromTopicArn(stack, id, arn));
    anEndpoint(stack, { endpointName: 'Languages', successTopic: one, errorTopic: same }).addResultSubscription(
      new subscriptions.SqsSubscription(new sqs.Queue(stack, 'Queue')),
      { outcomes },
    );
    return subscribed(stack);
  }

  test('subscribes once, to what is of this endpoint', () => {
    expect(onOneTopic()).toEqual([
      expect.objectContaining({
        FilterPolicy: { ...NO_TEST, requestParameters: { endpointName: ['Languages', 'languages'] } },
      }),
    ]);
  });

  test.each([
    [InferenceOutcome.SUCCESS, ['Failed', 'Expired']],
    [InferenceOutcome.FAILURE, ['Completed']],
  ])('lets %s through by what it is not', (outcome, others) => {
    const [subscription, ...more] = onOneTopic([outcome]);
    expect(more).toEqual([]);
    expect(subscription!.FilterPolicy).toMatchObject({
      invocationStatus: [{ 'anything-but': others }, { exists: false }],
    });
  });
});

test("on given topics it takes this endpoint's results only, by a name known at deploy time too", () => {
  const stack = aStack();
  const topics = ['Success', 'Error'].map((id) => new sns.Topic(stack, id));
  const [successTopic, errorTopic] = topics;
  anEndpoint(stack, { endpointName: Aws.STACK_NAME, successTopic, errorTopic }).addResultSubscription(EMAIL);
  expect(subscribed(stack).map(({ FilterPolicy }) => FilterPolicy)).toEqual(
    [1, 2].map(() => ({ ...NO_TEST, requestParameters: { endpointName: [{ Ref: 'AWS::StackName' }] } })),
  );
});

describe('endpoints that share given topics', () => {
  const ARN = 'arn:aws:sns:eu-west-1:111122223333:';
  function sharing(
    names: readonly string[],
    outcomesOf: (name: string) => InferenceOutcome[] | undefined = () => undefined,
    one = false,
  ) {
    const stack = aStack();
    const subscription = new subscriptions.SqsSubscription(new sqs.Queue(stack, 'Queue'), { rawMessageDelivery: true });
    const made = names.map((endpointName, index) => {
      const [success, error] = ['Success', one ? 'Success' : 'Error'].map((topic, each) =>
        sns.Topic.fromTopicArn(stack, `${topic}${index}${each}`, ARN + topic),
      );
      const props = { endpointName, successTopic: success, errorTopic: error };
      return anEndpoint(stack, props, `E${index}`).addResultSubscription(subscription, {
        outcomes: outcomesOf(endpointName),
      });
    });
    return { stack, made };
  }

  test('have one subscription of a consumer, by all their names', () => {
    const { stack, made } = sharing(['Languages', 'summaries']);
    expect(subscribed(stack)).toEqual(
      ['Success', 'Error'].map(
        (topic) =>
          expect.objectContaining({
            TopicArn: ARN + topic,
            RawMessageDelivery: true,
            FilterPolicy: { ...NO_TEST, requestParameters: { endpointName: ['Languages', 'languages', 'summaries'] } },
          }) as unknown,
      ),
    );
    expect(made[1]).toEqual(made[0]);
  });

  test('fail where they want other outcomes of one topic', () => {
    const outcomesOf = (name: string) => [name === 'a' ? InferenceOutcome.SUCCESS : InferenceOutcome.FAILURE];
    expect(subscribed(sharing(['a', 'b'], outcomesOf).stack)).toHaveLength(2);
    expect(() => sharing(['a', 'b'], outcomesOf, true)).toThrow(
      'Stack/E1: the topic Stack/Success10 has this subscription for other outcomes: use one subscription object per choice',
    );
  });

  test('fail where they are more than a filter takes', () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);
    expect(() => sharing(names(37))).not.toThrow();
    expect(() => sharing(names(38))).toThrow(
      'Stack/E37: the filter of the subscription to the topic Stack/Success370 would have 152 combinations of values',
    );
    const outcomesOf = () => [InferenceOutcome.SUCCESS];
    expect(() => sharing(names(19), outcomesOf, true)).toThrow('would have 152 combinations of values');
  });
});

test('one function takes the results of two endpoints', () => {
  const stack = aStack();
  const consumer = aFunction(stack);
  for (const id of ['One', 'Two'])
    anEndpoint(stack, {}, id).addResultSubscription(new subscriptions.LambdaSubscription(consumer));
  expect(new Set(subscribed(stack).map(({ TopicArn }) => JSON.stringify(TopicArn))).size).toBe(4);
  expect(Object.keys(resources(stack, 'AWS::Lambda::Permission'))).toHaveLength(4);
});

test('a consumer in another stack depends on the endpoint, and not the other way round', () => {
  const app = new App();
  const [stack, other] = ['Stack', 'Other'].map((id) => new Stack(app, id));
  anEndpoint(stack!).addResultSubscription(new subscriptions.LambdaSubscription(aFunction(other!)));
  expect(subscribed(other!)).toHaveLength(2);
  expect(stack!.dependencies).toEqual([]);
  expect(Object.keys(Template.fromStack(stack!).findResources('AWS::SNS::Subscription'))).toEqual([]);
});

describe('a subscription with a filter of its own', () => {
  const filter = sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: ['a'] }));
  const policy = sns.FilterOrPolicy.policy.bind(sns.FilterOrPolicy);
  const filtered = (filterPolicyWithMessageBody: Record<string, sns.FilterOrPolicy>) => {
    const stack = aStack();
    const topic = new sns.Topic(stack, 'Topic');
    anEndpoint(stack, { endpointName: 'languages', successTopic: topic, errorTopic: topic }).addResultSubscription(
      new subscriptions.EmailSubscription('on-call@example.com', { filterPolicyWithMessageBody }),
    );
    return subscribed(stack)[0]!.FilterPolicy;
  };

  test('on the message body receives what both filters let through, also in nested objects', () => {
    expect(filtered({ inferenceId: filter, requestParameters: policy({ contentType: filter }) })).toEqual({
      ...NO_TEST,
      inferenceId: ['a'],
      requestParameters: { endpointName: ['languages'], contentType: ['a'] },
    });
  });

  test.each([
    ['eventName', { eventName: filter }],
    ['requestParameters.endpointName', { requestParameters: policy({ endpointName: filter }) }],
    ['requestParameters', { requestParameters: filter }],
  ])('on %s fails, because SNS cannot combine two conditions on one key', (key, theirs) => {
    expect(() => filtered(theirs)).toThrow(
      `Stack/Endpoint: the subscription filters by ${key}, which this library filters by as well: leave it out`,
    );
  });

  test('on message attributes fails, because SageMaker sets none', () => {
    const subscription = new subscriptions.EmailSubscription('on-call@example.com', {
      filterPolicy: { a: sns.SubscriptionFilter.existsFilter() },
    });
    expect(() => anEndpoint(aStack()).addResultSubscription(subscription)).toThrow(
      'Stack/Endpoint: the subscription filters by message attributes, which SageMaker does not set: use filterPolicyWithMessageBody',
    );
  });
});

test('fails without an outcome', () => {
  expect(() => anEndpoint(aStack()).addResultSubscription(EMAIL, { outcomes: [] })).toThrow(
    'Stack/Endpoint: outcomes is empty',
  );
});
