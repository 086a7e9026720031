import { Duration, RemovalPolicy, Size, Tags } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { AsyncInferenceEndpointProps } from '../../../lib';
import {
  ContainerImage,
  EndpointDeploymentStrategy,
  InferenceAmiVersion,
  InferenceModel,
  InferenceOutcome,
  InstanceType,
  ModelData,
  VariantProperty,
} from '../../../lib';
import { changes } from '../../support/changes';
import { ENV, aStack, anEndpoint, anImage } from '../../../tools/showcase/stacks';

type Props = Partial<AsyncInferenceEndpointProps>;

interface Change {
  /** What is changed, where it is not the prop as such. */
  readonly what?: string;
  readonly from?: (stack: Stack) => Props;
  readonly to: (stack: Stack) => Props;
  /** What CloudFormation does because of it. */
  readonly does: readonly string[];
}

const NEW_CONFIG = ['Config replaced', 'Endpoint updated'];
const NEW_MODEL = [...NEW_CONFIG, 'Model replaced'];
/**
 * CloudFormation removes the old policy in the cleanup, when the fleet that needs it is gone. A policy is also replaced if a resource
 * that it names changes, because any property may replace that resource.
 */
const NEW_PERMISSIONS = ['Permissions replaced'];
const scaling = (what: string) =>
  ['Scaling/Target', 'Scaling/DemandPolicy', 'Scaling/WakePolicy', 'Scaling/WakeAlarm'].map(
    (part) => `${part} ${what}`,
  );
const FIXED = { scaling: { minCapacity: 1, maxCapacity: 1 } };
const FREE = { scaling: { maxCapacity: 4 } };
const NAMED = { endpointName: 'languages' };
const TWO = { ...FREE, initialInstanceCount: 2 };

const container =
  (image: ContainerImage, objectKey?: string, environment?: Record<string, string>) =>
  (stack: Stack): Props => ({
    model: InferenceModel.fromContainer({
      image,
      modelData: objectKey
        ? ModelData.fromBucket(Bucket.fromBucketName(stack, 'Models', 'models'), objectKey)
        : undefined,
      environment,
    }),
  });

const aPackage = (version: number) => (): Props => ({
  model: InferenceModel.fromModelPackageArn(
    `arn:aws:sagemaker:${ENV.region}:${ENV.account}:model-package/languages/${version}`,
  ),
});
const aKey = (stack: Stack) => Key.fromKeyArn(stack, 'Key', `arn:aws:kms:${ENV.region}:${ENV.account}:key/1`);
const aTopic = (stack: Stack) => Topic.fromTopicArn(stack, 'Given', `arn:aws:sns:${ENV.region}:${ENV.account}:given`);
const aBucket = (stack: Stack) => Bucket.fromBucketName(stack, 'Results', 'results');
const inVpc =
  (props: Props = {}) =>
  (stack: Stack): Props => ({
    vpc: ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['a', 'b'],
      privateSubnetIds: ['subnet-1', 'subnet-2'],
      isolatedSubnetIds: ['subnet-3', 'subnet-4'],
    }),
    ...props,
  });

