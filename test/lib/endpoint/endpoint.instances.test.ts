import { join } from 'node:path';
import { Duration, Lazy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  ContainerImage,
  EndpointDeploymentStrategy,
  InferenceAmiVersion,
  InferenceModel,
  InstanceType,
  ModelData,
  VariantProperty,
} from '../../../lib';
import type { AsyncInferenceEndpointProps } from '../../../lib';
import { ENV, aStack, anEndpoint, anImage, only, resources, statements } from '../../../tools/showcase/stacks';

const ARCHIVE = join(__dirname, '../../support/model.tar.gz');

type Props = Partial<AsyncInferenceEndpointProps>;

const config = (props: Props, stack = aStack()) => {
  anEndpoint(stack, props);
  const { ProductionVariants, AsyncInferenceConfig, KmsKeyId } = only(stack, 'AWS::SageMaker::EndpointConfig')
    .Properties as {
    ProductionVariants: Record<string, unknown>[];
    AsyncInferenceConfig: { ClientConfig?: Record<string, unknown> };
    KmsKeyId?: unknown;
  };
  return { variant: ProductionVariants[0]!, client: AsyncInferenceConfig.ClientConfig, key: KmsKeyId };
};

test('what is left out is left to SageMaker', () => {
  expect(config({})).toEqual({
    variant: {
      VariantName: 'AllTraffic',
      ModelName: expect.anything() as unknown,
      InstanceType: 'ml.m5.xlarge',
      InitialInstanceCount: 1,
      InitialVariantWeight: 1,
    },
    client: undefined,
    key: undefined,
  });
});

describe('numbers', () => {
  const token = Lazy.number({ produce: () => 100 });

  test.each<[string, number, number, (value: number) => Props, (value: number) => unknown]>([
    [
      'maxConcurrentInvocationsPerInstance',
      1,
      1_000,
      (value) => ({ maxConcurrentInvocationsPerInstance: value }),
      () => config({ maxConcurrentInvocationsPerInstance: 7 }).client!.MaxConcurrentInvocationsPerInstance,
    ],
    [
      'modelDataDownloadTimeout',
      60,
      3_600,
      (value) => ({ modelDataDownloadTimeout: Duration.seconds(value) }),
      () => config({ modelDataDownloadTimeout: Duration.seconds(70) }).variant.ModelDataDownloadTimeoutInSeconds,
    ],
    [
      'containerStartupHealthCheckTimeout',
      60,
      3_600,
      (value) => ({ containerStartupHealthCheckTimeout: Duration.seconds(value) }),
      () =>
        config({ containerStartupHealthCheckTimeout: Duration.seconds(70) }).variant
          .ContainerStartupHealthCheckTimeoutInSeconds,
    ],
    [
      'variantInstanceProvisionTimeout',
      300,
      3_600,
      (value) => ({ variantInstanceProvisionTimeout: Duration.seconds(value) }),
      () =>
        config({ variantInstanceProvisionTimeout: Duration.seconds(700) }).variant
          .VariantInstanceProvisionTimeoutInSeconds,
    ],
    [
      'volumeSize in GiB',
      1,
      512,
      (value) => ({ volumeSize: Size.gibibytes(value) }),
      () => config({ volumeSize: Size.gibibytes(7) }).variant.VolumeSizeInGB,
    ],
    [
      'defaultRequestTtl',
      60,
      21_600,
      (value) => ({ defaultRequestTtl: Duration.seconds(value) }),
      () => anEndpoint(aStack(), { defaultRequestTtl: Duration.seconds(70) }).defaultRequestTtl.toSeconds(),
    ],
    [
      'defaultInvocationTimeout',
      1,
      3_600,
      (value) => ({ defaultInvocationTimeout: Duration.seconds(value) }),
      () =>
        anEndpoint(aStack(), { defaultInvocationTimeout: Duration.seconds(7) }).defaultInvocationTimeout.toSeconds(),
    ],
  ])('%s: %d to %d', (name, min, max, props, set) => {
    expect(`${String(set(0))}`).toMatch(/^7(0|00)?$/);
    for (const value of [min, max]) expect(() => anEndpoint(aStack(), props(value))).not.toThrow();
    for (const value of [min - 1, max + 1]) {
      expect(() => anEndpoint(aStack(), props(value))).toThrow(
        new RegExp(`${name} must be a whole number.* from ${min} to ${max}, got ${value}`),
      );
    }
    const stack = aStack();
    anEndpoint(stack, props(token));
    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toContain('e+289');
  });
});

