import { App, CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AsyncInferenceRequestQueue } from '../../../lib';
import type { AsyncInferenceInvokerOptions, AsyncInferenceRequestQueueProps } from '../../../lib';
import { aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';
import { definitionOf, execute } from '../../support/state-machine';

type Options = Omit<AsyncInferenceRequestQueueProps, 'invoker'>;

function aRequestQueue(options: Options = {}, invokerOptions: AsyncInferenceInvokerOptions = {}) {
  const stack = aStack();
  const { invoker } = anEndpoint(stack, { endpointName: 'languages', invokerOptions });
  const requests = new AsyncInferenceRequestQueue(stack, 'Requests', { invoker, ...options });
  const arn = ({ queueArn }: { queueArn: string }) => stack.resolve(queueArn) as unknown;
  return {
    stack,
    invoker,
    requests,
    queue: arn(requests.queue),
    deadLetterQueue: arn(requests.deadLetterQueue),
    get template() {
      return Template.fromStack(stack);
    },
  };
}

/** Where the queue's alarms go off: dead letters, age of messages, backlog, age of requests. */
function thresholds(stack: Stack): unknown[] {
  return Object.entries(resources(stack, 'AWS::CloudWatch::Alarm'))
    .filter(([id]) => id.startsWith('Requests'))
    .map(([, { Properties }]) => Properties.Threshold);
}

describe('by default', () => {
  const { stack, invoker, requests, queue, deadLetterQueue, template } = aRequestQueue();

  test('keeps messages encrypted for 14 days, over TLS only, and what fails five times in a dead-letter queue', () => {
    template.allResourcesProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
      QueueName: Match.absent(),
      FifoQueue: Match.absent(),
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { deadLetterTargetArn: deadLetterQueue, maxReceiveCount: 5 },
    });
    template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  test("hides a message for six times the invoker's timeout", () => {
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 6 * 30, RedrivePolicy: Match.anyValue() });
  });

  test('hands the function ten messages at a time, twice at once, and takes back those that failed', () => {
    expect(only(stack, 'AWS::Lambda::EventSourceMapping').Properties).toEqual({
      EventSourceArn: queue,
      FunctionName: stack.resolve(invoker.function.functionName) as unknown,
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  test('does not say whether the mapping is on, so that no update of the stack turns it', () => {
    expect(only(stack, 'AWS::Lambda::EventSourceMapping').Properties).not.toHaveProperty('Enabled');
  });

  test('gives the function the right to take messages, before the mapping is created', () => {
    expect(statements(stack, 'RequestsPermissions')).toEqual([
      {
        Sid: 'ConsumeMessages',
        Effect: 'Allow',
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        Resource: queue,
      },
    ]);
    expect(only(stack, 'AWS::Lambda::EventSourceMapping').DependsOn).toEqual([
      expect.stringMatching(/^RequestsPermissions/),
    ]);
  });

  test('alarms on dead letters, on messages of seven days, on a full endpoint and on a slow one', () => {
    const common = { Statistic: 'Maximum', Period: 60, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' };
    const alarm = (metric: string, dimension: Record<string, unknown>, threshold: number, comparison: string) =>
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        ...common,
        MetricName: metric,
        Dimensions: Object.entries(dimension).map(([Name, Value]) => ({ Name, Value })),
        Threshold: threshold,
        ComparisonOperator: comparison,
      });
    const name = ({ queueName }: { queueName: string }) => ({ QueueName: stack.resolve(queueName) as unknown });
    alarm('ApproximateNumberOfMessagesVisible', name(requests.deadLetterQueue), 1, 'GreaterThanOrEqualToThreshold');
    alarm('ApproximateAgeOfOldestMessage', name(requests.queue), 604_800, 'GreaterThanOrEqualToThreshold');
    alarm('ApproximateBacklogSize', { EndpointName: 'languages' }, 1_000, 'GreaterThanThreshold');
    alarm('ApproximateAgeOfOldestRequest', { EndpointName: 'languages' }, 10_800, 'GreaterThanThreshold');
  });

  test('costs 16 resources', () => {
    const { Resources } = template.toJSON() as { Resources: Record<string, unknown> };
    expect(Object.keys(Resources).filter((id) => id.startsWith('Requests'))).toHaveLength(16);
  });
});

describe('back-pressure', () => {
  const { stack, requests, template } = aRequestQueue();
  const alarms = [requests.backlogAlarm, requests.requestAgeAlarm];
  const alarmArns = alarms.map(({ alarmArn }) => stack.resolve(alarmArn) as unknown);

  test('runs when one of the two alarms changes, and every ten minutes', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        resources: alarmArns,
      },
      ScheduleExpression: 'rate(10 minutes)',
      State: 'ENABLED',
    });
  });

  const alarmNames = alarms.map(({ alarmName }) => (stack.resolve(alarmName) as { Ref: string }).Ref);
  const Uuid = (stack.resolve(requests.mapping.eventSourceMappingId) as { Ref: string }).Ref;

  /** What is called to turn the mapping, where so many alarms ring and the mapping is in such a state. */
  async function turns(ringing: number, State: string): Promise<unknown[]> {
    const calls: unknown[] = [];
    await execute(definitionOf(stack), (api, input) => {
      if (api === 'aws-sdk:cloudwatch:describeAlarms') {
        expect(input).toEqual({ AlarmNames: alarmNames, StateValue: 'ALARM' });
        return { MetricAlarms: alarmNames.slice(0, ringing).map((AlarmName) => ({ AlarmName })) };
      }
      if (api === 'aws-sdk:lambda:getEventSourceMapping') {
        expect(input).toEqual({ Uuid });
        return { State };
      }
      calls.push([api, input]);
      return {};
    });
    return calls;
  }
  const turned = (Enabled: boolean) => [['aws-sdk:lambda:updateEventSourceMapping', { Uuid, Enabled }]];

  test.each([1, 2])('turns the mapping off where %i of the two alarms ring, unless it is off', async (ringing) => {
    for (const state of ['Enabled', 'Enabling']) expect(await turns(ringing, state)).toEqual(turned(false));
    for (const state of ['Disabled', 'Disabling']) expect(await turns(ringing, state)).toEqual([]);
  });

  test('turns it on where neither rings, unless it is on', async () => {
    for (const state of ['Disabled', 'Disabling', 'Updating']) expect(await turns(0, state)).toEqual(turned(true));
    for (const state of ['Enabled', 'Enabling']) expect(await turns(0, state)).toEqual([]);
  });

  test('tries a call again that a turning mapping does not take', () => {
    const tasks = Object.values(definitionOf(stack).States).filter(({ Type }) => Type === 'Task');
    expect(tasks).toHaveLength(3);
    tasks.forEach((task) =>
      expect(task).toMatchObject({ Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 10, MaxAttempts: 4 }] }),
    );
  });

  test('may do this to the two alarms and the one mapping, and nothing else', () => {
    const mapping = stack.resolve(requests.mapping.eventSourceMappingArn) as unknown;
    expect(statements(stack, 'RequestsValveRole')).toEqual([
      { Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: alarmArns },
      { Effect: 'Allow', Action: 'lambda:GetEventSourceMapping', Resource: mapping },
      { Effect: 'Allow', Action: 'lambda:UpdateEventSourceMapping', Resource: mapping },
    ]);
    expect(statements(stack, 'RequestsValveEventsRole')).toEqual([
      {
        Effect: 'Allow',
        Action: 'states:StartExecution',
        Resource: { Ref: Object.keys(resources(stack, 'AWS::StepFunctions::StateMachine'))[0] },
      },
    ]);
  });

  test("half the invoker's TTL is where it begins", () => {
    expect(thresholds(aRequestQueue({}, { defaultRequestTtl: Duration.seconds(61) }).stack)[3]).toBe(30);
    expect(thresholds(aRequestQueue({}, { defaultRequestTtl: Duration.hours(1) }).stack)[3]).toBe(1800);
  });

  test.each<[Options, string]>([
    [{}, '200'],
    [{ maxConcurrency: 3, maxRequestsPerSecond: 7 }, '429'],
    [{ maxRequestsPerSecond: 0.5, batchSize: 1 }, '4000'],
  ])('the function is held to a pace: %j', (options, pace) => {
    expect(only(aRequestQueue(options).stack, 'AWS::Lambda::Function').Properties.Environment).toMatchObject({
      Variables: { SQS_PACE_MILLISECONDS: pace },
    });
  });

  test('no queue, no pace', () => {
    const stack = aStack();
    anEndpoint(stack);
    expect(JSON.stringify(only(stack, 'AWS::Lambda::Function').Properties.Environment)).not.toContain('PACE');
  });
});

