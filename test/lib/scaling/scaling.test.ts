import { App, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AsyncInferenceEndpoint, AsyncInferenceScaling, InstanceType } from '../../../lib';
import type { AsyncInferenceScalingOptions } from '../../../lib';
import { trackedDemand, wakeDemand } from '../../../lib/scaling/demand';
import { ENV, aStack, anEndpoint, only, resources } from '../../../tools/showcase/stacks';

const POLICY = 'AWS::ApplicationAutoScaling::ScalingPolicy';
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

function scaled(scaling?: AsyncInferenceScalingOptions) {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { endpointName: 'languages', scaling });
  return { stack, endpoint, template: Template.fromStack(stack) };
}

describe('by default, from zero to one and back', () => {
  const { stack, template } = scaled();

  test('registers the one variant, after the endpoint is there, with the role that the service makes itself', () => {
    const target = only(stack, TARGET);
    expect(target.Properties).toMatchObject({
      ServiceNamespace: 'sagemaker',
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      ResourceId: 'endpoint/languages/variant/AllTraffic',
      MinCapacity: 0,
      MaxCapacity: 1,
    });
    expect(JSON.stringify(target.Properties.RoleARN)).toContain(
      'role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
    );
    expect(target.DependsOn).toEqual(Object.keys(resources(stack, 'AWS::SageMaker::Endpoint')));
    expect(Object.keys(resources(stack, 'AWS::IAM::Role'))).toHaveLength(2);
  });

  test('tracks the demand of each instance, by metrics of the endpoint alone', () => {
    const metric = (Id: string, MetricName: string, Stat: string) => ({
      Id,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SageMaker',
          MetricName,
          Dimensions: [{ Name: 'EndpointName', Value: 'languages' }],
        },
        Stat,
      },
      ReturnData: false,
    });
    template.hasResourceProperties(POLICY, {
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: {
        CustomizedMetricSpecification: {
          Metrics: [
            metric('backlog', 'ApproximateBacklogSize', 'Average'),
            metric('backlogPerInstance', 'ApproximateBacklogSizePerInstance', 'Average'),
            metric('age', 'ApproximateAgeOfOldestRequest', 'Maximum'),
            metric('unserved', 'HasBacklogWithoutCapacity', 'Average'),
            { Id: 'value', Expression: trackedDemand(5, 0, 21_600), ReturnData: true },
          ],
        },
        TargetValue: 5,
        ScaleInCooldown: 900,
        ScaleOutCooldown: 300,
      },
    });
  });

  test('wakes to an exact capacity, on an alarm that leaves missing data missing', () => {
    template.hasResourceProperties(POLICY, {
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ExactCapacity',
        MetricAggregationType: 'Maximum',
        Cooldown: 0,
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    });
    const [policy] = Object.entries(resources(stack, POLICY)).find(
      ([, { Properties }]) => Properties.PolicyType === 'StepScaling',
    )!;
    expect(only(stack, 'AWS::CloudWatch::Alarm').Properties).toMatchObject({
      Metrics: [
        { Id: 'backlog', MetricStat: { Period: 60, Stat: 'Average' }, ReturnData: false },
        {
          Id: 'unserved',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SageMaker',
              MetricName: 'HasBacklogWithoutCapacity',
              Dimensions: [{ Name: 'EndpointName', Value: 'languages' }],
            },
          },
        },
        { Id: 'value', Expression: wakeDemand(0), ReturnData: true },
      ],
      EvaluationPeriods: 5,
      DatapointsToAlarm: 2,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'missing',
      AlarmActions: [{ Ref: policy }],
    });
  });

  test('the endpoint is created with one instance, since SageMaker takes no zero', () => {
    expect(only(stack, 'AWS::SageMaker::EndpointConfig').Properties).toMatchObject({
      ProductionVariants: [{ InitialInstanceCount: 1 }],
    });
  });
});

test('zero stays zero where a maximum is given', () => {
  const { stack } = scaled({ minCapacity: 0, maxCapacity: 4 });
  expect(only(stack, TARGET).Properties).toMatchObject({ MinCapacity: 0, MaxCapacity: 4 });
});