test('the machine image', () => {
  expect(config({ inferenceAmiVersion: InferenceAmiVersion.AL2023_GPU_4_1 }).variant.InferenceAmiVersion).toBe(
    'al2023-ami-sagemaker-inference-gpu-4-1',
  );
  expect(config({ inferenceAmiVersion: InferenceAmiVersion.of('of-tomorrow') }).variant.InferenceAmiVersion).toBe(
    'of-tomorrow',
  );
});

describe('a reservation of capacity', () => {
  const ARN = `arn:aws:sagemaker:${ENV.region}:${ENV.account}:training-plan/p5-for-october`;
  const reserve = (mlReservationArn: string) =>
    config({ capacityReservationConfig: { mlReservationArn } }, aStack({ env: ENV })).variant.CapacityReservationConfig;

  test('is the only place where instances launch', () =>
    expect(reserve(ARN)).toEqual({
      MlReservationArn: ARN,
      CapacityReservationPreference: 'capacity-reservations-only',
    }));

  test('may be a token', () =>
    expect(reserve(Lazy.string({ produce: () => ARN }))).toMatchObject({ MlReservationArn: ARN }));

  test.each(['', 'p5-for-october', ARN.replace('sagemaker', 'ec2'), ARN.replace('training-plan/', '')])(
    'fails for the ARN %j',
    (arn) =>
      expect(() => reserve(arn)).toThrow(
        `Stack/Endpoint: mlReservationArn of capacityReservationConfig must be the ARN of a reservation of SageMaker, got '${arn}'`,
      ),
  );

  test('fails in another region', () =>
    expect(() => reserve(ARN.replace(ENV.region, 'us-east-1'))).toThrow(
      'the reservation of capacityReservationConfig must be in the region of the endpoint, eu-west-1, got us-east-1',
    ));
});

describe('metrics of the endpoint', () => {
  const measure = (metricsConfig?: AsyncInferenceEndpointProps['metricsConfig']) => {
    const stack = aStack();
    anEndpoint(stack, { metricsConfig });
    return only(stack, 'AWS::SageMaker::EndpointConfig').Properties.MetricsConfig;
  };

  test('are left to SageMaker', () => expect([measure(), measure({})]).toEqual([undefined, undefined]));

  test('can be disabled and enabled, and published less often', () => {
    expect(measure({ enableDetailedObservability: false })).toEqual({ EnableDetailedObservability: false });
    expect(
      measure({
        enableEnhancedMetrics: true,
        enableDetailedObservability: true,
        metricPublishFrequency: Duration.minutes(5),
      }),
    ).toEqual({
      EnableEnhancedMetrics: true,
      EnableDetailedObservability: true,
      MetricPublishFrequencyInSeconds: 300,
    });
  });

  test.each([0, 9.5, 20, 59, 360])('fail for a frequency of %d seconds', (seconds) =>
    expect(() => measure({ metricPublishFrequency: Duration.millis(seconds * 1000) })).toThrow(
      `metricPublishFrequency of metricsConfig must be one of 10, 30, 60, 120, 180, 240, 300 seconds, got ${seconds}`,
    ),
  );

  test('take a token in seconds, and no other', () => {
    const token = Lazy.number({ produce: () => 30 });
    expect(measure({ metricPublishFrequency: Duration.seconds(token) })).toEqual({
      MetricPublishFrequencyInSeconds: 30,
    });
    expect(() => measure({ metricPublishFrequency: Duration.minutes(token) })).toThrow(
      'metricPublishFrequency of metricsConfig is a token in minutes, which cannot be converted: use Duration.seconds(...)',
    );
  });
});

