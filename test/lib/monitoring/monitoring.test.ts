import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  AsyncInferenceEndpoint,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  MonitoringAlarm,
} from '../../../lib';
import type { AsyncInferenceMonitoringProps } from '../../../lib';
import { INVOKER_METRIC_NAMESPACE, INVOKER_METRICS } from '../../../lib/contract/invoker';
import { PUBLISHED_METRICS } from '../../../lib/core/published-metrics';
import { aStack, anEndpoint, ENV, only, resources } from '../../../tools/showcase/stacks';

function aMonitoring(props: Partial<AsyncInferenceMonitoringProps> = {}) {
  const stack = aStack({ env: ENV });
  const endpoint = anEndpoint(stack, { endpointName: 'languages' });
  const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint], ...props });
  return { stack, endpoint, monitoring };
}

type Properties = Record<string, unknown>;

/** What the template says of alarms, in their order. */
function propertiesOf(alarms: cloudwatch.Alarm[]): Properties[] {
  const found = resources(alarms[0]!, 'AWS::CloudWatch::Alarm');
  return alarms.map(
    ({ node, stack }) => found[stack.getLogicalId(node.defaultChild as cloudwatch.CfnAlarm)]!.Properties,
  );
}

/** The same by kind, for one endpoint. */
function byKind({ alarms }: AsyncInferenceMonitoring): Record<string, Properties> {
  const properties = propertiesOf(alarms);
  return Object.fromEntries(alarms.map(({ node }, i) => [node.id, properties[i]!]));
}

const kindsOf = (alarms: cloudwatch.Alarm[]) => alarms.map(({ node }) => node.id);

/** The numbers of alarms per endpoint and per invoker. */
const PER_INVOKER = Object.values(MonitoringAlarm).filter((kind) => kind.startsWith('Invoker')).length;
const PER_ENDPOINT = Object.values(MonitoringAlarm).length - PER_INVOKER;
const PER_BOTH = PER_ENDPOINT + PER_INVOKER;

const ENDPOINT = [{ Name: 'EndpointName', Value: 'languages' }];
const VARIANT = [...ENDPOINT, { Name: 'VariantName', Value: 'AllTraffic' }];
const FUNCTION = [{ Name: 'FunctionName', Value: { Ref: expect.stringMatching(/^EndpointInvoker/) } }];
const OVER = 'GreaterThanThreshold';