test('options are as told', () => {
  const { stack, template } = aRequestQueue({
    fifo: true,
    batchSize: 1,
    maxConcurrency: 1_000,
    maxRequestsPerSecond: 1_000,
    maxBacklog: 1,
    maxRequestAge: Duration.minutes(1),
    maxReceiveCount: 1,
    visibilityTimeout: Duration.hours(12),
    maxMessageAge: Duration.days(14),
    encryptionKey: kms.Key.fromKeyArn(aStack(), 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k'),
  });
  template.allResourcesProperties('AWS::SQS::Queue', {
    FifoQueue: true,
    KmsMasterKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/k',
  });
  template.hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: 43_200,
    RedrivePolicy: Match.objectLike({ maxReceiveCount: 1 }),
  });
  expect(only(stack, 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
    BatchSize: 1,
    ScalingConfig: { MaximumConcurrency: 1_000 },
  });
  expect(thresholds(stack)).toEqual([1, 1_209_600, 1, 60]);
  expect(statements(stack, 'RequestsPermissions')[1]).toMatchObject({
    Action: 'kms:Decrypt',
    Resource: 'arn:aws:kms:eu-west-1:111122223333:key/k',
  });
});

test('producers are granted to send', () => {
  const { stack, requests, queue } = aRequestQueue();
  requests.grantSendMessages(new iam.User(stack, 'Producer'));
  expect(statements(stack, 'Producer')).toMatchObject([{ Action: 'sqs:SendMessage', Resource: queue }]);
});

