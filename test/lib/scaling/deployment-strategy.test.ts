import type { Stack } from 'aws-cdk-lib';
import { Duration, Lazy } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  CapacitySize,
  EndpointDeploymentStrategy,
} from '../../../lib';
import type { AsyncInferenceEndpoint } from '../../../lib';
import { aStack, anEndpoint, only, statements } from '../../../tools/showcase/stacks';

const scaling = { maxCapacity: 4 };
const deployed = (deploymentStrategy?: EndpointDeploymentStrategy) => {
  const stack = aStack();
  anEndpoint(stack, { deploymentStrategy, scaling, initialInstanceCount: 4 });
  return only(stack, 'AWS::SageMaker::Endpoint').Properties.DeploymentConfig;
};
const blueGreen = (routing: object, rest: object = {}) => ({
  BlueGreenUpdatePolicy: { TrafficRoutingConfiguration: routing, ...rest },
});

test("is SageMaker's by default", () => expect(deployed()).toBeUndefined());

test.each<[string, EndpointDeploymentStrategy, object]>([
  [
    'all at once',
    EndpointDeploymentStrategy.allAtOnce(),
    blueGreen({ Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 300 }),
  ],
  [
    'canary',
    EndpointDeploymentStrategy.canary(),
    blueGreen({ Type: 'CANARY', WaitIntervalInSeconds: 300, CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 } }),
  ],
  [
    'linear',
    EndpointDeploymentStrategy.linear(),
    blueGreen({
      Type: 'LINEAR',
      WaitIntervalInSeconds: 300,
      LinearStepSize: { Type: 'CAPACITY_PERCENT', Value: 50 },
    }),
  ],
  [
    'rolling',
    EndpointDeploymentStrategy.rolling(),
    {
      RollingUpdatePolicy: { MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 }, WaitIntervalInSeconds: 300 },
    },
  ],
  [
    'canary as told',
    EndpointDeploymentStrategy.canary({
      canarySize: CapacitySize.percent(10),
      waitInterval: Duration.seconds(0),
      terminationWait: Duration.hours(1),
      maximumExecutionTimeout: Duration.hours(8),
    }),
    blueGreen(
      { Type: 'CANARY', WaitIntervalInSeconds: 0, CanarySize: { Type: 'CAPACITY_PERCENT', Value: 10 } },
      { TerminationWaitInSeconds: 3600, MaximumExecutionTimeoutInSeconds: 28800 },
    ),
  ],
  [
    'rolling as told',
    EndpointDeploymentStrategy.rolling({
      maximumBatchSize: CapacitySize.instances(2),
      rollbackMaximumBatchSize: CapacitySize.percent(100),
      maximumExecutionTimeout: Duration.minutes(10),
    }),
    {
      RollingUpdatePolicy: {
        MaximumBatchSize: { Type: 'INSTANCE_COUNT', Value: 2 },
        RollbackMaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 100 },
        WaitIntervalInSeconds: 300,
        MaximumExecutionTimeoutInSeconds: 600,
      },
    },
  ],
])('%s', (_, strategy, expected) => expect(deployed(strategy)).toEqual(expected));

test.each<[string, () => EndpointDeploymentStrategy]>([
  [
    'canarySize in percent must be a whole number from 1 to 50, got 51',
    () => EndpointDeploymentStrategy.canary({ canarySize: CapacitySize.percent(51) }),
  ],
  [
    'canarySize in instances must be a whole number of at least 1, got 0',
    () => EndpointDeploymentStrategy.canary({ canarySize: CapacitySize.instances(0) }),
  ],
  [
    'linearStepSize in percent must be a whole number from 10 to 50, got 9',
    () => EndpointDeploymentStrategy.linear({ linearStepSize: CapacitySize.percent(9) }),
  ],
  [
    'maximumBatchSize in percent must be a whole number from 5 to 50, got 4',
    () => EndpointDeploymentStrategy.rolling({ maximumBatchSize: CapacitySize.percent(4) }),
  ],
  [
    'waitInterval must be a whole number of seconds from 0 to 3600, got 3601',
    () => EndpointDeploymentStrategy.allAtOnce({ waitInterval: Duration.seconds(3601) }),
  ],
  [
    'terminationWait must be a whole number of seconds from 0 to 3600, got 3601',
    () => EndpointDeploymentStrategy.allAtOnce({ terminationWait: Duration.seconds(3601) }),
  ],
  [
    'maximumExecutionTimeout must be a whole number of seconds from 600 to 28800, got 599',
    () => EndpointDeploymentStrategy.rolling({ maximumExecutionTimeout: Duration.seconds(599) }),
  ],
])('fails: %s', (message, make) => expect(make).toThrow(message));

