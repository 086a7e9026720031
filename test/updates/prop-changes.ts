import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLogLevel, Architecture, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IntegrationPattern } from 'aws-cdk-lib/aws-stepfunctions';
import {
  AsyncInferenceEndpoint,
  ContainerImage,
  EndpointDeploymentStrategy,
  InferenceAmiVersion,
  InferenceModel,
  InferenceOutcome,
  InputPolicy,
  InstanceType,
  ModelData,
  MonitoringAlarm,
  SqsResultNaming,
  TrustedHttpHeader,
  TrustedSqsAttribute,
  VariantProperty,
} from '../../lib';
import type {
  AsyncInferenceCallbackProps,
  AsyncInferenceEndpointProps,
  AsyncInferenceInvokerProps,
  AsyncInferenceMonitoringProps,
  AsyncInferenceRequestQueueProps,
  AsyncInferenceResultEventsProps,
  AsyncInferenceResultQueueProps,
  AsyncInferenceScalingProps,
  ContainerModelProps,
  InputBucketOptions,
  InvokeAsyncInferenceOptions,
} from '../../lib';
import { ENV, anImage } from '../../tools/showcase/stacks';
import type { Given, Props } from './composition';

/** The changes of a prop in the sweep: from absent to the first value and back, then from each value to the next and back. */
interface Values<T> {
  /** What is changed, where a prop has more than one kind of value. */
  readonly what?: string;
  readonly values: readonly ((given: Given) => T)[];
  /** Whether the prop is never absent. */
  readonly required?: boolean;
  /** Other props, in all versions. */
  readonly with?: (given: Given) => Props;
}

type Rows<T> = { readonly [K in keyof Required<T>]: Values<T[K]> | readonly Values<T[K]>[] | Connection };

/** A prop that connects constructs, so that no value takes its place. */
type Connection = 'connection';

const of = <T>(...values: T[]) => ({ values: values.map((value) => () => value) });

/** Two values that are made of what users bring along. */
const two = <T>(make: (given: Given, id: string) => T) => ({
  values: ['One', 'Two'].map((id) => (given: Given) => make(given, id)),
});
const FIXED = { minCapacity: 1, maxCapacity: 1 };
const FREE = { maxCapacity: 4 };
const anotherImage = (repository: string) => ContainerImage.fromDlc(repository, '1.0', { accountId: '763104351884' });
const container = (props: Partial<ContainerModelProps>) => InferenceModel.fromContainer({ image: anImage(), ...props });
const modelPackage = (version: number) => {
  const arn = `arn:aws:sagemaker:${ENV.region}:${ENV.account}:model-package/languages/${version}`;
  return InferenceModel.fromModelPackageArn(arn, { image: anImage() });
};

const reservation = (name: string) => `arn:aws:sagemaker:${ENV.region}:${ENV.account}:training-plan/${name}`;

/** The role of the models that no stack defines. */
const MODEL_ROLE = `arn:aws:iam::${ENV.account}:role/models`;
export const MODEL_ROLES = { one: MODEL_ROLE, two: MODEL_ROLE };
const existingModel = (given: Given, name: string) =>
  InferenceModel.fromModelName(name, { executionRole: given.importedRole(MODEL_ROLE) });