describe('alarms', () => {
  const { stack, monitoring } = aMonitoring();
  const found = byKind(monitoring);

  const ALARMS = [
    [
      MonitoringAlarm.REQUEST_AGE,
      'AWS/SageMaker',
      'ApproximateAgeOfOldestRequest',
      ENDPOINT,
      'Maximum',
      60,
      1,
      OVER,
      10_800,
    ],
    [
      MonitoringAlarm.NO_CAPACITY,
      'AWS/SageMaker',
      'HasBacklogWithoutCapacity',
      ENDPOINT,
      'Average',
      60,
      30,
      'GreaterThanOrEqualToThreshold',
      1,
    ],
    [MonitoringAlarm.INVOCATION_FAILURES, 'AWS/SageMaker', 'InvocationFailures', VARIANT, 'Sum', 300, 1, OVER, 0],
    [MonitoringAlarm.EXPIRED_REQUESTS, 'AWS/SageMaker', 'ExpiredRequests', VARIANT, 'Sum', 300, 1, OVER, 0],
    [MonitoringAlarm.NOTIFICATION_FAILURES, 'AWS/SageMaker', 'NotificationFailures', VARIANT, 'Sum', 300, 1, OVER, 0],
    [
      MonitoringAlarm.REQUEST_DOWNLOAD_FAILURES,
      'AWS/SageMaker',
      'RequestDownloadFailures',
      VARIANT,
      'Sum',
      300,
      1,
      OVER,
      0,
    ],
    [
      MonitoringAlarm.RESPONSE_UPLOAD_FAILURES,
      'AWS/SageMaker',
      'ResponseUploadFailures',
      VARIANT,
      'Sum',
      300,
      1,
      OVER,
      0,
    ],
    [MonitoringAlarm.SUBMISSION_FAILURES, INVOKER_METRIC_NAMESPACE, 'Failures', ENDPOINT, 'Sum', 300, 1, OVER, 0],
    [MonitoringAlarm.INVOKER_ERRORS, 'AWS/Lambda', 'Errors', FUNCTION, 'Sum', 300, 1, OVER, 0],
    [MonitoringAlarm.INVOKER_THROTTLES, 'AWS/Lambda', 'Throttles', FUNCTION, 'Sum', 300, 1, OVER, 0],
  ] as const;

  test.each(ALARMS)(
    '%s',
    (kind, Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods, ComparisonOperator, Threshold) => {
      expect(found[kind]).toEqual({
        Namespace,
        MetricName,
        Dimensions,
        Statistic,
        Period,
        EvaluationPeriods,
        ComparisonOperator,
        Threshold,
        TreatMissingData: 'notBreaching',
        AlarmDescription: expect.anything(),
      });
    },
  );

  test('are those, and no others', () => {
    const missing = Object.entries(MonitoringAlarm).flatMap(([member, kind]) => [
      ...(kind in found ? [] : [`lib/monitoring/alarms.ts: define ${member}`]),
      ...(ALARMS.some(([alarm]) => alarm === kind) ? [] : [`monitoring.test.ts: add ${member} to ALARMS`]),
    ]);
    expect(missing).toEqual([]);
    expect(kindsOf(monitoring.alarms).sort()).toEqual(Object.values(MonitoringAlarm).sort());
    expect(ALARMS.map(([alarm]) => alarm)).toEqual(Object.values(MonitoringAlarm));
    // One more wakes the endpoint from zero.
    expect(Object.keys(resources(stack, 'AWS::CloudWatch::Alarm'))).toHaveLength(PER_BOTH + 1);
  });

  test('have what they mean and what to check first, in at most the 1,024 characters that CloudWatch takes', () => {
    const long = aStack();
    const longest = new AsyncInferenceMonitoring(long, 'Monitoring', {
      endpoints: [anEndpoint(long, { endpointName: 'n'.repeat(63) })],
    });
    for (const [kind, { AlarmDescription }] of [...Object.entries(found), ...Object.entries(byKind(longest))]) {
      const text = JSON.stringify(AlarmDescription);
      expect(text).toMatch(/(languages|n{63})/);
      expect(text).toContain('Check first: ');
      expect(text).toContain(`docs/monitoring.md#${kind.toLowerCase()}`);
      expect(text.length).toBeLessThan(900);
    }
    expect(found[MonitoringAlarm.INVOCATION_FAILURES]!.AlarmDescription).toContain(
      '/aws/sagemaker/Endpoints/languages',
    );
    expect(JSON.stringify(found[MonitoringAlarm.INVOKER_ERRORS]!.AlarmDescription)).toMatch(
      /"Ref":"EndpointInvokerLog/,
    );
  });

  test('have a section each in the documentation that they point to', () => {
    const page = readFileSync(join(__dirname, '../../../docs/monitoring.md'), 'utf8');
    const missing = Object.entries(MonitoringAlarm).flatMap(([member, kind]) => [
      ...(page.includes(`\n### ${kind}\n`) ? [] : [`docs/monitoring.md: add a section "### ${kind}"`]),
      ...(page.includes(`\n| \`${member}\` |`) ? [] : [`docs/monitoring.md: add a row for ${member} to the table`]),
    ]);
    expect(missing).toEqual([]);
  });

  test('can be left out', () => {
    const without = [MonitoringAlarm.REQUEST_DOWNLOAD_FAILURES, MonitoringAlarm.INVOKER_THROTTLES];
    const kept = kindsOf(aMonitoring({ excludedAlarms: without }).monitoring.alarms);
    expect(kept).toHaveLength(PER_BOTH - without.length);
    without.forEach((kind) => expect(kept).not.toContain(kind));
    expect(aMonitoring({ excludedAlarms: Object.values(MonitoringAlarm) }).monitoring.alarms).toEqual([]);
  });
});

