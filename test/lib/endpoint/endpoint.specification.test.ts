import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, SpecDatabase } from '@aws-cdk/service-spec-types';
import { Duration, Size, Tags } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  CapacitySize,
  ContainerImage,
  EndpointDeploymentStrategy,
  InferenceAmiVersion,
  InferenceModel,
  InferenceOutcome,
  InstanceType,
  ModelData,
  VariantProperty,
} from '../../../lib';
import type { AsyncInferenceEndpointProps } from '../../../lib';
import { app as escapeHatches } from '../../../examples/escape-hatches/app';
import { ENV, aStack, anEndpoint, anImage } from '../../../tools/showcase/stacks';

const TYPES = ['Model', 'EndpointConfig', 'Endpoint'] as const;

const ONE_CONTAINER = 'asynchronous inference serves one model in one container';
const NOT_WITH_ASYNC = 'AWS lists the feature as one that asynchronous inference does not have';
const COMPONENTS = 'is for endpoints with inference components, which asynchronous inference does not have';
const GENERATED =
  'a name of our own would make updates fail: CloudFormation creates the new resource before it deletes the old one';
const ESCAPE_HATCH = 'is set by the escape hatch: examples/escape-hatches';

/** The properties that the library does not set, and why. A property stands for all that it contains. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'Model.Containers': ONE_CONTAINER,
  'Model.InferenceExecutionConfig': ONE_CONTAINER,
  'Model.ModelName': GENERATED,
  'Model.PrimaryContainer.ContainerHostname': 'AWS ignores it for a model with one container',
  'Model.PrimaryContainer.Mode': ONE_CONTAINER,
  'Model.PrimaryContainer.MultiModelConfig': ONE_CONTAINER,
  'Model.PrimaryContainer.ModelDataSource.S3DataSource.HubAccessConfig': ESCAPE_HATCH,
  'EndpointConfig.DataCaptureConfig': NOT_WITH_ASYNC,
  'EndpointConfig.EnableNetworkIsolation': COMPONENTS,
  'EndpointConfig.EndpointConfigName': GENERATED,
  'EndpointConfig.ExecutionRoleArn': COMPONENTS,
  'EndpointConfig.ExplainerConfig': 'explains responses of InvokeEndpoint, which asynchronous endpoints do not have',
  'EndpointConfig.ProductionVariants.AcceleratorType': NOT_WITH_ASYNC,
  'EndpointConfig.ProductionVariants.CoreDumpConfig': ESCAPE_HATCH,
  'EndpointConfig.ProductionVariants.EnableSSMAccess': ESCAPE_HATCH,
  'EndpointConfig.ProductionVariants.ManagedInstanceScaling': COMPONENTS,
  'EndpointConfig.ProductionVariants.RoutingConfig':
    'AWS does not say that it affects the queue of an asynchronous endpoint',
  'EndpointConfig.ProductionVariants.ServerlessConfig': 'asynchronous endpoints have instances',
  'EndpointConfig.ShadowProductionVariants': NOT_WITH_ASYNC,
  'EndpointConfig.VpcConfig': COMPONENTS,
};

/** What a template sets by the escape hatch, and nothing else of the library does. */
const BY_ESCAPE_HATCH = Object.keys(LEFT_OUT).filter((path) => LEFT_OUT[path] === ESCAPE_HATCH);