const ENDPOINT: Rows<AsyncInferenceEndpointProps> = {
  model: [
    { what: 'tag', required: true, ...of(container({ image: anImage('1.0') }), container({ image: anImage('2.0') })) },
    { what: 'image', required: true, ...of(container({}), container({ image: anotherImage('tensorflow-inference') })) },
    {
      what: 'environment',
      required: true,
      ...of(container({}), container({ environment: { LEVEL: '1' } }), container({ environment: { LEVEL: '2' } })),
    },
    {
      what: 'archive',
      required: true,
      values: [
        () => container({}),
        (given) => container({ modelData: ModelData.fromBucket(given.bucket('Models'), 'v1.tar.gz') }),
        (given) => container({ modelData: ModelData.fromBucket(given.bucket('Models'), 'v2.tar.gz') }),
      ],
    },
    {
      what: 'prefix with a key',
      required: true,
      ...two((given, id) => {
        return container({ modelData: ModelData.fromPrefix(given.bucket(id, given.key(id)), 'v1') });
      }),
    },
    {
      what: 'package',
      required: true,
      ...of(container({}), modelPackage(1), modelPackage(2)),
    },
    {
      what: 'existing model',
      required: true,
      values: [() => container({}), (given) => existingModel(given, 'one'), (given) => existingModel(given, 'two')],
    },
  ],
  instanceType: [
    {
      what: 'fixed',
      required: true,
      ...of(InstanceType.M5_XLARGE, InstanceType.M5_2XLARGE),
      with: () => ({ endpoint: { scaling: FIXED } }),
    },
    { what: 'scaled', required: true, ...of(InstanceType.M5_XLARGE, InstanceType.M5_2XLARGE) },
  ],
  instancePools: [
    {
      what: 'fixed',
      ...of([{ instanceType: InstanceType.M5_2XLARGE }], [{ instanceType: InstanceType.M5_4XLARGE }]),
      with: () => ({ endpoint: { scaling: FIXED } }),
    },
    { what: 'scaled', ...of([{ instanceType: InstanceType.M5_2XLARGE }], [{ instanceType: InstanceType.M5_4XLARGE }]) },
    {
      what: 'with a model',
      ...of([
        {
          instanceType: InstanceType.INF2_XLARGE,
          model: container({ image: anotherImage('djl-inference-neuronx') }),
        },
      ]),
      with: () => ({ endpoint: { scaling: FIXED } }),
    },
  ],
  endpointName: [
    of('one', 'two'),
    {
      what: 'with given topics',
      ...of('one', 'two'),
      with: (given: Given) => ({ endpoint: { successTopic: given.topic('One'), errorTopic: given.topic('Two') } }),
    },
  ],
  variantName: [
    { what: 'fixed', ...of('One', 'Two'), with: () => ({ endpoint: { scaling: FIXED } }) },
    { what: 'scaled', ...of('One', 'Two') },
  ],
  executionRole: {
    ...two((given, id) => given.role(id, 'sagemaker.amazonaws.com')),
  },
  scaling: [
    { what: 'maximum', ...of(FREE, { maxCapacity: 5 }) },
    { what: 'minimum', ...of({ minCapacity: 2, maxCapacity: 4 }, { minCapacity: 3, maxCapacity: 4 }) },
    { what: 'fixed', ...of(FIXED, { minCapacity: 2, maxCapacity: 2 }) },
    { what: 'target', ...of({ targetBacklogPerInstance: 2 }, { targetBacklogPerInstance: 3 }) },
    { what: 'cooldowns', ...of({ scaleInCooldown: Duration.hours(1) }, { scaleOutCooldown: Duration.hours(1) }) },
  ],
  initialInstanceCount: { ...of(2, 3), with: () => ({ endpoint: { scaling: FREE } }) },
  retainAllVariantProperties: of(true, false),
  excludeRetainedVariantProperties: {
    ...of([VariantProperty.DESIRED_INSTANCE_COUNT], [VariantProperty.DESIRED_WEIGHT]),
    with: () => ({ endpoint: { retainAllVariantProperties: true } }),
  },
  retainDeploymentConfig: of(true, false),
  deploymentStrategy: {
    ...of(EndpointDeploymentStrategy.rolling(), EndpointDeploymentStrategy.allAtOnce()),
    with: () => ({ endpoint: { scaling: FREE, initialInstanceCount: 2 } }),
  },
  rollbackAlarms: two((given, id) => [given.alarm(id)]),
  maxConcurrentInvocationsPerInstance: of(2, 3),
  modelDataDownloadTimeout: of(Duration.minutes(9), Duration.minutes(10)),
  containerStartupHealthCheckTimeout: of(Duration.minutes(9), Duration.minutes(10)),
  variantInstanceProvisionTimeout: of(Duration.minutes(9), Duration.minutes(10)),
  capacityReservationConfig: of({ mlReservationArn: reservation('one') }, { mlReservationArn: reservation('two') }),
  metricsConfig: of({ enableDetailedObservability: false }, { enableEnhancedMetrics: true }),
  inferenceAmiVersion: of(InferenceAmiVersion.AL2_GPU_2, InferenceAmiVersion.of('al2-ami-sagemaker-inference-gpu-3-1')),
  volumeSize: of(Size.gibibytes(100), Size.gibibytes(200)),
  volumeEncryptionKey: [two((given, id) => given.key(id)), { what: 'alias', ...two((given, id) => given.alias(id)) }],
  enableNetworkIsolation: of(true, false),
  vpc: { values: [(given) => given.vpc()] },
  vpcSubnets: {
    ...of({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }, { subnetType: SubnetType.PRIVATE_ISOLATED }),
    with: (given: Given) => ({ endpoint: { vpc: given.vpc() } }),
  },
  securityGroups: {
    ...two((given, id) => [given.securityGroup(id)]),
    with: (given: Given) => ({ endpoint: { vpc: given.vpc() } }),
  },
  defaultRequestTtl: of(Duration.hours(1), Duration.hours(2)),
  defaultInvocationTimeout: of(Duration.minutes(10), Duration.minutes(20)),
  outputBucket: [
    two((given, id) => given.bucket(id)),
    { what: 'with keys', ...two((given, id) => given.bucket(id, given.key(id))) },
  ],
  outputPrefix: of('one', 'two'),
  failurePrefix: of('failed', 'broken'),
  outputExpiration: of(Duration.days(7), Duration.days(8)),
  outputEncryptionKey: [
    two((given, id) => given.key(id)),
    { what: 'alias', ...two((given, id) => given.alias(id)) },
    {
      what: 'with inputs in S3',
      ...two((given, id) => given.key(id)),
      with: () => ({ endpoint: { invokerOptions: { inputPolicy: InputPolicy.bySize() } } }),
    },
  ],
  outputRemovalPolicy: of(RemovalPolicy.DESTROY, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE),
  successTopic: [
    two((given, id) => given.topic(id)),
    { what: 'with keys', ...two((given, id) => given.topic(id, given.key(id))) },
  ],
  errorTopic: two((given, id) => given.topic(id)),
  includeInferenceResponseIn: of([InferenceOutcome.SUCCESS], [InferenceOutcome.FAILURE]),
  logRetention: of(RetentionDays.ONE_WEEK, RetentionDays.ONE_YEAR),
  logGroup: {
    values: [(given) => given.importedLogGroup('/aws/sagemaker/Endpoints/named')],
    with: () => ({ endpoint: { endpointName: 'named' } }),
  },
  createInvoker: of(false),
  invokerOptions: of({ memorySize: 512 }, { memorySize: 1_024 }),
};