describe('what works on parts of a fleet', () => {
  test.each([
    EndpointDeploymentStrategy.canary(),
    EndpointDeploymentStrategy.linear(),
    EndpointDeploymentStrategy.rolling(),
  ])('needs two instances when an update starts (%#)', (deploymentStrategy) => {
    const scaling = { maxCapacity: 2 };
    expect(() => anEndpoint(aStack(), { deploymentStrategy, scaling })).toThrow(
      'Stack/Endpoint: deploymentStrategy divides the fleet, which needs at least two instances when an update starts, got 1: ' +
        'raise initialInstanceCount, or use EndpointDeploymentStrategy.allAtOnce',
    );
    expect(() => anEndpoint(aStack(), { deploymentStrategy, scaling, initialInstanceCount: 2 })).not.toThrow();
    expect(() => anEndpoint(aStack(), { deploymentStrategy, scaling: { minCapacity: 2 } })).not.toThrow();
  });

  test('needs two instances at any time if an update keeps the number that scaling has reached', () => {
    const props = {
      deploymentStrategy: EndpointDeploymentStrategy.rolling(),
      retainAllVariantProperties: true,
      initialInstanceCount: 2,
    };
    expect(() => anEndpoint(aStack(), { ...props, scaling: { minCapacity: 1, maxCapacity: 4 } })).toThrow(
      'got 1: raise minCapacity of scaling, or use EndpointDeploymentStrategy.allAtOnce',
    );
    expect(() => anEndpoint(aStack(), { ...props, scaling: { minCapacity: 2, maxCapacity: 4 } })).not.toThrow();
  });

  test.each<[string, EndpointDeploymentStrategy, number]>([
    [
      'canarySize must be at most half of the 2 instances that an update starts with, got 2',
      EndpointDeploymentStrategy.canary({ canarySize: CapacitySize.instances(2) }),
      2,
    ],
    [
      'linearStepSize must be at most half of the 5 instances that an update starts with, got 3',
      EndpointDeploymentStrategy.linear({ linearStepSize: CapacitySize.instances(3) }),
      5,
    ],
    [
      'linearStepSize must be at least 10 percent of the 11 instances that an update starts with, got 1',
      EndpointDeploymentStrategy.linear({ linearStepSize: CapacitySize.instances(1) }),
      11,
    ],
    [
      'maximumBatchSize must be at most half of the 4 instances that an update starts with, got 3',
      EndpointDeploymentStrategy.rolling({ maximumBatchSize: CapacitySize.instances(3) }),
      4,
    ],
  ])('%s', (message, deploymentStrategy, instances) => {
    const fixed = (count: number) => () =>
      anEndpoint(aStack(), { deploymentStrategy, scaling: { minCapacity: count, maxCapacity: count } });
    expect(fixed(instances)).toThrow(`Stack/Endpoint: deploymentStrategy: ${message}`);
    expect(fixed(message.includes('at least') ? instances - 1 : 6)).not.toThrow();
  });

  test('have sizes for any number of instances that scaling has reached, if an update keeps it', () => {
    const deploymentStrategy = EndpointDeploymentStrategy.linear({ linearStepSize: CapacitySize.instances(2) });
    const kept = (minCapacity: number, maxCapacity: number) => () =>
      anEndpoint(aStack(), {
        deploymentStrategy,
        retainAllVariantProperties: true,
        scaling: { minCapacity, maxCapacity },
      });
    expect(kept(3, 20)).toThrow('at most half of the 3 instances');
    expect(kept(4, 21)).toThrow('at least 10 percent of the 21 instances');
    expect(kept(4, 20)).not.toThrow();
  });

  test('all at once does not', () => {
    expect(() => anEndpoint(aStack(), { deploymentStrategy: EndpointDeploymentStrategy.allAtOnce() })).not.toThrow();
  });
});

describe('the maximum duration of an update is longer than its waits', () => {
  const hours = (...[waitInterval, terminationWait, maximumExecutionTimeout]: [number, number, number]) => ({
    waitInterval: Duration.hours(waitInterval),
    terminationWait: Duration.hours(terminationWait),
    maximumExecutionTimeout: Duration.hours(maximumExecutionTimeout),
  });
  const percent = CapacitySize.percent(25);

  test.each<[string, EndpointDeploymentStrategy, EndpointDeploymentStrategy]>([
    [
      '5400 seconds (1 × waitInterval of 3600, and terminationWait of 1800), got 5400',
      EndpointDeploymentStrategy.allAtOnce(hours(1, 0.5, 1.5)),
      EndpointDeploymentStrategy.allAtOnce(hours(1, 0.5, 2)),
    ],
    [
      '7200 seconds (1 × waitInterval of 3600, and terminationWait of 3600), got 7200',
      EndpointDeploymentStrategy.canary(hours(1, 1, 2)),
      EndpointDeploymentStrategy.canary(hours(1, 1, 3)),
    ],
    [
      '14400 seconds (3 × waitInterval of 3600, and terminationWait of 3600), got 14400',
      EndpointDeploymentStrategy.linear({ ...hours(1, 1, 4), linearStepSize: percent }),
      EndpointDeploymentStrategy.linear({ ...hours(1, 1, 5), linearStepSize: percent }),
    ],
    [
      '10800 seconds (3 × waitInterval of 3600, and terminationWait of 0), got 7200',
      EndpointDeploymentStrategy.rolling({ ...hours(1, 0, 2), maximumBatchSize: CapacitySize.instances(1) }),
      EndpointDeploymentStrategy.rolling({ ...hours(1, 0, 4), maximumBatchSize: CapacitySize.instances(1) }),
    ],
  ])('%s', (message, tooShort, longEnough) => {
    const fleet = { scaling: { minCapacity: 4, maxCapacity: 4 } };
    expect(() => anEndpoint(aStack(), { ...fleet, deploymentStrategy: tooShort })).toThrow(
      `deploymentStrategy: maximumExecutionTimeout must be longer than the waits of an update, ${message}`,
    );
    expect(() => anEndpoint(aStack(), { ...fleet, deploymentStrategy: longEnough })).not.toThrow();
  });

  test('all at once, also with one instance', () => {
    const deploymentStrategy = EndpointDeploymentStrategy.allAtOnce(hours(1, 1, 1));
    expect(() => anEndpoint(aStack(), { deploymentStrategy })).toThrow('maximumExecutionTimeout must be longer');
  });

  test('unknown durations are not compared', () => {
    const wait = Duration.seconds(Lazy.number({ produce: () => 3_600 }));
    const deploymentStrategy = EndpointDeploymentStrategy.allAtOnce({
      waitInterval: wait,
      maximumExecutionTimeout: Duration.hours(1),
    });
    expect(() => anEndpoint(aStack(), { deploymentStrategy })).not.toThrow();
  });
});