test('from one up nothing has to wake', () => {
  const { stack } = scaled({ minCapacity: 2, maxCapacity: 4 });
  expect(resources(stack, 'AWS::CloudWatch::Alarm')).toEqual({});
  expect(Object.keys(resources(stack, POLICY))).toHaveLength(1);
  expect(only(stack, 'AWS::SageMaker::EndpointConfig').Properties).toMatchObject({
    ProductionVariants: [{ InitialInstanceCount: 2 }],
  });
});

test.each([{ minCapacity: 3, maxCapacity: 3 }, { minCapacity: 3 }])(
  '%j is a fixed fleet, without scaling resources',
  (scaling) => {
    const { stack, endpoint } = scaled(scaling);
    expect([resources(stack, TARGET), resources(stack, POLICY), resources(stack, 'AWS::CloudWatch::Alarm')]).toEqual([
      {},
      {},
      {},
    ]);
    expect(only(stack, 'AWS::SageMaker::EndpointConfig').Properties).toMatchObject({
      ProductionVariants: [{ InitialInstanceCount: 3 }],
    });
    expect(() =>
      endpoint.scaling.scaleOnSchedule('Day', { schedule: Schedule.cron({ hour: '8' }), minCapacity: 1 }),
    ).toThrow(/scaleOnSchedule has no effect on a fixed fleet: minCapacity and maxCapacity are equal/);
  },
);

test('target and cooldowns are the props', () => {
  const { template } = scaled({
    maxCapacity: 2,
    targetBacklogPerInstance: 0.5,
    scaleInCooldown: Duration.seconds(0),
    scaleOutCooldown: Duration.minutes(1),
  });
  template.hasResourceProperties(POLICY, {
    TargetTrackingScalingPolicyConfiguration: { TargetValue: 0.5, ScaleInCooldown: 0, ScaleOutCooldown: 60 },
  });
});

test('the target is twice what an instance processes at a time, and at least five', () => {
  const target = (maxConcurrentInvocationsPerInstance: number) => {
    const stack = aStack();
    anEndpoint(stack, { maxConcurrentInvocationsPerInstance });
    return JSON.stringify(resources(stack, POLICY));
  };
  expect(target(2)).toContain('"TargetValue":5');
  expect(target(8)).toContain('"TargetValue":16');
});

describe('demand in front of the endpoint', () => {
  const metric = (region?: string) => new Metric({ namespace: 'Mine', metricName: 'Waiting', region });

  test('is part of both policies', () => {
    const stack = aStack();
    const { scaling } = anEndpoint(stack, { scaling: { maxCapacity: 4 } });
    scaling.addDemand(metric());
    for (const type of [POLICY, 'AWS::CloudWatch::Alarm'])
      expect(JSON.stringify(resources(stack, type))).toContain('"Id":"demand0"');
    expect(JSON.stringify(resources(stack, POLICY))).toContain(trackedDemand(5, 1, 21_600));
    expect(JSON.stringify(resources(stack, 'AWS::CloudWatch::Alarm'))).toContain(wakeDemand(1));
  });

  test.each([
    ['of another region', metric('us-east-1'), /accepts metrics of the region eu-west-1, got one of us-east-1/],
    [
      'of another account',
      metric().with({ account: '999999999999' }),
      /accepts metrics of the account 111122223333, got one of 999999999999/,
    ],
    [
      'of an expression',
      new MathExpression({ expression: 'a + a', usingMetrics: { a: metric() } }),
      /accepts a metric, and no expression/,
    ],
  ])('%s is refused', (_, demand, message) => {
    const stack = new Stack(new App(), 'Stack', { env: { region: 'eu-west-1', account: '111122223333' } });
    expect(() => anEndpoint(stack).scaling.addDemand(demand)).toThrow(message);
  });

  test('is refused after five metrics, and for a fixed fleet', () => {
    const { scaling } = anEndpoint(aStack());
    for (let count = 0; count < 5; count += 1) scaling.addDemand(metric());
    expect(() => scaling.addDemand(metric())).toThrow(/at most 5 metrics/);
    const fixed = anEndpoint(aStack(), { scaling: { minCapacity: 1 } }).scaling;
    expect(() => fixed.addDemand(metric())).toThrow(/no effect on a fixed fleet/);
  });
});