const INVOKER: Rows<AsyncInferenceInvokerProps> = {
  endpoint: 'connection',
  functionName: of('one', 'two'),
  description: of('one', 'two'),
  architecture: of(Architecture.X86_64, Architecture.ARM_64),
  memorySize: of(512, 1_024),
  timeout: of(Duration.seconds(40), Duration.seconds(50)),
  reservedConcurrentExecutions: of(10, 20),
  role: two((given, id) => given.role(id, 'lambda.amazonaws.com')),
  vpc: { values: [(given) => given.vpc()] },
  vpcSubnets: {
    ...of({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }, { subnetType: SubnetType.PRIVATE_ISOLATED }),
    with: (given: Given) => ({ invoker: { vpc: given.vpc() } }),
  },
  securityGroups: {
    ...two((given, id) => [given.securityGroup(id)]),
    with: (given: Given) => ({ invoker: { vpc: given.vpc() } }),
  },
  applicationLogLevel: of(ApplicationLogLevel.WARN, ApplicationLogLevel.ERROR),
  logRetention: of(RetentionDays.ONE_WEEK, RetentionDays.ONE_YEAR),
  logGroup: two((given, id) => given.logGroup(id)),
  tracing: of(Tracing.ACTIVE, Tracing.PASS_THROUGH),
  environmentEncryption: two((given, id) => given.key(id)),
  onFailure: two((given, id) => new SqsDestination(given.queue(id))),
  retryAttempts: of(0, 1),
  maxEventAge: of(Duration.hours(1), Duration.hours(2)),
  defaultContentType: of('text/csv', 'text/plain'),
  defaultRequestTtl: of(Duration.hours(1), Duration.hours(2)),
  defaultInvocationTimeout: of(Duration.minutes(10), Duration.minutes(20)),
  inputPolicy: [
    { what: 'by size', ...of(InputPolicy.bySize(), InputPolicy.alwaysS3()) },
    { what: 'inline', ...of(InputPolicy.inline()) },
  ],
  readableInputLocations: two((given, id) => [{ bucket: given.bucket(id), prefix: 'inputs' }]),
  sqsResultNaming: of(SqsResultNaming.SERVICE, SqsResultNaming.INFERENCE_ID),
  trustedHttpHeaders: of([TrustedHttpHeader.FILENAME], [TrustedHttpHeader.S3_OUTPUT_PATH_EXTENSION]),
  trustedSqsAttributes: of([TrustedSqsAttribute.FILENAME], [TrustedSqsAttribute.S3_OUTPUT_PATH_EXTENSION]),
};