describe('rollback', () => {
  const alarms = (stack: Stack, endpoint: AsyncInferenceEndpoint, count: number) =>
    Array.from(
      { length: count },
      (_, index) =>
        new Alarm(stack, `Alarm${index}`, {
          metric: endpoint.metrics.invocationFailures(),
          threshold: 1,
          evaluationPeriods: 1,
        }),
    );

  test('on alarms of the endpoint itself: no cycle, and the right to watch these alarms and no others', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack);
    endpoint.addRollbackAlarms(...alarms(stack, endpoint, 10));
    const { DeploymentConfig } = only(stack, 'AWS::SageMaker::Endpoint').Properties as {
      DeploymentConfig: { AutoRollbackConfiguration: { Alarms: unknown[] }; BlueGreenUpdatePolicy: unknown };
    };
    expect(DeploymentConfig.AutoRollbackConfiguration.Alarms).toHaveLength(10);
    expect(DeploymentConfig.BlueGreenUpdatePolicy).toEqual({
      TrafficRoutingConfiguration: { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds: 300 },
    });
    const [watch, ...others] = statements(stack, 'RollbackPermissions');
    expect(others).toEqual([]);
    expect(watch).toMatchObject({ Action: 'cloudwatch:DescribeAlarms' });
    expect(watch!.Resource).toHaveLength(10);
    expect(only(stack, 'AWS::SageMaker::Endpoint').DependsOn).toEqual(
      expect.arrayContaining([expect.stringContaining('RollbackPermissions')]),
    );
  });

  test('on the alarms of AsyncInferenceMonitoring: no cycle', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack);
    endpoint.addRollbackAlarms(
      ...new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] }).alarmsOf(endpoint),
    );
    expect(statements(stack, 'RollbackPermissions')[0]!.Resource).toHaveLength(8);
  });

  test('not on an alarm of the invoker, which depends on the endpoint', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack);
    const { alarms } = new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] });
    const [onInvoker] = alarms.filter(({ node }) => node.id === 'InvokerErrors');
    expect(() => endpoint.addRollbackAlarms(onInvoker!)).toThrow(/watches the invoker.*use alarmsOf\(endpoint\)/);
  });

  test('not on an alarm of another invoker of the endpoint', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, { createInvoker: false });
    const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
    const metric = invoker.function.metricErrors();
    const onInvoker = new Alarm(stack, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1 });
    expect(() => endpoint.addRollbackAlarms(onInvoker)).toThrow('Stack/Alarm watches the invoker');
  });

  test('on alarms that are given, in two goes', () => {
    const stack = aStack();
    const [first, second] = ['a', 'b'].map((name) => Alarm.fromAlarmName(stack, name, name));
    anEndpoint(stack, { rollbackAlarms: [first!] }).addRollbackAlarms(second!);
    expect(only(stack, 'AWS::SageMaker::Endpoint').Properties).toMatchObject({
      DeploymentConfig: { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'a' }, { AlarmName: 'b' }] } },
    });
  });

  test('without alarms: no right to watch any', () => {
    const stack = aStack();
    anEndpoint(stack, { rollbackAlarms: [] });
    expect(statements(stack, 'Rollback')).toEqual([]);
  });

  test('fails on eleven', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack);
    expect(() => endpoint.addRollbackAlarms(...alarms(stack, endpoint, 11))).toThrow(
      'rollbackAlarms must have at most 10 alarms, got 11',
    );
  });
});

test('retainAllVariantProperties is off unless told', () => {
  const retained = (retainAllVariantProperties?: boolean) => {
    const stack = aStack();
    anEndpoint(stack, { retainAllVariantProperties });
    return only(stack, 'AWS::SageMaker::Endpoint').Properties.RetainAllVariantProperties;
  };
  expect([retained(), retained(true)]).toEqual([undefined, true]);
});