describe('what an update keeps', () => {
  const update = (props: Props) => {
    const stack = aStack();
    anEndpoint(stack, props);
    return only(stack, 'AWS::SageMaker::Endpoint').Properties;
  };
  const { DESIRED_INSTANCE_COUNT, DESIRED_WEIGHT } = VariantProperty;

  test('is left to SageMaker', () => {
    for (const name of ['RetainAllVariantProperties', 'ExcludeRetainedVariantProperties', 'RetainDeploymentConfig'])
      expect(update({})).not.toHaveProperty(name);
  });

  test('is all properties of the variant but those that are excluded', () => {
    const excludeRetainedVariantProperties = [DESIRED_INSTANCE_COUNT, DESIRED_WEIGHT];
    expect(update({ retainAllVariantProperties: true, excludeRetainedVariantProperties })).toMatchObject({
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [
        { VariantPropertyType: 'DesiredInstanceCount' },
        { VariantPropertyType: 'DesiredWeight' },
      ],
    });
  });

  test('is the configuration of the last deployment', () =>
    expect(update({ retainDeploymentConfig: true })).toMatchObject({ RetainDeploymentConfig: true }));

  test('fails for properties that nothing keeps, for none and for one twice', () => {
    const exclude = (...excludeRetainedVariantProperties: VariantProperty[]) =>
      update({ retainAllVariantProperties: true, excludeRetainedVariantProperties });
    expect(() => update({ excludeRetainedVariantProperties: [DESIRED_WEIGHT] })).toThrow(
      'excludeRetainedVariantProperties has no effect without retainAllVariantProperties: true: leave it out',
    );
    expect(() => exclude()).toThrow('must name at least one property, and none twice, got []');
    expect(() => exclude(DESIRED_WEIGHT, DESIRED_WEIGHT)).toThrow('got [DesiredWeight, DesiredWeight]');
  });

  test('decides with how many instances an update starts', () => {
    const divided = (...excludeRetainedVariantProperties: VariantProperty[]) =>
      update({
        scaling: { maxCapacity: 4 },
        initialInstanceCount: 2,
        deploymentStrategy: EndpointDeploymentStrategy.rolling(),
        retainAllVariantProperties: true,
        excludeRetainedVariantProperties,
      });
    expect(() => divided(DESIRED_INSTANCE_COUNT)).not.toThrow();
    expect(() => divided(DESIRED_WEIGHT)).toThrow('at least two instances when an update starts, got 0');
  });
});

describe('the timeout of the startup', () => {
  const startup = (environment: Record<string, string>, props: Props = {}) =>
    config({ model: InferenceModel.fromContainer({ image: anImage(), environment }), ...props }).variant
      .ContainerStartupHealthCheckTimeoutInSeconds;

  test.each<Record<string, string>>([
    { HF_MODEL_ID: 'org/model' },
    { HF_MODEL_ID: Lazy.string({ produce: () => 'org/model' }) },
    { OPTION_MODEL_ID: 's3://models/llama/v1/' },
    { SM_VLLM_MODEL: 'org/model' },
    { SM_SGLANG_MODEL_PATH: 'org/model' },
    { LLAMA_ARG_HF_REPO: 'org/model' },
  ])('is 15 minutes for a container that may download its model: %j', (environment) =>
    expect(startup(environment)).toBe(900),
  );

  test.each<Record<string, string>>([
    {},
    { HF_TASK: 'text-classification' },
    { HF_MODEL_ID: '' },
    { SM_VLLM_MODEL: '/opt/ml/model' },
  ])('is left to SageMaker for one that does not: %j', (environment) => expect(startup(environment)).toBeUndefined());

  test('is what the user gives', () =>
    expect(startup({ HF_MODEL_ID: 'org/model' }, { containerStartupHealthCheckTimeout: Duration.minutes(4) })).toBe(
      240,
    ));

  test('is 15 minutes for a model package or an instance pool that may download a model', () => {
    const environment = { HF_MODEL_ID: 'org/model' };
    const arn = `arn:aws:sagemaker:${ENV.region}:${ENV.account}:model-package/languages/7`;
    const model = InferenceModel.fromModelPackageArn(arn, { image: anImage(), environment });
    expect(config({ model }).variant.ContainerStartupHealthCheckTimeoutInSeconds).toBe(900);
    const instancePools = [{ instanceType: InstanceType.M5_2XLARGE, model }];
    expect(config({ instancePools }).variant.ContainerStartupHealthCheckTimeoutInSeconds).toBe(900);
  });
});