describe('thresholds', () => {
  test('are the props', () => {
    const found = byKind(
      aMonitoring({
        maxRequestAge: Duration.minutes(5),
        maxTimeWithoutCapacity: Duration.hours(1),
        maxInvocationFailures: 1,
        maxExpiredRequests: 2,
        maxNotificationFailures: 3,
        maxRequestDownloadFailures: 4,
        maxResponseUploadFailures: 5,
        maxSubmissionFailures: 6,
        maxInvokerErrors: 7,
        maxInvokerThrottles: 8,
      }).monitoring,
    );
    expect(
      Object.entries(found).map(([kind, { Threshold, EvaluationPeriods }]) => [kind, Threshold, EvaluationPeriods]),
    ).toEqual([
      [MonitoringAlarm.REQUEST_AGE, 300, 1],
      [MonitoringAlarm.NO_CAPACITY, 1, 60],
      [MonitoringAlarm.INVOCATION_FAILURES, 1, 1],
      [MonitoringAlarm.EXPIRED_REQUESTS, 2, 1],
      [MonitoringAlarm.NOTIFICATION_FAILURES, 3, 1],
      [MonitoringAlarm.REQUEST_DOWNLOAD_FAILURES, 4, 1],
      [MonitoringAlarm.RESPONSE_UPLOAD_FAILURES, 5, 1],
      [MonitoringAlarm.SUBMISSION_FAILURES, 6, 1],
      [MonitoringAlarm.INVOKER_ERRORS, 7, 1],
      [MonitoringAlarm.INVOKER_THROTTLES, 8, 1],
    ]);
  });

  test('of the age: half the shortest request TTL that is sent', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, { defaultRequestTtl: Duration.hours(2), createInvoker: false });
    const hasty = new AsyncInferenceInvoker(stack, 'Hasty', { endpoint, defaultRequestTtl: Duration.seconds(61) });
    const monitorings = [[], [hasty]].map(
      (invokers, i) => new AsyncInferenceMonitoring(stack, `With${i}`, { endpoints: [endpoint], invokers }),
    );
    expect(monitorings.map((monitoring) => byKind(monitoring)[MonitoringAlarm.REQUEST_AGE]!.Threshold)).toEqual([
      3_600, 30,
    ]);
  });

  const COUNTS = {
    maxInvocationFailures: 0,
    maxExpiredRequests: 0,
    maxNotificationFailures: 0,
    maxRequestDownloadFailures: 0,
    maxResponseUploadFailures: 0,
    maxInvokerErrors: 0,
    maxInvokerThrottles: 0,
  };

  test.each([
    [
      {
        ...COUNTS,
        maxRequestAge: Duration.seconds(1),
        maxTimeWithoutCapacity: Duration.minutes(1),
        dashboardName: 'a',
      },
    ],
    [
      {
        maxRequestAge: Duration.seconds(21_599),
        maxTimeWithoutCapacity: Duration.days(1),
        dashboardName: 'A_z-9'.repeat(51),
      },
    ],
  ])('take the bounds %j', (props) => {
    expect(() => aMonitoring(props)).not.toThrow();
  });

  test.each([
    [{ maxRequestAge: Duration.seconds(0), maxTimeWithoutCapacity: Duration.seconds(0), dashboardName: '' }],
    [
      {
        maxRequestAge: Duration.seconds(21_600),
        maxTimeWithoutCapacity: Duration.minutes(1_441),
        dashboardName: 'a'.repeat(256),
      },
    ],
    [{ maxRequestAge: Duration.millis(1_500), maxTimeWithoutCapacity: Duration.seconds(90), dashboardName: 'a b' }],
  ])('fail out of bounds %j, with all errors in one message', (props) => {
    const wrong = Object.fromEntries(Object.keys(COUNTS).map((prop, i) => [prop, [-1, 0.5, NaN][i % 3]]));
    expect(() => aMonitoring({ ...props, ...wrong })).toThrow(
      new RegExp(
        `^Stack/Monitoring:${[
          'maxRequestAge \\(less than the shortest request TTL\\)',
          'maxTimeWithoutCapacity',
          ...Object.keys(COUNTS),
          'dashboardName',
        ]
          .map((prop) => `\\n  - ${prop} must be .*`)
          .join('')}$`,
      ),
    );
  });

  test('fail when the age is no less than the TTL of some request', () => {
    const stack = aStack();
    const endpoints = [anEndpoint(stack), anEndpoint(stack, { defaultRequestTtl: Duration.minutes(10) }, 'Hasty')];
    const age = (seconds: number) => () =>
      new AsyncInferenceMonitoring(stack, `At${seconds}`, { endpoints, maxRequestAge: Duration.seconds(seconds) });
    expect(age(599)).not.toThrow();
    expect(age(600)).toThrow(/from 1 to 599, got 600/);
  });

  test('pass as tokens', () => {
    const stack = aStack();
    const { valueAsNumber } = new CfnParameter(stack, 'Number', { type: 'Number' });
    const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', {
      endpoints: [anEndpoint(stack)],
      maxRequestAge: Duration.seconds(valueAsNumber),
      maxTimeWithoutCapacity: Duration.minutes(valueAsNumber),
      maxInvocationFailures: valueAsNumber,
      dashboardName: Lazy.string({ produce: () => 'later' }),
    });
    const tokens = byKind(monitoring);
    expect(tokens[MonitoringAlarm.REQUEST_AGE]!.Threshold).toEqual({ Ref: 'Number' });
    expect(tokens[MonitoringAlarm.NO_CAPACITY]!.EvaluationPeriods).toEqual({ Ref: 'Number' });
    expect(tokens[MonitoringAlarm.INVOCATION_FAILURES]!.Threshold).toEqual({ Ref: 'Number' });
    expect(only(stack, 'AWS::CloudWatch::Dashboard').Properties.DashboardName).toBe('later');
  });

  test('are errors as tokens in another unit, which CDK cannot convert', () => {
    const { valueAsNumber } = new CfnParameter(aStack(), 'Number', { type: 'Number' });
    expect(() =>
      aMonitoring({
        maxRequestAge: Duration.minutes(valueAsNumber),
        maxTimeWithoutCapacity: Duration.hours(valueAsNumber),
      }),
    ).toThrow(
      /- maxRequestAge .* is a token in minutes, which cannot be converted: use Duration.seconds\(...\)\n {2}- maxTimeWithoutCapacity is a token in hours, which cannot be converted: use Duration.minutes\(...\)$/,
    );
  });

  test('fail when the age is to be half a TTL that is a token, unless it is given or not watched', () => {
    const stack = aStack();
    const requestTtl = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
    const endpoints = [anEndpoint(stack, { defaultRequestTtl: requestTtl })];
    const monitor =
      (id: string, props: Partial<AsyncInferenceMonitoringProps> = {}) =>
      () =>
        new AsyncInferenceMonitoring(stack, id, { endpoints, ...props });
    expect(monitor('Default')).toThrow(
      'Stack/Default: the request TTL of Stack/Endpoint or of its invokers is a token, which cannot be halved: ' +
        'set maxRequestAge',
    );
    expect(monitor('Given', { maxRequestAge: Duration.minutes(1) })).not.toThrow();
    expect(monitor('Without', { excludedAlarms: [MonitoringAlarm.REQUEST_AGE] })).not.toThrow();
  });
});