/** For each prop of an endpoint, what a change of it does. The compiler requires a row for each prop. */
const CHANGES: Record<keyof AsyncInferenceEndpointProps, readonly Change[]> = {
  model: [
    { what: 'tag', to: container(anImage('2.0')), does: NEW_MODEL },
    {
      what: 'image',
      to: container(ContainerImage.fromDlc('tensorflow-inference', '1.0', { accountId: '763104351884' })),
      does: [...NEW_MODEL, ...NEW_PERMISSIONS],
    },
    {
      what: 'model data',
      from: container(anImage(), 'v1.tar.gz'),
      to: container(anImage(), 'v2.tar.gz'),
      does: [...NEW_MODEL, ...NEW_PERMISSIONS],
    },
    { what: 'environment', to: container(anImage(), undefined, { LEVEL: '1' }), does: NEW_MODEL },
    { what: 'version of a package', from: aPackage(1), to: aPackage(2), does: NEW_MODEL },
    {
      what: 'from a container to a model that exists',
      to: () => ({ model: InferenceModel.fromModelName('existing') }),
      does: [...NEW_CONFIG, 'Model removed', 'Permissions removed', 'ExecutionRole removed'],
    },
  ],
  instanceType: [
    { from: () => FIXED, to: () => ({ ...FIXED, instanceType: InstanceType.G5_XLARGE }), does: NEW_CONFIG },
  ],
  instancePools: [{ to: () => ({ instancePools: [{ instanceType: InstanceType.M5_2XLARGE }] }), does: NEW_CONFIG }],
  endpointName: [
    {
      to: () => ({ endpointName: 'other' }),
      does: [
        ...NEW_PERMISSIONS,
        'Endpoint replaced',
        'Invoker/Function updated',
        'Invoker/Permissions replaced',
        'LogGroup replaced',
        'Scaling/Target replaced',
        'Scaling/DemandPolicy replaced',
        'Scaling/WakePolicy replaced',
        'Scaling/WakeAlarm updated',
      ],
    },
  ],
  variantName: [
    {
      to: () => ({ variantName: 'Other' }),
      does: [
        ...NEW_CONFIG,
        'Scaling/Target replaced',
        'Scaling/DemandPolicy replaced',
        'Scaling/WakePolicy replaced',
        'Scaling/WakeAlarm updated',
      ],
    },
  ],
  executionRole: [
    {
      to: (stack) => ({ executionRole: Role.fromRoleName(stack, 'Given', 'given') }),
      does: [...NEW_MODEL, ...NEW_PERMISSIONS, 'ExecutionRole removed'],
    },
  ],
  scaling: [
    { what: 'bounds', to: () => FREE, does: ['Scaling/Target updated', 'Scaling/WakePolicy updated'] },
    {
      what: 'minimum',
      to: () => ({ scaling: { minCapacity: 2, maxCapacity: 4 } }),
      does: [...NEW_CONFIG, 'Scaling/Target updated', 'Scaling/WakePolicy removed', 'Scaling/WakeAlarm removed'],
    },
    { what: 'from free to fixed', to: () => FIXED, does: scaling('removed') },
    { what: 'from fixed to free', from: () => FIXED, to: () => ({}), does: scaling('added') },
    {
      what: 'target',
      to: () => ({ scaling: { targetBacklogPerInstance: 2 } }),
      does: ['Scaling/DemandPolicy updated'],
    },
    {
      what: 'cooldown',
      to: () => ({ scaling: { scaleInCooldown: Duration.hours(1) } }),
      does: ['Scaling/DemandPolicy updated'],
    },
  ],
  initialInstanceCount: [{ from: () => FREE, to: () => ({ ...FREE, initialInstanceCount: 2 }), does: NEW_CONFIG }],
  retainAllVariantProperties: [{ to: () => ({ retainAllVariantProperties: true }), does: ['Endpoint updated'] }],
  excludeRetainedVariantProperties: [
    {
      from: () => ({ retainAllVariantProperties: true }),
      to: () => ({
        retainAllVariantProperties: true,
        excludeRetainedVariantProperties: [VariantProperty.DESIRED_INSTANCE_COUNT],
      }),
      does: ['Endpoint updated'],
    },
  ],
  retainDeploymentConfig: [{ to: () => ({ retainDeploymentConfig: true }), does: ['Endpoint updated'] }],
  deploymentStrategy: [
    {
      from: () => TWO,
      to: () => ({ ...TWO, deploymentStrategy: EndpointDeploymentStrategy.rolling() }),
      does: ['Endpoint updated'],
    },
  ],
  rollbackAlarms: [
    {
      to: (stack) => ({
        rollbackAlarms: [Alarm.fromAlarmArn(stack, 'Alarm', `arn:aws:cloudwatch:${ENV.region}:${ENV.account}:alarm:a`)],
      }),
      does: ['Endpoint updated', 'RollbackPermissions added'],
    },
  ],
  maxConcurrentInvocationsPerInstance: [{ to: () => ({ maxConcurrentInvocationsPerInstance: 2 }), does: NEW_CONFIG }],
  modelDataDownloadTimeout: [{ to: () => ({ modelDataDownloadTimeout: Duration.minutes(9) }), does: NEW_CONFIG }],
  containerStartupHealthCheckTimeout: [
    { to: () => ({ containerStartupHealthCheckTimeout: Duration.minutes(9) }), does: NEW_CONFIG },
  ],
  variantInstanceProvisionTimeout: [
    { to: () => ({ variantInstanceProvisionTimeout: Duration.minutes(9) }), does: NEW_CONFIG },
  ],
  capacityReservationConfig: [
    {
      to: () => ({
        capacityReservationConfig: {
          mlReservationArn: `arn:aws:sagemaker:${ENV.region}:${ENV.account}:training-plan/plan`,
        },
      }),
      does: NEW_CONFIG,
    },
  ],
  metricsConfig: [{ to: () => ({ metricsConfig: { enableDetailedObservability: false } }), does: NEW_CONFIG }],
  inferenceAmiVersion: [{ to: () => ({ inferenceAmiVersion: InferenceAmiVersion.AL2_GPU_2 }), does: NEW_CONFIG }],
  volumeSize: [{ to: () => ({ volumeSize: Size.gibibytes(100) }), does: NEW_CONFIG }],
  volumeEncryptionKey: [
    { to: (stack) => ({ volumeEncryptionKey: aKey(stack) }), does: [...NEW_CONFIG, 'KeyPermissions added'] },
  ],
  enableNetworkIsolation: [{ to: () => ({ enableNetworkIsolation: true }), does: NEW_MODEL }],
  vpc: [{ to: inVpc(), does: [...NEW_MODEL, ...NEW_PERMISSIONS, 'SecurityGroup added'] }],
  vpcSubnets: [
    {
      from: inVpc(),
      to: inVpc({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } }),
      does: [...NEW_MODEL, ...NEW_PERMISSIONS],
    },
  ],
  securityGroups: [
    {
      from: inVpc(),
      to: (stack) => inVpc({ securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] })(stack),
      does: [...NEW_MODEL, ...NEW_PERMISSIONS, 'SecurityGroup removed'],
    },
  ],
  defaultRequestTtl: [
    {
      to: () => ({ defaultRequestTtl: Duration.hours(1) }),
      does: ['Invoker/Function updated', 'Scaling/DemandPolicy updated'],
    },
  ],
  defaultInvocationTimeout: [
    { to: () => ({ defaultInvocationTimeout: Duration.hours(1) }), does: ['Invoker/Function updated'] },
  ],
  outputBucket: [
    {
      to: (stack) => ({ outputBucket: aBucket(stack) }),
      does: [...NEW_CONFIG, ...NEW_PERMISSIONS, 'OutputBucket removed', 'OutputBucket/Policy removed'],
    },
  ],
  outputPrefix: [{ to: () => ({ outputPrefix: 'other' }), does: [...NEW_CONFIG, ...NEW_PERMISSIONS] }],
  failurePrefix: [{ to: () => ({ failurePrefix: 'other' }), does: [...NEW_CONFIG, ...NEW_PERMISSIONS] }],
  outputEncryptionKey: [
    {
      to: (stack) => ({ outputEncryptionKey: aKey(stack) }),
      does: [
        ...NEW_CONFIG,
        ...NEW_PERMISSIONS,
        'ErrorTopic updated',
        'KeyPermissions added',
        'OutputBucket updated',
        'SuccessTopic updated',
      ],
    },
  ],
  successTopic: [
    {
      to: (stack) => ({ successTopic: aTopic(stack) }),
      does: [...NEW_CONFIG, ...NEW_PERMISSIONS, 'SuccessTopic removed', 'SuccessTopic/Policy removed'],
    },
  ],
  errorTopic: [
    {
      to: (stack) => ({ errorTopic: aTopic(stack) }),
      does: [...NEW_CONFIG, ...NEW_PERMISSIONS, 'ErrorTopic removed', 'ErrorTopic/Policy removed'],
    },
  ],
  includeInferenceResponseIn: [
    {
      to: () => ({ includeInferenceResponseIn: [InferenceOutcome.SUCCESS] }),
      does: NEW_CONFIG,
    },
  ],
  outputExpiration: [
    { to: () => ({ outputExpiration: Duration.days(7) }), does: ['OutputBucket updated', ...NEW_PERMISSIONS] },
  ],
  outputRemovalPolicy: [
    {
      to: () => ({ outputRemovalPolicy: RemovalPolicy.DESTROY }),
      does: ['OutputBucket updated', 'OutputBucket/Policy updated'],
    },
  ],
  logRetention: [
    { to: () => ({ logRetention: RetentionDays.ONE_WEEK }), does: ['LogGroup updated', ...NEW_PERMISSIONS] },
  ],
  logGroup: [
    {
      from: () => NAMED,
      to: (stack) => ({
        ...NAMED,
        logGroup: LogGroup.fromLogGroupName(stack, 'Logs', '/aws/sagemaker/Endpoints/languages'),
      }),
      does: ['LogGroup removed', ...NEW_PERMISSIONS],
    },
  ],
  createInvoker: [
    {
      to: () => ({ createInvoker: false }),
      does: [
        'Invoker/Function removed',
        'Invoker/LogGroup removed',
        'Invoker/Permissions removed',
        'Invoker/Role removed',
      ],
    },
  ],
  invokerOptions: [{ to: () => ({ invokerOptions: { memorySize: 512 } }), does: ['Invoker/Function updated'] }],
};

