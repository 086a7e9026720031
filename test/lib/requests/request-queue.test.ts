import { App, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AsyncInferenceEndpoint, AsyncInferenceRequestQueue, AsyncInferenceScaling } from '../../../lib';
import type { AsyncInferenceEndpointProps, AsyncInferenceRequestQueueProps } from '../../../lib';
import { aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';
import { definitionOf, execute } from '../../support/state-machine';

type Options = Partial<Omit<AsyncInferenceRequestQueueProps, 'endpoint'>>;
const THIRTY_SECONDS = { expectedProcessingTime: Duration.seconds(30) };

function aRequestQueue(options: Options = {}, endpointProps: Partial<AsyncInferenceEndpointProps> = {}) {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { endpointName: 'languages', createInvoker: false, ...endpointProps });
  const requests = new AsyncInferenceRequestQueue(stack, 'Requests', { endpoint, ...THIRTY_SECONDS, ...options });
  const arn = ({ queueArn }: { queueArn: string }) => stack.resolve(queueArn) as unknown;
  return {
    stack,
    endpoint,
    requests,
    queue: arn(requests.queue),
    deadLetterQueue: arn(requests.deadLetterQueue),
    get template() {
      return Template.fromStack(stack);
    },
  };
}

/** The alarms of the queue by the end of their IDs. */
function alarmOf(stack: Stack, id: string): Record<string, unknown> {
  const found = Object.entries(resources(stack, 'AWS::CloudWatch::Alarm')).find(([key]) =>
    new RegExp(`^Requests${id}[0-9A-F]{8}$`).test(key),
  );
  return found![1].Properties;
}