describe('endpoints and invokers', () => {
  test('fail where there is none, where an invoker is of another endpoint, and where a dashboard has a name only', () => {
    const stack = aStack();
    const { invoker } = anEndpoint(stack);
    const props = { endpoints: [], invokers: [invoker], createDashboard: false, dashboardName: 'lonely' };
    expect(() => new AsyncInferenceMonitoring(stack, 'Monitoring', props)).toThrow(
      'Stack/Monitoring:\n  - endpoints is empty: give at least one' +
        '\n  - the endpoint of the invoker Stack/Endpoint/Invoker, Stack/Endpoint, is not monitored: add it to endpoints' +
        '\n  - dashboardName has no effect without a dashboard, and createDashboard is false: leave it out',
    );
  });

  test('each endpoint has its alarms, and each invoker its own', () => {
    const stack = aStack();
    const [first, second] = [anEndpoint(stack), anEndpoint(stack, { createInvoker: false }, 'Second')];
    const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [first, second, first] });
    expect(monitoring.alarms).toHaveLength(PER_BOTH + PER_ENDPOINT);
    const kinds = Object.values(MonitoringAlarm)
      .filter((kind) => !kind.startsWith('Invoker'))
      .sort();
    for (const endpoint of [first, second]) {
      expect(kindsOf(monitoring.alarmsOf(endpoint)).sort()).toEqual(kinds);
      for (const { Dimensions } of propertiesOf(monitoring.alarmsOf(endpoint))) {
        expect(Dimensions).toContainEqual({ Name: 'EndpointName', Value: endpoint.endpointName });
      }
    }
    const picked = monitoring.alarmsOf(second, MonitoringAlarm.INVOCATION_FAILURES, MonitoringAlarm.EXPIRED_REQUESTS);
    expect(kindsOf(picked)).toEqual(['InvocationFailures', 'ExpiredRequests']);
  });

  test('fail where the alarms of an endpoint are wanted that is not watched', () => {
    const { stack, monitoring } = aMonitoring();
    const other = anEndpoint(stack, {}, 'Other');
    expect(() => monitoring.alarmsOf(other)).toThrow(
      'Stack/Monitoring: alarmsOf got Stack/Other, which is not monitored: add it to endpoints',
    );
  });

  test('alarms that cannot be returned are errors', () => {
    const { endpoint, monitoring } = aMonitoring({ excludedAlarms: [MonitoringAlarm.NO_CAPACITY] });
    expect(() => monitoring.alarmsOf(endpoint, MonitoringAlarm.NO_CAPACITY, MonitoringAlarm.INVOKER_ERRORS)).toThrow(
      'Stack/Monitoring:\n  - alarmsOf got NoCapacity, which excludedAlarms leaves out: remove it from one of them' +
        '\n  - alarmsOf got InvokerErrors, an alarm of invokers, which cannot roll back their endpoint: find it in alarms',
    );
  });

  test('the threshold of an alarm that is left out is an error', () => {
    const excludedAlarms = [MonitoringAlarm.REQUEST_AGE, MonitoringAlarm.INVOKER_ERRORS];
    expect(() => aMonitoring({ excludedAlarms, maxRequestAge: Duration.hours(1), maxInvokerErrors: 3 })).toThrow(
      'Stack/Monitoring:\n  - maxRequestAge has no effect without the alarm RequestAge, and excludedAlarms has it: leave it out' +
        '\n  - maxInvokerErrors has no effect without the alarm InvokerErrors, and excludedAlarms has it: leave it out',
    );
  });

  test("invokers that are given are watched instead of the endpoint's own", () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack);
    const other = new AsyncInferenceInvoker(stack, 'Other', { endpoint });
    const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint], invokers: [other] });
    expect(new AsyncInferenceMonitoring(stack, 'None', { endpoints: [endpoint], invokers: [] }).alarms).toHaveLength(
      PER_ENDPOINT,
    );
    expect(byKind(monitoring)[MonitoringAlarm.INVOKER_ERRORS]!.Dimensions).toEqual([
      { Name: 'FunctionName', Value: stack.resolve(other.function.functionName) },
    ]);
  });

  test('the order of endpoints changes no logical ID, and two monitorings live in one stack', () => {
    const ids = (reverse: boolean) => {
      const stack = aStack();
      const endpoints = [anEndpoint(stack), anEndpoint(stack, {}, 'Second')];
      for (const id of ['One', 'Two'])
        new AsyncInferenceMonitoring(stack, id, { endpoints: reverse ? [...endpoints].reverse() : endpoints });
      return Object.keys(resources(stack, 'AWS::CloudWatch::Alarm')).sort();
    };
    expect(ids(true)).toEqual(ids(false));
    expect(ids(false)).toHaveLength(2 * 2 * PER_BOTH + 2);
  });

  test('endpoints and invokers of another stack are watched from afar', () => {
    const app = new App();
    const endpoint = anEndpoint(new Stack(app, 'Endpoints'), { endpointName: 'languages' });
    const stack = new Stack(app, 'Monitoring');
    new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::CloudWatch::Alarm', PER_BOTH);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ExpiredRequests', Dimensions: VARIANT });
  });

  test('an imported endpoint has the same alarms and graphs, and an invoker where it is given one', () => {
    const stack = aStack();
    const attributes = { endpointName: 'languages', variantName: 'AllTraffic', defaultRequestTtl: Duration.hours(1) };
    const endpoint = AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Imported', attributes);
    const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
    const alone = new AsyncInferenceMonitoring(stack, 'Alone', { endpoints: [endpoint], createDashboard: false });
    const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', {
      endpoints: [endpoint],
      invokers: [invoker],
    });
    expect(alone.alarms).toHaveLength(PER_ENDPOINT);
    expect(monitoring.alarms).toHaveLength(PER_BOTH);
    expect(byKind(monitoring)[MonitoringAlarm.REQUEST_AGE]).toMatchObject({ Threshold: 1_800, Dimensions: ENDPOINT });
    expect(byKind(monitoring)[MonitoringAlarm.EXPIRED_REQUESTS]).toMatchObject({ Dimensions: VARIANT });
    expect(widgetsOf(stack).filter(({ type }) => type === 'metric')).toHaveLength(6);
  });

  test('an endpoint can be rolled back on its alarms: they wait for nothing that waits for it', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack);
    const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', {
      endpoints: [endpoint],
      alarmTopic: endpoint.errorTopic,
    });
    const alarms = monitoring.alarmsOf(endpoint);
    expect(alarms).toHaveLength(PER_ENDPOINT);
    endpoint.addRollbackAlarms(...alarms);
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