test('in a stack of its own: the stack of the endpoint does not depend on it', () => {
  const app = new App();
  const serving = new Stack(app, 'Serving');
  const { invoker } = anEndpoint(serving);
  const stack = new Stack(app, 'Requests');
  new AsyncInferenceRequestQueue(stack, 'Requests', { invoker });
  Template.fromStack(stack);
  expect(serving.dependencies).toEqual([]);
});

test('fails for a second queue on one invoker, whose pace is for one', () => {
  const { stack, invoker } = aRequestQueue();
  expect(() => new AsyncInferenceRequestQueue(stack, 'Others', { invoker })).toThrow(
    'the invoker serves a request queue already: use another invoker for the other queue',
  );
});

const MAX_AGE = 'maxRequestAge (less than defaultRequestTtl of the invoker)';

const BOUNDS: [string, Options, Options][] = [
  ['batchSize', { batchSize: 1 }, { batchSize: 0 }],
  ['batchSize', { batchSize: 10 }, { batchSize: 11 }],
  ['maxConcurrency', { maxConcurrency: 2 }, { maxConcurrency: 1 }],
  [
    'maxConcurrency',
    { maxConcurrency: 1_000, maxRequestsPerSecond: 1_000 },
    { maxConcurrency: 1_001, maxRequestsPerSecond: 1_001 },
  ],
  ['maxBacklog', { maxBacklog: 1 }, { maxBacklog: 0 }],
  ['maxReceiveCount', { maxReceiveCount: 1_000 }, { maxReceiveCount: 1_001 }],
  ['maxReceiveCount', { maxReceiveCount: 1 }, { maxReceiveCount: 0 }],
  [MAX_AGE, { maxRequestAge: Duration.seconds(1) }, { maxRequestAge: Duration.seconds(0) }],
  [MAX_AGE, { maxRequestAge: Duration.seconds(21_599) }, { maxRequestAge: Duration.seconds(21_600) }],
  ['visibilityTimeout', { visibilityTimeout: Duration.seconds(30) }, { visibilityTimeout: Duration.seconds(29) }],
  ['visibilityTimeout', { visibilityTimeout: Duration.hours(12) }, { visibilityTimeout: Duration.seconds(43_201) }],
  ['maxMessageAge', { maxMessageAge: Duration.minutes(1) }, { maxMessageAge: Duration.seconds(59) }],
  ['maxMessageAge', { maxMessageAge: Duration.days(14) }, { maxMessageAge: Duration.seconds(1_209_601) }],
  ['maxRequestsPerSecond', { maxRequestsPerSecond: 0.134, batchSize: 1 }, { maxRequestsPerSecond: 0 }],
  ['maxRequestsPerSecond', {}, { maxRequestsPerSecond: NaN }],
  [
    'at maxRequestsPerSecond 1 and maxConcurrency 2, a batch of 10 takes 20 seconds, which',
    { maxRequestsPerSecond: 1.34 },
    { maxRequestsPerSecond: 1 },
  ],
];