describe('instance pools', () => {
  const four = [InstanceType.G5_XLARGE, InstanceType.G5_2XLARGE, InstanceType.G6_XLARGE, InstanceType.G6_2XLARGE];

  test('are fallen back to in the order given, after the instance type', () => {
    const { variant } = config({ instancePools: four.map((instanceType) => ({ instanceType })) });
    expect(variant.InstanceType).toBeUndefined();
    expect(variant.InstancePools).toEqual(
      ['ml.m5.xlarge', 'ml.g5.xlarge', 'ml.g5.2xlarge', 'ml.g6.xlarge', 'ml.g6.2xlarge'].map((InstanceType, index) => ({
        InstanceType,
        Priority: index + 1,
      })),
    );
  });

  test('fail beyond four, twice the same, or of a family that is not supported, all at once', () => {
    const instancePools = [...four, InstanceType.M5_XLARGE, InstanceType.of('ml.inf1.xlarge')].map((instanceType) => ({
      instanceType,
    }));
    expect(() => config({ instancePools })).toThrow(
      /at most 4 instance types in addition to instanceType, got 6[^]*must differ, got ml.m5.xlarge, [^]*instance type ml.inf1.xlarge is not supported/,
    );
  });
});

describe('an instance pool with a model of its own', () => {
  const INF2 = InstanceType.of('ml.inf2.xlarge');
  const neuron = InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('djl-neuron', '0.30.0', { accountId: '763104351884' }),
  });
  const pools = (stack: Stack) =>
    (only(stack, 'AWS::SageMaker::EndpointConfig').Properties.ProductionVariants as { InstancePools: unknown }[])[0]!
      .InstancePools;

  test('has a second model, which the pool names, and the execution role may pull both images', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, {
      instancePools: [{ instanceType: INF2, model: neuron }, { instanceType: InstanceType.M5_2XLARGE }],
    });
    const models = Object.keys(resources(stack, 'AWS::SageMaker::Model'));
    const other = models.filter((id) => id !== stack.resolve(endpoint.model!.logicalId));
    expect(other).toEqual([expect.stringMatching(/^EndpointModelmlinf2xlarge/)]);
    expect(pools(stack)).toEqual([
      { InstanceType: 'ml.m5.xlarge', Priority: 1 },
      { InstanceType: 'ml.inf2.xlarge', Priority: 2, ModelNameOverride: { 'Fn::GetAtt': [other[0], 'ModelName'] } },
      { InstanceType: 'ml.m5.2xlarge', Priority: 3 },
    ]);
    const pulled = statements(stack, 'EndpointPermissions').filter(({ Sid }) => Sid?.startsWith('PullImage'));
    expect(JSON.stringify(pulled)).toMatch(/repository\/djl-inference.*repository\/djl-neuron/);
  });

  test('binds each model in a scope of its own, so that one object serves several pools', () => {
    const stack = aStack();
    const model = InferenceModel.fromContainer({ image: anImage(), modelData: ModelData.fromAsset(ARCHIVE) });
    const instancePools = [INF2, InstanceType.M5_2XLARGE].map((instanceType) => ({ instanceType, model }));
    anEndpoint(stack, { model, instancePools });
    expect(Object.keys(resources(stack, 'AWS::SageMaker::Model'))).toHaveLength(3);
  });

  describe('may use an existing model', () => {
    const existing = (executionRole?: iam.IRole) => [
      { instanceType: INF2, model: InferenceModel.fromModelName('existing', { executionRole }) },
    ];
    const aRole = (stack: Stack, name: string) =>
      iam.Role.fromRoleArn(stack, name, `arn:aws:iam::111122223333:role/${name}`);

    test('with the role of the endpoint', () => {
      const stack = aStack();
      const executionRole = aRole(stack, 'shared');
      anEndpoint(stack, { executionRole, instancePools: existing(executionRole) });
      expect(pools(stack)).toMatchObject([{ Priority: 1 }, { ModelNameOverride: 'existing' }]);
      expect(Object.keys(resources(stack, 'AWS::SageMaker::Model'))).toHaveLength(1);
    });

    test.each<[string, (stack: Stack) => Partial<AsyncInferenceEndpointProps>]>([
      [
        'with another role',
        (stack) => ({ executionRole: aRole(stack, 'one'), instancePools: existing(aRole(stack, 'two')) }),
      ],
      ['with a role that is not known', (stack) => ({ executionRole: aRole(stack, 'one'), instancePools: existing() })],
      ['beside a new role', (stack) => ({ instancePools: existing(aRole(stack, 'two')) })],
    ])('but not %s, which gets no permissions', (_, props) => {
      const stack = aStack();
      expect(() => anEndpoint(stack, props(stack))).toThrow(
        /instancePools: the role of the existing model existing must be the executionRole of the endpoint/,
      );
    });
  });

  test('has the network and the isolation of the endpoint', () => {
    const stack = aStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    anEndpoint(stack, { vpc, enableNetworkIsolation: true, instancePools: [{ instanceType: INF2, model: neuron }] });
    const [one, other] = Object.values(resources(stack, 'AWS::SageMaker::Model')).map(({ Properties }) => Properties);
    expect(one!.VpcConfig).toEqual(other!.VpcConfig);
    expect([one!.EnableNetworkIsolation, other!.EnableNetworkIsolation]).toEqual([true, true]);
  });

  test('reports the errors of its model together with those of the endpoint', () => {
    const model = InferenceModel.fromContainer({ image: anImage(), environment: { '1A': '' } });
    expect(() => config({ variantName: '-', instancePools: [{ instanceType: INF2, model }] })).toThrow(
      /variantName must be [^]*the name of the environment variable 1A must be /,
    );
  });
});