describe('the topic', () => {
  const statement = (template: Template, type: string, document: string, expected: object) =>
    template.hasResourceProperties(type, {
      [document]: { Statement: Match.arrayWith([Match.objectLike(expected)]) },
    });
  const ALARMS = {
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: { StringEquals: { 'aws:SourceAccount': ENV.account } },
  };
  const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/given';
  const topicArn = 'arn:aws:sns:eu-west-1:111122223333:given';

  test('receives each alarm, and lets CloudWatch publish in spite of a policy of its own', () => {
    const stack = aStack({ env: ENV });
    const alarmTopic = new sns.Topic(stack, 'Topic', { enforceSSL: true });
    const { alarms } = new AsyncInferenceMonitoring(stack, 'Monitoring', {
      endpoints: [anEndpoint(stack)],
      alarmTopic,
    });
    new AsyncInferenceMonitoring(stack, 'Again', { endpoints: [anEndpoint(stack, {}, 'Other')], alarmTopic });
    const arn = stack.resolve(alarmTopic.topicArn) as unknown;
    propertiesOf(alarms).forEach(({ AlarmActions }) => expect(AlarmActions).toEqual([arn]));
    const publish = { ...ALARMS, Effect: 'Allow', Action: 'sns:Publish', Resource: arn };
    statement(Template.fromStack(stack), 'AWS::SNS::TopicPolicy', 'PolicyDocument', publish);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('there is none by default', () => {
    propertiesOf(aMonitoring().monitoring.alarms).forEach((properties) =>
      expect(properties).not.toHaveProperty('AlarmActions'),
    );
  });

  test.each([
    ['a key', (stack: Stack) => new kms.Key(stack, 'Key')],
    [
      'an alias of a key',
      (stack: Stack) => new kms.Alias(stack, 'Alias', { aliasName: 'own', targetKey: new kms.Key(stack, 'Key') }),
    ],
  ])('with %s of this app: CloudWatch may use it', (_, masterKey) => {
    const stack = aStack({ env: ENV });
    const alarmTopic = new sns.Topic(stack, 'Topic', { masterKey: masterKey(stack) });
    new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [anEndpoint(stack)], alarmTopic });
    const useKey = { ...ALARMS, Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] };
    statement(Template.fromStack(stack), 'AWS::KMS::Key', 'KeyPolicy', useKey);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test.each([
    [
      'alias/aws/sns',
      (stack: Stack) =>
        new sns.Topic(stack, 'Topic', { masterKey: kms.Alias.fromAliasName(stack, 'Key', 'alias/aws/sns') }),
    ],
    ['given', (stack: Stack) => new sns.Topic(stack, 'Topic', { masterKey: kms.Key.fromKeyArn(stack, 'Key', keyArn) })],
    ['given', (stack: Stack) => sns.Topic.fromTopicAttributes(stack, 'Topic', { topicArn, keyArn })],
  ])('with the key %s: a warning has the statement that CloudWatch needs', (key, alarmTopic) => {
    const stack = aStack({ env: ENV });
    new AsyncInferenceMonitoring(stack, 'Monitoring', {
      endpoints: [anEndpoint(stack)],
      alarmTopic: alarmTopic(stack),
    });
    Annotations.fromStack(stack).hasWarning(
      '/Stack/Monitoring',
      Match.stringLikeRegexp(
        `the policy of ${key}, .*"kms:GenerateDataKey\\*".*${ENV.account}.*"cloudwatch.amazonaws.com".*alarmTopicKeyPolicy`,
      ),
    );
  });
});

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: unknown[];
    readonly metrics?: (string | { readonly label?: string })[][];
    readonly yAxis?: Record<string, { readonly label: string }>;
  };
}