describe('by default', () => {
  const { stack, requests, queue, deadLetterQueue, template } = aRequestQueue();

  test('messages are encrypted, kept for 14 days, and sent over TLS only', () => {
    template.allResourcesProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
      QueueName: Match.absent(),
      FifoQueue: Match.absent(),
    });
    template.resourceCountIs('AWS::SQS::QueuePolicy', 2);
    template.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  test('a message that fails is retried for ten hours', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { deadLetterTargetArn: deadLetterQueue, maxReceiveCount: 68 },
    });
  });

  test('queues and their policies stay when they are removed or replaced, because they contain work', () => {
    const kept = ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'].flatMap((type) => Object.values(resources(stack, type)));
    expect(kept).toHaveLength(4);
    for (const { DeletionPolicy, UpdateReplacePolicy } of kept) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
    }
  });

  test('the function waits for its turn, within its timeout, and a message is hidden for six times as long', () => {
    const { Timeout, Environment } = only(stack, 'AWS::Lambda::Function').Properties;
    expect(Environment).toMatchObject({
      Variables: {
        ENDPOINT_NAME: 'languages',
        QUEUE_URL: stack.resolve(requests.queue.queueUrl) as unknown,
        DEAD_LETTER_QUEUE_URL: stack.resolve(requests.deadLetterQueue.queueUrl) as unknown,
        // Two at a time, for 8 × 1/30 requests per second.
        SUBMISSION_INTERVAL_MILLISECONDS: '7500',
      },
    });
    expect(Timeout).toBe(38);
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 228, RedrivePolicy: Match.anyValue() });
  });

  test('the mapping starts at the pace of one instance, and the template does not say whether it is enabled', () => {
    expect(only(stack, 'AWS::Lambda::EventSourceMapping').Properties).toEqual({
      EventSourceArn: queue,
      FunctionName: stack.resolve(requests.invoker.function.functionName) as unknown,
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  test('the function may consume and delay messages and move them, before the mapping is created', () => {
    expect(statements(stack, 'RequestsPermissions')).toEqual([
      {
        Sid: 'ConsumeMessages',
        Effect: 'Allow',
        Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
        Resource: queue,
      },
      { Sid: 'DelayMessages', Effect: 'Allow', Action: 'sqs:ChangeMessageVisibility', Resource: queue },
      { Sid: 'MoveMessages', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: deadLetterQueue },
    ]);
    expect(only(stack, 'AWS::Lambda::EventSourceMapping').DependsOn).toEqual([
      expect.stringMatching(/^RequestsPermissions/),
    ]);
  });

  test('the workflow waits for the endpoint, which it names in a literal', () => {
    expect(only(stack, 'AWS::StepFunctions::StateMachine').DependsOn).toContainEqual(
      expect.stringMatching(/^Endpoint/),
    );
  });

  test('there are alarms on dead letters, old messages, a broken workflow and an idle fleet', () => {
    const common = { EvaluationPeriods: 1, TreatMissingData: 'notBreaching', Statistic: 'Maximum', Period: 60 };
    expect(alarmOf(stack, 'DeadLetterAlarm')).toMatchObject({ ...common, Threshold: 1 });
    expect(alarmOf(stack, 'AgeAlarm')).toMatchObject({ ...common, Threshold: 604_800 });
    expect(alarmOf(stack, 'BackPressureAlarm')).toMatchObject({ EvaluationPeriods: 15, DatapointsToAlarm: 10 });
    const { EvaluationPeriods, Metrics } = alarmOf(stack, 'IdleFleetAlarm') as {
      EvaluationPeriods: number;
      Metrics: { Expression?: string }[];
    };
    expect(EvaluationPeriods).toBe(30);
    expect(Metrics.map(({ Expression }) => Expression)).toContain(
      'IF(visible > 0 AND FILL(backlogPerInstance, 0) < 1 AND FILL(instances, 0) < 1, 1, 0)',
    );
  });

  test('costs 20 resources', () => {
    const { Resources } = template.toJSON() as { Resources: Record<string, unknown> };
    expect(Object.keys(Resources).filter((id) => id.startsWith('Requests'))).toHaveLength(20);
  });
});

describe('the scaling of the endpoint', () => {
  const tracked = (stack: Stack) =>
    JSON.stringify(
      Object.values(resources(stack, 'AWS::ApplicationAutoScaling::ScalingPolicy')).map(({ Properties }) => Properties),
    );

  test('counts the messages', () => {
    const { stack, requests } = aRequestQueue();
    const queueName = JSON.stringify(stack.resolve(requests.queue.queueName));
    expect(tracked(stack)).toContain('"Id":"demand0","MetricStat":{"Metric":{"Dimensions":');
    expect(tracked(stack)).toContain(queueName);
    expect(JSON.stringify(resources(stack, 'AWS::CloudWatch::Alarm'))).toContain('demand0');
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('counts several queues', () => {
    const { stack, endpoint } = aRequestQueue();
    new AsyncInferenceRequestQueue(stack, 'Others', { endpoint, ...THIRTY_SECONDS });
    expect(tracked(stack)).toContain('demand1');
  });

  test('of an imported endpoint counts them if it is given', () => {
    const stack = aStack();
    const endpoint = AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Endpoint', {
      endpointName: 'languages',
      variantName: 'AllTraffic',
    });
    const scaling = new AsyncInferenceScaling(stack, 'Scaling', { endpoint, maxCapacity: 4 });
    new AsyncInferenceRequestQueue(stack, 'Requests', { endpoint, scaling, ...THIRTY_SECONDS });
    expect(tracked(stack)).toContain('demand0');
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('keeps a fixed fleet as it is', () => {
    const { stack } = aRequestQueue({}, { scaling: { minCapacity: 2 } });
    expect(resources(stack, 'AWS::ApplicationAutoScaling::ScalingPolicy')).toEqual({});
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('has a target that the queue can reach', () => {
    const slow = { expectedProcessingTime: Duration.minutes(5) };
    const endpointProps = { defaultRequestTtl: Duration.hours(1) };
    expect(tracked(aRequestQueue(slow, endpointProps).stack)).toContain('"TargetValue":4');
    expect(() => aRequestQueue(slow, { ...endpointProps, scaling: { targetBacklogPerInstance: 5 } })).toThrow(
      'targetBacklogPerInstance of the endpoint is 5, and the request queue holds 4 for each instance',
    );
  });

  test.each([
    ['a queue that has a name', 'languages'],
    ['no queue without one, and a warning asks for it', undefined],
  ])('in another stack counts %s', (_, queueName) => {
    const app = new App();
    const serving = new Stack(app, 'Serving');
    const endpoint = anEndpoint(serving, { endpointName: 'languages' });
    const stack = new Stack(app, 'Requests');
    new AsyncInferenceRequestQueue(stack, 'Requests', { endpoint, queueName, ...THIRTY_SECONDS });
    expect(tracked(serving).includes('"Value":"languages"}],"MetricName":"ApproximateNumberOfMessagesVisible"')).toBe(
      queueName !== undefined,
    );
    expect(serving.dependencies).toEqual([]);
    expect(
      Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('in another stack: set queueName')),
    ).toHaveLength(queueName ? 0 : 1);
  });
});

describe('the workflow', () => {
  const { stack, requests, template } = aRequestQueue();
  const Uuid = (stack.resolve(requests.mapping.eventSourceMappingId) as { Ref: string }).Ref;
  const BUSY = { instances: 1, desired: 1, backlog: 10, age: 5, unserved: 0 };

  /** The changes of the mapping, where the services answer so. A state of the mapping is for one call of it each. */
  async function changes(
    reading: Partial<typeof BUSY>,
    mappings: readonly (readonly [state: string, concurrency: number])[],
    failures = 0,
  ): Promise<unknown[]> {
    const calls: unknown[] = [];
    const left = [...mappings];
    let failed = 0;
    await execute(definitionOf(stack), (api, input) => {
      if (api === 'aws-sdk:sagemaker:describeEndpoint') {
        expect(input).toEqual({ EndpointName: 'languages' });
        if (reading.instances === undefined) throw new Error('ValidationException');
        const { instances: CurrentInstanceCount, desired: DesiredInstanceCount } = reading;
        return { ProductionVariants: [{ CurrentInstanceCount, DesiredInstanceCount }] };
      }
      if (api === 'aws-sdk:cloudwatch:getMetricData') {
        const values = (['backlog', 'age', 'unserved'] as const).map((Id) => ({
          Id,
          Values: reading[Id] === undefined ? [] : [reading[Id], 999],
        }));
        return { MetricDataResults: values };
      }
      if (api === 'aws-sdk:lambda:getEventSourceMapping') {
        expect(input).toEqual({ Uuid });
        const [State, MaximumConcurrency] = left.shift()!;
        return { State, ScalingConfig: { MaximumConcurrency } };
      }
      calls.push(input);
      failed += 1;
      if (failed <= failures) throw new Error('ResourceConflictException');
      return {};
    });
    expect(left).toEqual([]);
    return calls;
  }
  const change = (Enabled: boolean, MaximumConcurrency: number) => ({
    Uuid,
    Enabled,
    ScalingConfig: { MaximumConcurrency },
  });

  test('runs each minute', () => {
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  });

  test('leaves a mapping as it should be', async () => {
    expect(await changes(BUSY, [['Enabled', 2]])).toEqual([]);
    expect(await changes({ ...BUSY, backlog: 1_000 }, [['Disabled', 2]])).toEqual([]);
  });

  test('disables the mapping above the bound of each instance, and reads it again', async () => {
    const full = { ...BUSY, backlog: 341 };
    expect(await changes(full, [['Enabled', 2], ['Disabling', 2], ['Disabled', 2]])).toEqual([change(false, 2)]); // prettier-ignore
    expect(await changes({ ...full, instances: 2 }, [['Enabled', 4]])).toEqual([]);
  });

  test('follows the instances in service with the pace', async () => {
    expect(await changes({ ...BUSY, instances: 3 }, [['Enabled', 2], ['Enabled', 6]])).toEqual([change(true, 6)]); // prettier-ignore
  });

  test('waits while the mapping is changing, and reads everything again', async () => {
    expect(await changes(BUSY, [['Updating', 2], ['Disabled', 2], ['Enabled', 2]])).toEqual([change(true, 2)]); // prettier-ignore
  });

  test('reads again after a change that failed', async () => {
    const states = [['Disabled', 2], ['Disabled', 2], ['Enabled', 2]] as const; // prettier-ignore
    expect(await changes(BUSY, states, 1)).toEqual([change(true, 2), change(true, 2)]);
  });

  test('lets one request through where there is no instance, and disables the mapping once it waits', async () => {
    const idle = { instances: 0, desired: 0, unserved: 0 };
    expect(await changes(idle, [['Enabled', 2]])).toEqual([]);
    expect(await changes({ ...idle, unserved: 1 }, [['Enabled', 2], ['Disabled', 2]])).toEqual([change(false, 2)]); // prettier-ignore
  });

  test('disables the mapping of an endpoint that cannot be read', async () => {
    expect(await changes({}, [['Enabled', 2], ['Disabled', 2]])).toEqual([change(false, 2)]); // prettier-ignore
  });

  test('may read the endpoint and metrics, and change this mapping, as cdk diff shows', () => {
    const mapping = stack.resolve(requests.mapping.eventSourceMappingArn) as unknown;
    expect(statements(stack, 'RequestsBackPressurePermissions')).toEqual([
      {
        Sid: 'ReadEndpoint',
        Effect: 'Allow',
        Action: 'sagemaker:DescribeEndpoint',
        Resource: expect.anything() as unknown,
      },
      { Sid: 'ReadMetrics', Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' },
      {
        Sid: 'ChangeMapping',
        Effect: 'Allow',
        Action: ['lambda:GetEventSourceMapping', 'lambda:UpdateEventSourceMapping'],
        Resource: mapping,
      },
    ]);
  });
});

test('options', () => {
  const { stack, template } = aRequestQueue({
    fifo: true,
    queueName: 'languages.fifo',
    expectedProcessingTime: Duration.millis(200),
    instanceStartTime: Duration.minutes(5),
    maxBacklogPerInstance: 10_000,
    maxRequestsPerSecondPerInstance: 20,
    maxReceiveCount: 1,
    maxMessageAge: Duration.days(14),
    encryptionKey: kms.Key.fromKeyArn(aStack(), 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k'),
    removalPolicy: RemovalPolicy.DESTROY,
    invokerOptions: { functionName: 'languages-queue', memorySize: 512, defaultRequestTtl: Duration.hours(5) },
  });
  template.allResourcesProperties('AWS::SQS::Queue', {
    FifoQueue: true,
    KmsMasterKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/k',
    QueueName: Match.stringLikeRegexp('^languages(-dead-letters)?\\.fifo$'),
  });
  template.allResources('AWS::SQS::Queue', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  template.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: Match.objectLike({ maxReceiveCount: 1 }) });
  expect(only(stack, 'AWS::Lambda::EventSourceMapping').Properties).toMatchObject({
    BatchSize: 10,
    ScalingConfig: { MaximumConcurrency: 2 },
  });
  expect(only(stack, 'AWS::Lambda::Function').Properties).toMatchObject({
    FunctionName: 'languages-queue',
    MemorySize: 512,
    Timeout: 31,
    Environment: { Variables: { SUBMISSION_INTERVAL_MILLISECONDS: '100', DEFAULT_REQUEST_TTL_SECONDS: '18000' } },
  });
  expect(alarmOf(stack, 'AgeAlarm').Threshold).toBe(1_209_600);
  expect(statements(stack, 'RequestsKeyPermissions')).toEqual([
    {
      Sid: 'UseQueueKey',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: 'arn:aws:kms:eu-west-1:111122223333:key/k',
    },
  ]);
  // No message arrives under a key that the function may not use yet.
  for (const { DependsOn } of Object.values(resources(stack, 'AWS::SQS::Queue'))) {
    expect(DependsOn).toEqual([expect.stringMatching(/^RequestsKeyPermissions/)]);
  }
});

test('producers may send', () => {
  const { stack, requests, queue } = aRequestQueue();
  requests.grantSendMessages(new iam.User(stack, 'Producer'));
  expect(statements(stack, 'Producer')).toMatchObject([{ Action: 'sqs:SendMessage', Resource: queue }]);
});

test('a service may send and use the key under its conditions only', () => {
  const stack = aStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  const endpoint = anEndpoint(stack, { createInvoker: false });
  const requests = new AsyncInferenceRequestQueue(stack, 'Requests', { endpoint, ...THIRTY_SECONDS, encryptionKey });
  const conditions = { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111122223333:rule/nightly' } };
  expect(() => requests.grantSendMessages(new iam.ServicePrincipal('events.amazonaws.com'))).toThrow(
    'Stack/Requests: grantSendMessages got a service without a condition',
  );
  requests.grantSendMessages(new iam.ServicePrincipal('events.amazonaws.com', { conditions }));
  const allowed = ['AWS::KMS::Key', 'AWS::SQS::QueuePolicy']
    .flatMap((type) => Object.values(resources(stack, type)))
    .flatMap(({ Properties }) => (Properties.KeyPolicy ?? Properties.PolicyDocument) as { Statement: object[] })
    .flatMap(({ Statement }) => Statement as { Principal: unknown; Condition: unknown }[])
    .filter(({ Principal }) => JSON.stringify(Principal).includes('events.amazonaws.com'));
  expect(allowed.map(({ Condition }) => Condition)).toEqual([conditions, conditions]);
});

describe('what synth accepts', () => {
  const HOURS = [1, 6].map((hours) => Duration.hours(hours));
  const cases = [1, 10, 50].flatMap((maxCapacity) =>
    [1, 10, 100].flatMap((maxConcurrentInvocationsPerInstance) =>
      [
        { ttl: HOURS[0]!, start: 10, seconds: 300 },
        { ttl: HOURS[0]!, start: 10, seconds: 0.1 },
        { ttl: HOURS[1]!, start: 30, seconds: 900 },
        { ttl: HOURS[1]!, start: 30, seconds: 1 },
      ].map((workload) => ({ maxCapacity, maxConcurrentInvocationsPerInstance, ...workload })),
    ),
  );

  test.each(cases)('%j', ({ maxCapacity, maxConcurrentInvocationsPerInstance, ttl, start, seconds }) => {
    const props = { maxConcurrentInvocationsPerInstance, defaultRequestTtl: ttl, scaling: { maxCapacity } };
    const options = {
      expectedProcessingTime: Duration.millis(1_000 * seconds),
      instanceStartTime: Duration.minutes(start),
    };
    expect(() => aRequestQueue(options, props)).not.toThrow();
  });
});

describe('what synth refuses', () => {
  const MINUTE = { defaultRequestTtl: Duration.minutes(1) };

  test('a TTL that ends before an instance has started', () => {
    expect(() => aRequestQueue({}, MINUTE)).toThrow(
      'the request TTL of 60 seconds must be at least 900: a request that finds no instance waits up to 300 seconds for the decision',
    );
  });

  test('a backlog that takes longer than the TTL, with the sum and the ways out', () => {
    expect(() => aRequestQueue({ maxBacklogPerInstance: 1_000 })).toThrow(
      /requests of each instance may wait for longer than the request TTL of 21600 seconds: 600 \(instanceStartTime\) \+ 30000 \(a backlog of 1000 × 30 ÷ 1 at a time\).*Raise the TTL/,
    );
  });

  test('a third queue whose rate adds to those of the others, and says what to do', () => {
    const { stack, endpoint } = aRequestQueue();
    const another = (id: string, maxRequestsPerSecondPerInstance?: number) => () =>
      new AsyncInferenceRequestQueue(stack, id, { endpoint, maxRequestsPerSecondPerInstance, ...THIRTY_SECONDS });
    expect(another('Second')).not.toThrow();
    expect(another('Third')).toThrow(
      /at 0.8 requests per second of all request queues of the endpoint\).*maxRequestsPerSecondPerInstance of each queue/,
    );
  });

  test('a backlog with which instances are idle', () => {
    expect(() => aRequestQueue({ maxBacklogPerInstance: 2 })).toThrow(
      'the backlog of each instance must be at least 900 seconds of work',
    );
  });

  test.each<[string, Options]>([
    ['expectedProcessingTime must be more than 0 and at most 3600 seconds, got 0', { expectedProcessingTime: Duration.seconds(0) }],
    ['expectedProcessingTime must be more than 0 and at most 3600 seconds, got 3601', { expectedProcessingTime: Duration.seconds(3_601) }],
    ['expectedProcessingTime is required', { expectedProcessingTime: undefined }],
    ['instanceStartTime must be a whole number of seconds from 1 to 21600, got 0', { instanceStartTime: Duration.seconds(0) }],
    ['maxBacklogPerInstance must be a whole number of at least 1, got 0', { maxBacklogPerInstance: 0 }],
    ['maxRequestsPerSecondPerInstance must be a number above 0, got 0', { maxRequestsPerSecondPerInstance: 0 }],
    ['maxReceiveCount must be a whole number from 1 to 1000, got 1001', { maxReceiveCount: 1_001 }],
    ['maxMessageAge must be a whole number of seconds from 60 to 1209600, got 59', { maxMessageAge: Duration.seconds(59) }],
    ["queueName must be 1 to 62 letters, digits, hyphens and underscores, with .fifo at the end for a FIFO queue, got 'a b'", { queueName: 'a b' }],
    ["queueName of a FIFO queue must end with .fifo, got 'languages'", { queueName: 'languages', fifo: true }],
    ["queueName with .fifo at the end needs fifo: true, got 'languages.fifo'", { queueName: 'languages.fifo' }],
    ['timeout of invokerOptions follows from the pace of the queue', { invokerOptions: { timeout: Duration.minutes(1) } }],
    ['reservedConcurrentExecutions of invokerOptions must be at least 2, which the queue needs for 1 instances, got 1', { invokerOptions: { reservedConcurrentExecutions: 1 } }],
    ['memorySize must be a whole number from 128 to 10240, got 1', { invokerOptions: { memorySize: 1 } }],
  ])('%s', (message, options) => expect(() => aRequestQueue(options)).toThrow(message)); // prettier-ignore

  test('a model that is expected to take longer than its requests may take', () => {
    expect(() => aRequestQueue({ expectedProcessingTime: Duration.minutes(16) })).toThrow(
      'expectedProcessingTime of 960 seconds must be at most the invocation timeout of 900 seconds',
    );
  });

  test('all validation errors come together', () => {
    expect(() => aRequestQueue({ maxReceiveCount: 0, maxBacklogPerInstance: 0 })).toThrow(
      /^Stack\/Requests:\n {2}- maxBacklogPerInstance .*\n {2}- maxReceiveCount /,
    );
  });

  test('an endpoint of another region', () => {
    const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-west-1', account: '111122223333' } });
    const endpoint = AsyncInferenceEndpoint.fromEndpointArn(
      stack,
      'Endpoint',
      'arn:aws:sagemaker:us-east-1:111122223333:endpoint/languages',
    );
    expect(() => new AsyncInferenceRequestQueue(stack, 'Requests', { endpoint, ...THIRTY_SECONDS })).toThrow(
      'endpoint is in us-east-1, and the function would call eu-west-1',
    );
  });

  test('tokens that limits are computed from', () => {
    const stack = aStack();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    const endpoint = anEndpoint(stack, { defaultRequestTtl: Duration.seconds(number) });
    expect(
      () =>
        new AsyncInferenceRequestQueue(stack, 'Requests', {
          endpoint,
          expectedProcessingTime: Duration.seconds(number),
          maxBacklogPerInstance: number,
        }),
    ).toThrow(
      /the request TTL of the endpoint or the queue must be known at synth.*\n.*expectedProcessingTime must be known.*\n.*maxBacklogPerInstance must be known/,
    );
  });
});