describe('the steps from zero', () => {
  const steps = (scaling: AsyncInferenceScalingOptions) =>
    Object.values(resources(scaled(scaling).stack, POLICY))
      .map(({ Properties }) => Properties.StepScalingPolicyConfiguration as { StepAdjustments: unknown } | undefined)
      .find((configuration) => configuration !== undefined)!.StepAdjustments;

  test('keep the target by default', () => {
    expect(steps({ maxCapacity: 3 })).toEqual([
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 5, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 5, MetricIntervalUpperBound: 10, ScalingAdjustment: 2 },
      { MetricIntervalLowerBound: 10, ScalingAdjustment: 3 },
    ]);
  });

  test('can be given', () => {
    const wakeSteps = [{ capacity: 2, maxDemand: 100 }, { capacity: 8 }];
    expect(steps({ maxCapacity: 8, wakeSteps })).toEqual([
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 100, ScalingAdjustment: 2 },
      { MetricIntervalLowerBound: 100, ScalingAdjustment: 8 },
    ]);
  });

  test.each<[AsyncInferenceScalingOptions, RegExp]>([
    [
      { maxCapacity: 4, wakeSteps: [{ capacity: 1, maxDemand: 5 }] },
      /maxDemand of wakeSteps\[0\] has no effect without another step after it/,
    ],
    [{ wakeSteps: [] }, /wakeSteps must have 1 to 20 steps, got 0/],
    [{ wakeSteps: [{ capacity: 2 }] }, /capacity of wakeSteps\[0\] must be a whole number from 1 to 1, got 2/],
    [
      { maxCapacity: 4, wakeSteps: [{ capacity: 1 }, { capacity: 2 }] },
      /maxDemand of wakeSteps\[0\] is required, because another step follows/,
    ],
    [
      { maxCapacity: 4, wakeSteps: [{ capacity: 2, maxDemand: 5 }, { capacity: 1 }] },
      /wakeSteps must be in ascending order/,
    ],
    [{ minCapacity: 1, maxCapacity: 2, wakeSteps: [{ capacity: 1 }] }, /wakeSteps has no effect with minCapacity 1/],
  ])('%j is refused', (scaling, message) => expect(() => scaled(scaling)).toThrow(message));
});

test('a schedule changes the bounds', () => {
  const stack = aStack();
  anEndpoint(stack).scaling.scaleOnSchedule('Day', {
    schedule: Schedule.cron({ hour: '8', minute: '0' }),
    minCapacity: 1,
  });
  expect(only(stack, TARGET).Properties.ScheduledActions).toMatchObject([
    { Schedule: 'cron(0 8 * * ? *)', ScalableTargetAction: { MinCapacity: 1 } },
  ]);
});

test('a schedule that goes to zero brings the alarm that wakes the endpoint', () => {
  const stack = aStack();
  const { scaling } = anEndpoint(stack, { scaling: { minCapacity: 1, maxCapacity: 2 } });
  expect(scaling.wakeAlarm).toBeUndefined();
  const schedule = Schedule.cron({ hour: '18', minute: '0' });
  scaling.scaleOnSchedule('Evening', { schedule, minCapacity: 0 });
  scaling.scaleOnSchedule('Night', { schedule, minCapacity: 0 });
  expect(scaling.wakeAlarm).toBeDefined();
  expect(Object.keys(resources(stack, POLICY))).toHaveLength(2);
});

test.each([
  [{}, /needs minCapacity, maxCapacity or both/],
  [{ minCapacity: -1 }, /minCapacity must be a whole number of at least 0, got -1/],
  [{ minCapacity: 3, maxCapacity: 2 }, /minCapacity must be at most maxCapacity, got 3 and 2/],
  [{ minCapacity: 2 }, /with this schedule, minCapacity would be 2 and maxCapacity 1: set both in the schedule/],
])('a schedule of %j is refused', (bounds, message) => {
  const { scaling } = anEndpoint(aStack());
  expect(() => scaling.scaleOnSchedule('Day', { schedule: Schedule.cron({}), ...bounds })).toThrow(message);
});