const INPUT_BUCKET: Rows<InputBucketOptions> = {
  bucket: [
    two((given, id) => given.bucket(id)),
    { what: 'with keys', ...two((given, id) => given.bucket(id, given.key(id))) },
  ],
  prefix: of('v1', 'v2'),
  expiration: of(Duration.days(7), Duration.days(8)),
  encryptionKey: [two((given, id) => given.key(id)), { what: 'alias', ...two((given, id) => given.alias(id)) }],
  removalPolicy: of(RemovalPolicy.DESTROY, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE),
};

const REQUEST_QUEUE: Rows<AsyncInferenceRequestQueueProps> = {
  endpoint: 'connection',
  scaling: 'connection',
  expectedProcessingTime: { required: true, ...of(Duration.seconds(10), Duration.seconds(11)) },
  instanceStartTime: of(Duration.minutes(11), Duration.minutes(12)),
  maxBacklogPerInstance: of(100, 110),
  maxRequestsPerSecondPerInstance: of(0.01, 0.02),
  fifo: of(true, false),
  queueName: of('one', 'two'),
  maxReceiveCount: of(10, 20),
  maxMessageAge: of(Duration.days(1), Duration.days(2)),
  encryptionKey: two((given, id) => given.key(id)),
  removalPolicy: of(RemovalPolicy.DESTROY, RemovalPolicy.RETAIN),
  invokerOptions: of({ memorySize: 512 }, { memorySize: 1_024 }),
};

const RESULT_QUEUE: Rows<AsyncInferenceResultQueueProps> = {
  endpoints: 'connection',
  outcomes: of([InferenceOutcome.SUCCESS], [InferenceOutcome.FAILURE]),
  queueName: of('one', 'two'),
  visibilityTimeout: of(Duration.minutes(5), Duration.minutes(6)),
  maxReceiveCount: of(10, 20),
  maxMessageAge: of(Duration.hours(2), Duration.hours(3)),
  encryptionKey: two((given, id) => given.key(id)),
  removalPolicy: of(RemovalPolicy.RETAIN, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE),
};

const RESULT_EVENTS: Rows<AsyncInferenceResultEventsProps> = {
  endpoints: 'connection',
  eventBus: two((given, id) => given.eventBus(id)),
  outcomes: of([InferenceOutcome.SUCCESS], [InferenceOutcome.FAILURE]),
  maxMessageAge: of(Duration.hours(2), Duration.hours(3)),
  encryptionKey: two((given, id) => given.key(id)),
};

const CALLBACK: Rows<AsyncInferenceCallbackProps> = {
  maxInlineResultBytes: of(0, 1_000),
  encryptionKey: two((given, id) => given.key(id)),
  logRetention: of(RetentionDays.ONE_WEEK, RetentionDays.ONE_YEAR),
  starterLogGroup: two((given, id) => given.logGroup(id)),
  resultLogGroup: two((given, id) => given.logGroup(id)),
  vpc: { values: [(given) => given.vpc()] },
  vpcSubnets: {
    ...of({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }, { subnetType: SubnetType.PRIVATE_ISOLATED }),
    with: (given: Given) => ({ callback: { vpc: given.vpc() } }),
  },
  securityGroups: {
    ...two((given, id) => [given.securityGroup(id)]),
    with: (given: Given) => ({ callback: { vpc: given.vpc() } }),
  },
};