/** The widgets of the dashboard. What CloudFormation inserts is shown as ${ID}. */
function widgetsOf(stack: Stack): Widget[] {
  const body = only(stack, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody as
    string | { 'Fn::Join': [string, (string | object)[]] };
  const text =
    typeof body === 'string'
      ? body
      : body['Fn::Join'][1]
          .map((part) => (typeof part === 'string' ? part : `\${${Object.values(part).flat().join('.')}}`))
          .join('');
  return (JSON.parse(text) as { widgets: Widget[] }).widgets;
}

describe('a request queue', () => {
  const stack = aStack({ env: ENV });
  const endpoint = anEndpoint(stack, { endpointName: 'languages', createInvoker: false });
  const queue = new AsyncInferenceRequestQueue(stack, 'Requests', {
    endpoint,
    expectedProcessingTime: Duration.seconds(10),
  });
  const alarmTopic = new sns.Topic(stack, 'OnCall');
  const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', {
    endpoints: [endpoint],
    requestQueues: [queue],
    alarmTopic,
  });

  test('has the alarms of its invoker', () => {
    expect(byKind(monitoring)[MonitoringAlarm.INVOKER_ERRORS]!.Dimensions).toEqual([
      { Name: 'FunctionName', Value: stack.resolve(queue.invoker.function.functionName) },
    ]);
  });

  test('has a graph, and its own alarms on the dashboard', () => {
    const widgets = widgetsOf(stack);
    expect(widgets.map(({ properties }) => properties.title)).toContain('Request queue');
    expect(widgets[1]!.properties.alarms).toHaveLength(monitoring.alarms.length + 4);
  });

  test('has the actions on its own alarms', () => {
    expect(queue.alarms).toHaveLength(4);
    for (const { AlarmActions } of propertiesOf(queue.alarms))
      expect(AlarmActions).toEqual([stack.resolve(alarmTopic.topicArn)]);
  });

  test('of an endpoint that is not monitored is an error', () => {
    const other = anEndpoint(stack, {}, 'Other');
    expect(() => new AsyncInferenceMonitoring(stack, 'Wrong', { endpoints: [other], requestQueues: [queue] })).toThrow(
      'the endpoint of the invoker Stack/Requests/Invoker, Stack/Endpoint, is not monitored',
    );
  });
});