const ROWS = Object.entries(CHANGES).flatMap(([prop, rows]) =>
  rows.map((row) => [[prop, row.what].filter(Boolean).join(': '), row] as const),
);

function aStackWith(props: Change['to']): Stack {
  const stack = aStack({ env: ENV });
  anEndpoint(stack, props(stack));
  return stack;
}

const DEFAULT = aStackWith(() => ({}));

test.each(ROWS)('a change of %s', (_, { from, to, does }) => {
  expect(changes(from ? aStackWith(from) : DEFAULT, aStackWith(to))).toEqual([...does].sort());
});

test('a change of tags replaces nothing', () => {
  const tagged = aStackWith(() => ({}));
  Tags.of(tagged).add('team', 'nlp');
  const lines = changes(DEFAULT, tagged);
  expect(lines).toEqual(expect.arrayContaining(['Config updated', 'Endpoint updated', 'Model updated']));
  expect(lines.filter((line) => !line.endsWith(' updated'))).toEqual([]);
});

test('no change of a prop but endpointName replaces the endpoint, the bucket or a topic, or deletes the bucket', () => {
  const harm = Object.entries(CHANGES).flatMap(([prop, rows]) =>
    rows
      .flatMap(({ does }) => does)
      .filter((line) => /^((Endpoint|OutputBucket|SuccessTopic|ErrorTopic) replaced|Endpoint removed)$/.test(line))
      .map((line) => `${prop}: ${line}`),
  );
  expect(harm).toEqual(['endpointName: Endpoint replaced']);
});