const MONITORING: Rows<AsyncInferenceMonitoringProps> = {
  endpoints: 'connection',
  invokers: of([]),
  requestQueues: 'connection',
  alarmTopic: two((given, id) => given.topic(id)),
  alarmActions: two((given, id) => [new SnsAction(given.topic(id))]),
  excludedAlarms: of([MonitoringAlarm.NO_CAPACITY], [MonitoringAlarm.REQUEST_AGE]),
  maxRequestAge: of(Duration.hours(1), Duration.hours(2)),
  maxTimeWithoutCapacity: of(Duration.minutes(20), Duration.minutes(40)),
  maxInvocationFailures: of(1, 2),
  maxExpiredRequests: of(1, 2),
  maxNotificationFailures: of(1, 2),
  maxRequestDownloadFailures: of(1, 2),
  maxResponseUploadFailures: of(1, 2),
  maxInvokerErrors: of(1, 2),
  maxInvokerThrottles: of(1, 2),
  maxSubmissionFailures: of(1, 2),
  createDashboard: of(false),
  dashboardName: of('one', 'two'),
};

/** A task that does not wait. */
const REQUEST_RESPONSE = { integrationPattern: IntegrationPattern.REQUEST_RESPONSE, callback: undefined };

const TASK: Rows<InvokeAsyncInferenceOptions> = {
  endpoint: 'connection',
  callback: 'connection',
  invoker: 'connection',
  body: 'connection',
  bodyBase64: of('e30=', 'W10='),
  inputLocation: of('s3://elsewhere/one', 's3://elsewhere/two'),
  contentType: of('text/csv', 'text/plain'),
  accept: of('text/csv', 'text/plain'),
  customAttributes: of('one', 'two'),
  inferenceId: { ...of('one', 'two'), with: () => ({ task: REQUEST_RESPONSE }) },
  s3OutputPathExtension: of('one', 'two'),
  filename: of('one', 'two'),
  requestTtl: of(Duration.hours(1), Duration.hours(2)),
  invocationTimeout: of(Duration.minutes(10), Duration.minutes(20)),
  retryOnServiceExceptions: of(false),
};

/** The props of scaling are those of the endpoint's `scaling`, one by one. */
const SCALING: Rows<AsyncInferenceScalingProps> = {
  endpoint: 'connection',
  minCapacity: { ...of(2, 3), with: () => ({ endpoint: { scaling: FREE } }) },
  maxCapacity: of(4, 5),
  targetBacklogPerInstance: of(2, 3),
  wakeSteps: of([{ capacity: 1 }]),
  scaleInCooldown: of(Duration.hours(1), Duration.hours(2)),
  scaleOutCooldown: of(Duration.hours(1), Duration.hours(2)),
};

export interface Row {
  /** The interface and the prop. */
  readonly prop: string;
  readonly what?: string;
  /** The versions, each of which follows the one before it. */
  readonly versions: readonly ((given: Given) => Props)[];
  /** Whether the first version lacks what the row is about. */
  readonly fromAbsent: boolean;
  /** The layouts in which two stacks would depend on each other, which CDK refuses. */
  readonly impossibleIn?: readonly string[];
}

type AnyRows = Readonly<Record<string, Values<unknown> | readonly Values<unknown>[] | Connection>>;

/** The rows of the props of an interface, given where its props go. */
function rowsOf(interfaceName: string, rows: object, place: (props: object) => Props): Row[] {
  return Object.entries(rows as AnyRows)
    .filter(([, values]) => values !== 'connection')
    .flatMap(([name, values]) =>
      ([values].flat() as Values<unknown>[]).map((row) => {
        const { values: made, required = false } = row;
        const given = (value: ((given: Given) => unknown) | undefined) => (bring: Given) => {
          // What users bring along is there in all versions, so that nothing but the prop changes.
          made.forEach((make) => make(bring));
          return merge(row.with?.(bring) ?? {}, place(value ? { [name]: value(bring) } : {}));
        };
        const versions = [...(required ? [] : [undefined]), ...made].map(given);
        return { prop: `${interfaceName}.${name}`, what: row.what, versions, fromAbsent: !required };
      }),
    );
}

