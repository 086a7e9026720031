import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AsyncInferenceResultQueue, InferenceOutcome } from '../../../lib';
import type { AsyncInferenceResultQueueProps } from '../../../lib';
import { aStack, anEndpoint, resources } from '../../../tools/showcase/stacks';

function aResultQueue(props: AsyncInferenceResultQueueProps = {}) {
  const stack = aStack();
  const endpoint = anEndpoint(stack);
  const results = new AsyncInferenceResultQueue(stack, 'Results', { endpoints: [endpoint], ...props });
  const queue = stack.resolve(results.queue.queueArn) as unknown;
  const deadLetterQueue = stack.resolve(results.deadLetterQueue.queueArn) as unknown;
  return { stack, endpoint, results, queue, deadLetterQueue, template: Template.fromStack(stack) };
}

test('by default: both topics deliver raw to an encrypted queue, and to its dead-letter queue what the queue does not take', () => {
  const { endpoint, stack, template, queue, deadLetterQueue } = aResultQueue();
  const arns = [endpoint.successTopic, endpoint.errorTopic].map(({ topicArn }) => stack.resolve(topicArn) as unknown);
  const subscriptions = Object.values(resources(stack, 'AWS::SNS::Subscription')).map(({ Properties }) => Properties);
  expect(subscriptions).toEqual(
    arns.map((TopicArn) => ({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: queue,
      RawMessageDelivery: true,
      RedrivePolicy: { deadLetterTargetArn: deadLetterQueue },
      FilterPolicyScope: 'MessageBody',
      FilterPolicy: { eventName: [{ 'anything-but': ['TestNotification'] }, { exists: false }] },
    })),
  );
  template.allResourcesProperties('AWS::SQS::Queue', {
    SqsManagedSseEnabled: true,
    MessageRetentionPeriod: 1_209_600,
    QueueName: Match.absent(),
  });
  template.hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 180,
    RedrivePolicy: { deadLetterTargetArn: deadLetterQueue, maxReceiveCount: 5 },
  });
});

test('lets the two topics write to both queues, and nobody without TLS', () => {
  const { stack, endpoint } = aResultQueue();
  const arns = [endpoint.successTopic, endpoint.errorTopic].map(({ topicArn }) => stack.resolve(topicArn) as unknown);
  const policies = Object.values(resources(stack, 'AWS::SQS::QueuePolicy'));
  expect(policies).toHaveLength(2);
  for (const { Properties } of policies) {
    expect((Properties.PolicyDocument as { Statement: unknown }).Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ...arns.map(
        (arn) =>
          expect.objectContaining({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'sns.amazonaws.com' },
            Condition: { ArnEquals: { 'aws:SourceArn': arn } },
          }) as unknown,
      ),
    ]);
  }
});

test('alarms as soon as there is a dead letter, and when the oldest message is an hour old', () => {
  const { stack, template, results } = aResultQueue();
  const named = (queue: AsyncInferenceResultQueue['queue']) => [
    { Name: 'QueueName', Value: stack.resolve(queue.queueName) as unknown },
  ];
  const common = {
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  };
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    ...common,
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: named(results.deadLetterQueue),
    Threshold: 1,
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    ...common,
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: named(results.queue),
    Threshold: 3600,
  });
});

test('receives the given outcomes of all the given endpoints', () => {
  const stack = aStack();
  const results = new AsyncInferenceResultQueue(stack, 'Results', {
    endpoints: [anEndpoint(stack)],
    outcomes: [InferenceOutcome.FAILURE],
  });
  const other = anEndpoint(stack, {}, 'Other');
  // A second time has no effect.
  results.addEndpoint(other);
  results.addEndpoint(other);
  const topics = Object.values(resources(stack, 'AWS::SNS::Subscription')).map(({ Properties }) =>
    JSON.stringify(Properties.TopicArn),
  );
  expect(topics).toHaveLength(2);
  topics.forEach((topic) => expect(topic).toContain('ErrorTopic'));
});

test.each([true, false])(
  'a key of this app lets the topics of the account use it, under the feature flag %s',
  (flag) => {
    const stack = aStack();
    stack.node.setContext('@aws-cdk/aws-sns-subscriptions:restrictSqsDescryption', flag);
    const encryptionKey = new kms.Key(stack, 'Key');
    new AsyncInferenceResultQueue(stack, 'Results', {
      // The topics have the same key, whose policy must not name them.
      endpoints: [anEndpoint(stack, { outputEncryptionKey: encryptionKey })],
      encryptionKey,
    });
    const key = Object.values(resources(stack, 'AWS::KMS::Key'))[0]!.Properties;
    const statements = (key.KeyPolicy as { Statement: { Principal: { Service?: string } }[] }).Statement.filter(
      ({ Principal }) => Principal.Service === 'sns.amazonaws.com',
    );
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Principal: { Service: 'sns.amazonaws.com' },
        Resource: '*',
        Condition: {
          ArnLike: {
            'aws:SourceArn': stack.resolve(stack.formatArn({ service: 'sns', resource: '*' })) as unknown,
          },
        },
      },
    ]);
    Template.fromStack(stack).allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  },
);

test('with a key from elsewhere: a warning has the statement that SNS needs', () => {
  const stack = aStack();
  const arn = 'arn:aws:kms:eu-west-1:111122223333:key/given';
  new AsyncInferenceResultQueue(stack, 'Results', { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', arn) });
  const text = `${arn}.*sns.amazonaws.com.*kms:GenerateDataKey.*resultQueueKeyPolicy`;
  Annotations.fromStack(stack).hasWarning('/Stack/Results', Match.stringLikeRegexp(text));
});

test.each([
  [{ visibilityTimeout: Duration.seconds(0), maxReceiveCount: 1, maxMessageAge: Duration.seconds(60) }],
  [{ visibilityTimeout: Duration.hours(12), maxReceiveCount: 1_000, maxMessageAge: Duration.days(14) }],
])('takes the bounds %j', (props) => {
  expect(() => aResultQueue(props)).not.toThrow();
});

test.each([
  [{ visibilityTimeout: Duration.seconds(43_201), maxReceiveCount: 0, maxMessageAge: Duration.seconds(59) }],
  [{ visibilityTimeout: Duration.millis(1_500), maxReceiveCount: 1_001, maxMessageAge: Duration.seconds(1_209_601) }],
])('fails out of bounds %j, with all errors in one message', (props) => {
  expect(() => aResultQueue(props)).toThrow(
    /^Stack\/Results:\n {2}- visibilityTimeout must be .*\n {2}- maxReceiveCount must be .*\n {2}- maxMessageAge must be .*$/,
  );
});

test('tokens pass', () => {
  const stack = aStack();
  const seconds = new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber;
  new AsyncInferenceResultQueue(stack, 'Results', {
    visibilityTimeout: Duration.seconds(seconds),
    maxMessageAge: Duration.seconds(seconds),
    maxReceiveCount: Lazy.number({ produce: () => 7 }),
  });
  Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: { Ref: 'Seconds' },
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 7 }),
  });
});