describe('the key of the volume', () => {
  test('encrypts it, and the role may let the instances use it', () => {
    const stack = aStack({ env: ENV });
    const volumeEncryptionKey = new Key(stack, 'Key');
    const arn = stack.resolve(volumeEncryptionKey.keyArn) as unknown;
    expect(config({ volumeEncryptionKey }, stack).key).toEqual(arn);
    expect(statements(stack, 'EndpointKeyPermissions')).toContainEqual({
      Sid: 'EncryptVolume',
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: arn,
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
    expect((only(stack, 'AWS::KMS::Key').Properties.KeyPolicy as { Statement: unknown[] }).Statement).toHaveLength(2);
  });

  const nvmeWarnings = (name: string, props: (instanceType: InstanceType) => Props) => {
    const stack = aStack();
    const image = ContainerImage.fromUri('111122223333.dkr.ecr.eu-west-1.amazonaws.com/for-all-architectures:1.0');
    const model = InferenceModel.fromContainer({ image });
    config({ model, volumeEncryptionKey: new Key(stack, 'Key'), ...props(InstanceType.of(name)) }, stack);
    return Annotations.fromStack(stack).findWarning('/Stack/Endpoint', Match.stringLikeRegexp('nvmeVolumeKey'));
  };

  test.each(['ml.g4dn.xlarge', 'ml.g5.xlarge', 'ml.c5d.large', 'ml.m6gd.large', 'ml.p4d.24xlarge', 'ml.r7gd.large'])(
    'does not encrypt the local NVMe storage of %s, which a warning says',
    (name) => {
      for (const props of [
        (instanceType: InstanceType) => ({ instanceType }),
        (instanceType: InstanceType) => ({ instancePools: [{ instanceType }] }),
      ]) {
        expect(nvmeWarnings(name, props).map(({ entry }) => entry.data)).toEqual([
          expect.stringContaining(
            `${name}: this instance type has local NVMe storage, which volumeEncryptionKey does not encrypt`,
          ),
        ]);
      }
    },
  );

  test.each(['ml.m5.xlarge', 'ml.c6g.large', 'ml.p3.2xlarge', 'ml.inf2.xlarge', 'ml.c6gn.large'])(
    'encrypts all storage of %s, so there is no warning',
    (name) => expect(nvmeWarnings(name, (instanceType) => ({ instanceType }))).toEqual([]),
  );

  test('is not in use, so local NVMe storage is no reason for a warning', () => {
    const stack = aStack();
    config({ instanceType: InstanceType.G5_XLARGE }, stack);
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });
});

describe('network', () => {
  const inVpc = (props: Props = {}, vpcProps: ec2.VpcProps = { maxAzs: 2 }) => {
    const stack = aStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', vpcProps);
    return { stack, vpc, endpoint: anEndpoint(stack, { vpc, ...props }) };
  };

  test('isolation', () => {
    const stack = aStack();
    anEndpoint(stack, { enableNetworkIsolation: true });
    expect(only(stack, 'AWS::SageMaker::Model').Properties.EnableNetworkIsolation).toBe(true);
  });

  test('a VPC: private subnets, a security group of its own, and the permissions on interfaces there and nowhere else', () => {
    const { stack, vpc, endpoint } = inVpc();
    const subnets = vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown);
    const group = stack.resolve(endpoint.connections.securityGroups[0]!.securityGroupId) as unknown;
    expect(only(stack, 'AWS::SageMaker::Model').Properties.VpcConfig).toEqual({
      Subnets: subnets,
      SecurityGroupIds: [group],
    });
    const [create, manage, describing] = ['CreateInterfaces', 'ManageInterfaces', 'DescribeNetwork'].map((sid) =>
      statements(stack, 'EndpointPermissions').find(({ Sid }) => Sid === sid),
    );
    expect(create!.Action).toBe('ec2:CreateNetworkInterface');
    expect(JSON.stringify(create!.Resource)).not.toMatch(/(subnet|security-group)\/\*/);
    expect(create!.Resource as unknown[]).toHaveLength(4);
    expect(manage).toMatchObject({
      Condition: { ArnEqualsIfExists: { 'ec2:Subnet': [expect.anything(), expect.anything()] } },
    });
    expect((describing!.Action as string[]).every((action) => action.startsWith('ec2:Describe'))).toBe(true);
  });

  test('is connectable', () => {
    const { stack, endpoint } = inVpc();
    endpoint.connections.allowTo(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(443));
    expect(() => Template.fromStack(stack)).not.toThrow();
    expect(() => anEndpoint(aStack()).connections).toThrow(
      'Stack/Endpoint: the endpoint has no network connections, because it has no vpc',
    );
  });

  test('given security groups and subnets', () => {
    const stack = aStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 });
    const securityGroups = [ec2.SecurityGroup.fromSecurityGroupId(stack, 'G', 'sg-1')];
    anEndpoint(stack, { vpc, securityGroups, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } });
    expect(only(stack, 'AWS::SageMaker::Model').Properties.VpcConfig).toEqual({
      Subnets: vpc.publicSubnets.map(({ subnetId }) => stack.resolve(subnetId) as unknown),
      SecurityGroupIds: ['sg-1'],
    });
  });

  test('fails in one availability zone, and with more groups than five, all at once', () => {
    const stack = aStack();
    const securityGroups = Array.from({ length: 6 }, (_, index) =>
      ec2.SecurityGroup.fromSecurityGroupId(stack, `G${index}`, `sg-${index}`),
    );
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1 });
    expect(() => anEndpoint(stack, { vpc, securityGroups })).toThrow(
      /vpcSubnets must be in at least two Availability Zones, got 1[^]*securityGroups must have 1 to 5 security groups, got 6/,
    );
  });

  test('fails with subnets or groups and no VPC', () => {
    expect(() => anEndpoint(aStack(), { vpcSubnets: {}, securityGroups: [] })).toThrow(
      /vpcSubnets has no effect without a vpc[^]*securityGroups has no effect without a vpc/,
    );
  });
});

describe('regions', () => {
  const warned = (region?: string) => {
    const stack = aStack(region ? { env: { ...ENV, region } } : {});
    anEndpoint(stack);
    return Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('regionNotAnnounced')).length;
  };

  test.each(['ap-southeast-6', 'me-central-1', 'me-south-1', 'cn-north-1', 'us-gov-west-1'])(
    '%s was not announced: a warning',
    (region) => {
      expect(warned(region)).toBe(1);
    },
  );

  test.each(['us-east-1', 'ap-east-2', 'xx-unknown-1', undefined])('%s: nothing to warn of', (region) =>
    expect(warned(region)).toBe(0),
  );
});

test('all errors of an endpoint are in one message, whatever props they are about', () => {
  const stack = new Stack();
  expect(() =>
    anEndpoint(stack, {
      endpointName: 'a_b',
      maxConcurrentInvocationsPerInstance: 0,
      volumeSize: Size.gibibytes(0),
      scaling: { minCapacity: 2, maxCapacity: 1 },
      outputPrefix: '/',
      defaultRequestTtl: Duration.seconds(1),
    }),
  ).toThrow(/^\S+:(\n {2}- [^\n]+){6}$/);
});