describe('the dashboard', () => {
  const { stack } = aMonitoring();
  const widgets = widgetsOf(stack);
  const graphs = widgets.filter(({ type }) => type === 'metric');

  test('shows cause before effect, from left to right, in one row', () => {
    expect(graphs.map(({ properties }) => properties.title)).toEqual([
      'Demand',
      'Backlog',
      'Capacity',
      'Latency',
      'Failures',
      'Invoker',
    ]);
    expect(graphs.map(({ x }) => x)).toEqual([0, 4, 8, 12, 16, 20]);
    expect(new Set(graphs.map(({ y }) => y)).size).toBe(1);
  });

  test('says the unit of each axis that is used', () => {
    for (const { properties } of graphs) {
      const sides = properties.metrics!.map((metric) =>
        JSON.stringify(metric.at(-1)).includes('"yAxis":"right"') ? 'right' : 'left',
      );
      expect(Object.keys(properties.yAxis!).sort()).toEqual([...new Set(sides)].sort());
      Object.values(properties.yAxis!).forEach(({ label }) => expect(label).not.toBe(''));
    }
  });

  test('shows the number of instances, and all metrics of the endpoint except for the one that the alarms show', () => {
    const shown = graphs
      .flatMap(({ properties }) => properties.metrics!)
      .map(([namespace, name, ...rest]) => ({ namespace, name: name as string, rest }));
    const sageMaker = shown.filter(
      ({ namespace }) => namespace !== 'AWS/Lambda' && namespace !== INVOKER_METRIC_NAMESPACE,
    );
    const published = Object.keys(PUBLISHED_METRICS).filter((name) => name !== 'HasBacklogWithoutCapacity');
    expect(sageMaker.map(({ name }) => name).sort()).toEqual([...published, 'CPUUtilization'].sort());
    const options = sageMaker.map(({ rest }) => rest.at(-1));
    expect(options).toContainEqual(
      expect.objectContaining({ label: 'Instances', stat: 'SampleCount', period: 60, yAxis: 'right' }),
    );
    for (const { namespace, name, rest } of sageMaker) {
      expect(namespace).toBe(PUBLISHED_METRICS[name]!.namespace);
      expect(rest.slice(0, 4)).toEqual(expect.arrayContaining(['EndpointName', 'languages']));
    }
    const names = (of: string) =>
      shown
        .filter(({ namespace }) => namespace === of)
        .map(({ name }) => name)
        .sort();
    expect(names('AWS/Lambda')).toEqual(['Duration', 'Errors', 'Invocations', 'Throttles']);
    expect(names(INVOKER_METRIC_NAMESPACE)).toEqual(['Failures', 'Invocations', 'Rejections', 'Throttles']);
    names(INVOKER_METRIC_NAMESPACE).forEach((name) => expect(Object.keys(INVOKER_METRICS)).toContain(name));
  });

  test("opens with the endpoint's name, links that hold in any partition, and how the alarms stand", () => {
    const [header, status] = widgets;
    const { markdown } = header!.properties;
    expect(markdown).toMatch(/^## languages\n/);
    expect(markdown).toContain('(/sagemaker/home?region=eu-west-1#/endpoints/languages)');
    expect(markdown).toContain(
      '(/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FEndpoints$252Flanguages)',
    );
    expect(markdown).toMatch(/\(\/lambda\/home\?region=eu-west-1#\/functions\/\$\{EndpointInvoker\w+\}\)/);
    expect(status!.properties.alarms).toHaveLength(PER_BOTH);
    expect(header!.width + status!.width).toBe(24);
  });

  test('names no region and no partition where the stack has none', () => {
    const agnostic = aStack();
    new AsyncInferenceMonitoring(agnostic, 'Monitoring', { endpoints: [anEndpoint(agnostic)] });
    expect(widgetsOf(agnostic)[0]!.properties.markdown).toContain('home?region=${AWS::Region}#');
    expect(JSON.stringify(widgetsOf(agnostic))).not.toContain('arn:aws:');
  });

  test('has a block of rows for each endpoint, without an invoker where there is none, nor alarms', () => {
    const many = aStack();
    const endpoints = [anEndpoint(many), anEndpoint(many, { createInvoker: false }, 'Second')];
    new AsyncInferenceMonitoring(many, 'Monitoring', { endpoints, excludedAlarms: Object.values(MonitoringAlarm) });
    const types = widgetsOf(many).map(({ type, properties }) => properties.title ?? type);
    const five = ['Demand', 'Backlog', 'Capacity', 'Latency', 'Failures'];
    expect(types).toEqual(['text', ...five, 'Invoker', 'text', ...five]);
  });

  test('has the name that it is given, and can be left out', () => {
    expect(
      only(aMonitoring({ dashboardName: 'Models' }).stack, 'AWS::CloudWatch::Dashboard').Properties.DashboardName,
    ).toBe('Models');
    const { monitoring } = aMonitoring({ createDashboard: false });
    expect(monitoring.dashboard).toBeUndefined();
    expect(resources(monitoring, 'AWS::CloudWatch::Dashboard')).toEqual({});
  });
});