/** Endpoints that set all properties together. */
const ENDPOINTS: readonly ((stack: Stack) => Partial<AsyncInferenceEndpointProps>)[] = [
  (stack) => {
    const key = new Key(stack, 'Key');
    const model = InferenceModel.fromContainer({
      image: anImage(),
      modelData: ModelData.fromBucket(Bucket.fromBucketName(stack, 'Models', 'models'), 'v1.tar.gz', {
        acceptEula: true,
      }),
      environment: { HF_MODEL_ID: 'org/model' },
    });
    return {
      model,
      instancePools: [{ instanceType: InstanceType.M5_2XLARGE, model }],
      vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }),
      enableNetworkIsolation: true,
      scaling: { maxCapacity: 4 },
      initialInstanceCount: 2,
      maxConcurrentInvocationsPerInstance: 2,
      modelDataDownloadTimeout: Duration.minutes(10),
      containerStartupHealthCheckTimeout: Duration.minutes(10),
      variantInstanceProvisionTimeout: Duration.minutes(10),
      inferenceAmiVersion: InferenceAmiVersion.AL2_GPU_2,
      volumeSize: Size.gibibytes(10),
      volumeEncryptionKey: key,
      outputEncryptionKey: key,
      includeInferenceResponseIn: [InferenceOutcome.SUCCESS],
      capacityReservationConfig: {
        mlReservationArn: `arn:aws:sagemaker:${ENV.region}:${ENV.account}:training-plan/plan`,
      },
      metricsConfig: {
        enableEnhancedMetrics: true,
        enableDetailedObservability: true,
        metricPublishFrequency: Duration.seconds(10),
      },
      retainAllVariantProperties: true,
      excludeRetainedVariantProperties: [VariantProperty.DESIRED_INSTANCE_COUNT],
      retainDeploymentConfig: true,
      deploymentStrategy: EndpointDeploymentStrategy.canary({
        canarySize: CapacitySize.instances(1),
        waitInterval: Duration.minutes(5),
        terminationWait: Duration.minutes(5),
        maximumExecutionTimeout: Duration.hours(1),
      }),
      rollbackAlarms: [
        Alarm.fromAlarmArn(stack, 'Alarm', `arn:aws:cloudwatch:${ENV.region}:${ENV.account}:alarm:alarm`),
      ],
    };
  },
  (stack) => ({
    model: InferenceModel.fromContainer({
      image: ContainerImage.fromUri('registry.example.com/models:1.0', {
        privateRegistry: true,
        credentialsProvider: Function.fromFunctionName(stack, 'Credentials', 'credentials'),
      }),
      modelData: ModelData.fromBucket(Bucket.fromBucketName(stack, 'Models', 'models'), 'v1.tar.gz'),
    }),
    vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }),
    scaling: { maxCapacity: 4 },
    initialInstanceCount: 2,
    deploymentStrategy: EndpointDeploymentStrategy.linear({
      linearStepSize: CapacitySize.instances(1),
      waitInterval: Duration.minutes(5),
    }),
  }),
  () => ({
    model: InferenceModel.fromModelPackageArn(
      `arn:aws:sagemaker:${ENV.region}:${ENV.account}:model-package/languages/7`,
      { image: anImage(), inferenceSpecificationName: 'neuron' },
    ),
    scaling: { maxCapacity: 4 },
    initialInstanceCount: 2,
    deploymentStrategy: EndpointDeploymentStrategy.rolling({
      maximumBatchSize: CapacitySize.instances(1),
      rollbackMaximumBatchSize: CapacitySize.instances(1),
      waitInterval: Duration.minutes(5),
      maximumExecutionTimeout: Duration.hours(1),
    }),
  }),
];

/** All properties of a resource and of what they contain, as paths. */
function* pathsOf(
  spec: SpecDatabase,
  properties: Readonly<Record<string, Property>>,
  prefix: string,
): Generator<string> {
  for (const [name, { type }] of Object.entries(properties)) {
    const path = `${prefix}.${name}`;
    yield path;
    let inner = type;
    while (inner.type === 'array' || inner.type === 'map') inner = inner.element;
    if (inner.type === 'ref') yield* pathsOf(spec, spec.get('typeDefinition', inner.reference.$ref).properties, path);
  }
}

const spec = loadAwsServiceSpecSync();
const specified = TYPES.flatMap((type) => {
  const resource = spec.lookup('resource', 'cloudFormationType', 'equals', `AWS::SageMaker::${type}`).only();
  return [...pathsOf(spec, resource.properties, type)];
});

function* pathsIn(value: unknown, prefix: string): Generator<string> {
  if (Array.isArray(value)) for (const entry of value) yield* pathsIn(entry, prefix);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      yield `${prefix}.${name}`;
      yield* pathsIn(inner, `${prefix}.${name}`);
    }
  }
}

/** The paths that a template sets. */
function pathsSet(stack: Stack): string[] {
  return TYPES.flatMap((type) =>
    Object.values(Template.fromStack(stack).findResources(`AWS::SageMaker::${type}`)).flatMap((resource) => [
      ...pathsIn((resource as { Properties: unknown }).Properties, type),
    ]),
  );
}

const exposed = new Set(
  ENDPOINTS.flatMap((props) => {
    const stack = aStack({ env: ENV });
    anEndpoint(stack, { createInvoker: false, ...props(stack) });
    Tags.of(stack).add('team', 'nlp');
    return pathsSet(stack);
  }),
);
const isLeftOut = (path: string) => Object.keys(LEFT_OUT).some((left) => path === left || path.startsWith(`${left}.`));

test('each property of CloudFormation is set by a prop, or left out for a reason', () => {
  expect(specified.length).toBeGreaterThan(100);
  expect(specified.filter((path) => !exposed.has(path) && !isLeftOut(path))).toEqual([]);
});

test('what is left out exists, and no prop sets it', () => {
  expect(Object.keys(LEFT_OUT).filter((path) => !specified.includes(path))).toEqual([]);
  expect([...exposed].filter(isLeftOut)).toEqual([]);
});

test('the example of the escape hatch sets what it is for, under names that CloudFormation has', () => {
  const set = pathsSet(escapeHatches.node.findChild('EscapeHatches') as Stack);
  expect(set).toEqual(expect.arrayContaining(BY_ESCAPE_HATCH));
  const inside = set.filter((path) => BY_ESCAPE_HATCH.some((left) => path.startsWith(`${left}.`)));
  expect(inside.filter((path) => !specified.includes(path) && !/\.(Fn::|Ref)/.test(path))).toEqual([]);
});