test.each(BOUNDS)('%s is held to its bounds', (prop, within, beyond) => {
  expect(() => aRequestQueue(within)).not.toThrow();
  expect(() => aRequestQueue(beyond)).toThrow(new RegExp(`^Stack/Requests: ${prop.replace(/[()]/g, '\\$&')} must be `));
});

test('fails where the invoker has less concurrency than the queue', () => {
  expect(() => aRequestQueue({}, { reservedConcurrentExecutions: 2 })).not.toThrow();
  expect(() => aRequestQueue({ maxConcurrency: 3 }, { reservedConcurrentExecutions: 2 })).toThrow(
    "maxConcurrency must be at most the invoker's reservedConcurrentExecutions of 2, got 3",
  );
});

test('fails with all faults in one error', () => {
  expect(() => aRequestQueue({ batchSize: 0, maxConcurrency: 1, maxRequestsPerSecond: -1 })).toThrow(
    /^Stack\/Requests:\n {2}- batchSize .*\n {2}- maxConcurrency .*\n {2}- maxRequestsPerSecond /,
  );
});

describe('tokens', () => {
  const tokens = () => {
    const stack = aStack();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    return { stack, number, seconds: Duration.seconds(number) };
  };

  test('pass', () => {
    const { stack, number, seconds } = tokens();
    const { invoker } = anEndpoint(stack, {
      invokerOptions: { timeout: seconds, defaultRequestTtl: seconds, reservedConcurrentExecutions: number },
    });
    new AsyncInferenceRequestQueue(stack, 'Requests', {
      invoker,
      batchSize: number,
      maxBacklog: number,
      maxReceiveCount: number,
      maxRequestAge: seconds,
      visibilityTimeout: seconds,
      maxMessageAge: seconds,
    });
    const parameter = { Ref: 'Number' };
    expect(only(stack, 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({ BatchSize: parameter });
    expect(thresholds(stack)).toEqual([1, parameter, parameter, parameter]);
  });

  test('fail if something is computed from them', () => {
    const { stack, number, seconds } = tokens();
    const { invoker } = anEndpoint(stack, { invokerOptions: { timeout: seconds, defaultRequestTtl: seconds } });
    expect(() => new AsyncInferenceRequestQueue(stack, 'Requests', { invoker, maxRequestsPerSecond: number })).toThrow(
      /\n {2}- maxRequestAge is required .*\n {2}- visibilityTimeout is required .*\n {2}- maxRequestsPerSecond and maxConcurrency must be known at synth/,
    );
  });
});