/** Merges structs, and takes any other value of the right. */
export function merge<T extends object>(left: T, right: T): T {
  const isStruct = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  const members = new Set([...Object.keys(left), ...Object.keys(right)] as (keyof T)[]);
  return Object.fromEntries(
    [...members].map((name) => {
      const [one, other] = [left[name], right[name]];
      return [name, isStruct(one) && isStruct(other) ? merge(one, other) : name in right ? other : one];
    }),
  ) as T;
}

const CONSTRUCTS = {
  AsyncInferenceEndpoint: 'endpoint',
  AsyncInferenceInvoker: 'invoker',
  AsyncInferenceRequestQueue: 'requestQueue',
  AsyncInferenceResultQueue: 'resultQueue',
  AsyncInferenceResultEvents: 'resultEvents',
  AsyncInferenceCallback: 'callback',
  AsyncInferenceMonitoring: 'monitoring',
} as const;

/** The presence of each construct. The endpoint goes without the others, which need it. */
const PRESENCE: readonly Row[] = Object.entries(CONSTRUCTS).map(([prop, name]) => {
  const others = Object.values(CONSTRUCTS).filter((other) => other !== 'endpoint');
  return {
    prop,
    versions: [() => ({ without: [name] }), () => (name === 'endpoint' ? { without: others } : {})],
    fromAbsent: true,
  };
});

/** Where the props of each interface go. The names of the interfaces are those of lib. */
export const TABLES: Readonly<Record<string, { readonly rows: object; readonly place: (props: object) => Props }>> = {
  AsyncInferenceEndpointProps: { rows: ENDPOINT, place: (endpoint) => ({ endpoint }) },
  AsyncInferenceInvokerProps: { rows: INVOKER, place: (invoker) => ({ invoker }) },
  InputBucketOptions: {
    rows: INPUT_BUCKET,
    place: (options) => ({ invoker: { inputPolicy: InputPolicy.bySize(options) } }),
  },
  AsyncInferenceRequestQueueProps: { rows: REQUEST_QUEUE, place: (requestQueue) => ({ requestQueue }) },
  AsyncInferenceResultQueueProps: { rows: RESULT_QUEUE, place: (resultQueue) => ({ resultQueue }) },
  AsyncInferenceResultEventsProps: { rows: RESULT_EVENTS, place: (resultEvents) => ({ resultEvents }) },
  AsyncInferenceCallbackProps: { rows: CALLBACK, place: (callback) => ({ callback }) },
  AsyncInferenceMonitoringProps: { rows: MONITORING, place: (monitoring) => ({ monitoring }) },
  AsyncInferenceScalingProps: { rows: SCALING, place: (scaling) => ({ endpoint: { scaling } }) },
  InvokeAsyncInferenceOptions: { rows: TASK, place: (task) => ({ task }) },
};

const connected = (connections: Props['connections'], others: Props = {}) => [
  () => others,
  () => ({ ...others, connections }),
];

/** The props that connect constructs, where there is a choice. */
const CONNECTIONS: readonly Row[] = [
  {
    prop: 'AsyncInferenceMonitoringProps.requestQueues',
    versions: connected({ monitoring: (requests) => ({ requestQueues: [requests] }) }),
    fromAbsent: true,
    impossibleIn: ['invoker apart', 'queues apart'],
  },
  {
    prop: 'InvokeAsyncInferenceOptions.invoker',
    versions: connected({ task: (invoker) => ({ invoker }) }, { task: REQUEST_RESPONSE }),
    fromAbsent: true,
    impossibleIn: ['invoker apart'],
  },
  {
    prop: 'AsyncInferenceRequestQueueProps.scaling',
    what: 'of an imported endpoint',
    versions: [false, true].map((isKnown) => () => ({
      // Scaling in another stack counts the messages of a queue whose name is known.
      requestQueue: { queueName: 'named' },
      connections: {
        requestQueue: (endpoint: AsyncInferenceEndpoint) => ({
          endpoint: imported(endpoint),
          scaling: isKnown ? endpoint.scaling : undefined,
        }),
      },
    })),
    fromAbsent: true,
  },
];

function imported({ stack, attributes }: AsyncInferenceEndpoint) {
  return AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Imported', attributes);
}

export const ROWS: readonly Row[] = [
  ...Object.entries(TABLES).flatMap(([name, { rows, place }]) => rowsOf(name, rows, place)),
  ...CONNECTIONS,
  ...PRESENCE,
];
