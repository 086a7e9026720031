import type { Stack } from 'aws-cdk-lib';
import { Duration } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AsyncInferenceMonitoring, CapacitySize, EndpointDeploymentStrategy } from '../../../lib';
import type { AsyncInferenceEndpoint } from '../../../lib';
import { aStack, anEndpoint, only, statements } from '../../../tools/showcase/stacks';

const scaling = { maxCapacity: 4 };
const deployed = (deploymentStrategy?: EndpointDeploymentStrategy) => {
  const stack = aStack();
  anEndpoint(stack, { deploymentStrategy, scaling, initialInstanceCount: 2 });
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

  test('all at once does not', () => {
    expect(() => anEndpoint(aStack(), { deploymentStrategy: EndpointDeploymentStrategy.allAtOnce() })).not.toThrow();
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