test.each<[AsyncInferenceScalingOptions, RegExp]>([
  [{ minCapacity: 0, maxCapacity: 0 }, /scaling: maxCapacity must be a whole number of at least 1, got 0/],
  [{ minCapacity: -1 }, /scaling: minCapacity must be a whole number of at least 0, got -1/],
  [{ minCapacity: 1.5, maxCapacity: 2 }, /scaling: minCapacity must be a whole number of at least 0, got 1.5/],
  [{ minCapacity: 2, maxCapacity: 1 }, /scaling: minCapacity must be at most maxCapacity, got 2 and 1/],
  [{ targetBacklogPerInstance: 0 }, /scaling: targetBacklogPerInstance must be more than 0, got 0/],
  [{ targetBacklogPerInstance: NaN }, /scaling: targetBacklogPerInstance must be more than 0, got NaN/],
  [
    { scaleInCooldown: Duration.millis(500) },
    /scaling: scaleInCooldown must be a whole number of seconds of at least 0, got 0.5/,
  ],
  [
    { scaleOutCooldown: Duration.millis(500) },
    /scaling: scaleOutCooldown must be a whole number of seconds of at least 0, got 0.5/,
  ],
  [
    { minCapacity: Lazy.number({ produce: () => 1 }) },
    /maxCapacity must be given where minCapacity is known at deploy time only/,
  ],
])('%j is refused', (scaling, message) => expect(() => scaled(scaling)).toThrow(message));

test('tokens are accepted if the initial number of instances is known', () => {
  const token = Lazy.number({ produce: () => 2 });
  const scaling = {
    minCapacity: token,
    maxCapacity: token,
    targetBacklogPerInstance: token,
    scaleInCooldown: Duration.seconds(token),
  };
  expect(() => scaled(scaling)).toThrow(
    'initialInstanceCount is required if minCapacity is a token, because SageMaker cannot create an endpoint with zero instances',
  );
  const stack = aStack();
  anEndpoint(stack, { scaling, initialInstanceCount: 2 });
  expect(only(stack, TARGET).Properties).toMatchObject({ MinCapacity: 2, MaxCapacity: 2 });
});

describe('initialInstanceCount', () => {
  test.each([1, 4])('takes %d, within the bounds', (initialInstanceCount) => {
    const stack = aStack();
    anEndpoint(stack, { initialInstanceCount, scaling: { maxCapacity: 4 } });
    expect(only(stack, 'AWS::SageMaker::EndpointConfig').Properties).toMatchObject({
      ProductionVariants: [{ InitialInstanceCount: initialInstanceCount }],
    });
  });

  test.each([
    [0, /initialInstanceCount must be a whole number of at least 1, got 0/],
    [5, /initialInstanceCount must be within the bounds of scaling, 0 to 4, got 5/],
  ])('fails on %d', (initialInstanceCount, message) => {
    expect(() => anEndpoint(aStack(), { initialInstanceCount, scaling: { maxCapacity: 4 } })).toThrow(message);
  });
});

describe('burstable instances', () => {
  const instanceType = InstanceType.of('ml.t2.medium');

  test('cannot be scaled', () => {
    expect(() => anEndpoint(aStack(), { instanceType })).toThrow(
      /instance type ml.t2.medium is burstable, and SageMaker cannot scale it/,
    );
  });

  test('make a fixed fleet', () => {
    expect(() => anEndpoint(aStack(), { instanceType, scaling: { minCapacity: 1 } })).not.toThrow();
  });

  test('are not those of Trainium', () => {
    expect(() => anEndpoint(aStack(), { instanceType: InstanceType.TRN1_2XLARGE })).not.toThrow();
  });
});

test('on its own, for an endpoint that is defined elsewhere', () => {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { scaling: { minCapacity: 1 } });
  new AsyncInferenceScaling(stack, 'Scaling', { endpoint, maxCapacity: 2 });
  expect(only(stack, TARGET).Properties).toMatchObject({ MinCapacity: 0, MaxCapacity: 2 });
});

test.each([
  ['region', 'arn:aws:sagemaker:us-east-1:111122223333:endpoint/languages'],
  ['account', 'arn:aws:sagemaker:eu-west-1:444455556666:endpoint/languages'],
])('for an endpoint of another %s is an error', (_, endpointArn) => {
  const stack = aStack({ env: ENV });
  const endpoint = AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Endpoint', {
    endpointArn,
    variantName: 'AllTraffic',
  });
  expect(() => new AsyncInferenceScaling(stack, 'Scaling', { endpoint })).toThrow(
    /endpoint is in .*, and the scaling would act on eu-west-1 of 111122223333: define the scaling there/,
  );
});
