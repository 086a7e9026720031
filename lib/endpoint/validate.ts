import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import type { Resource } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { AsyncInferenceEndpointProps } from './endpoint-props';
import { VariantProperty } from './endpoint-props';
import { containerLogGroupName, ENDPOINT_NAME } from './endpoint-name';
import { prefixesOf } from './output';
import { SECONDS_LIMITS } from '../contract/invoker';
import { invokerOptionErrors } from '../invoker/validate';
import { imageErrors } from '../model/container-image';
import type { ContainerImageConfig } from '../model/container-image';
import type { InferenceModel, InferenceModelConfig } from '../model/inference-model';
import type { InstanceType } from '../model/instance-type';
import { rootOf } from '../shared/dependencies';
import { capacityOf, initialCapacityOf, scalingErrors } from '../scaling/capacity';
import { givenKeyErrors, keyErrors } from '../shared/keys';
import { selectSubnets } from '../shared/vpc';
import {
  differs,
  kindOf,
  noEffect,
  sameRegion,
  text,
  wholeDays,
  wholeGibibytes,
  wholeNumber,
  wholeSeconds,
} from '../shared/validation';
import type { ValidationError } from '../shared/validation';

const MAX_ROLLBACK_ALARMS = 10;

/** Prefixes without IAM wildcards, and short enough for the 512 characters of S3OutputPath with any bucket name. */
export const PREFIX = /^(?=.{1,400}$)(?!.*(^|\/)\.{1,2}(\/|$))[a-zA-Z0-9!_.'()=-]+(\/[a-zA-Z0-9!_.'()=-]+)*$/;
export const PREFIX_IN_WORDS =
  "1 to 400 letters, digits and !_.'()=- in parts between slashes, without a slash at either end";

/** What the compiler of TypeScript rejects. Other callers, and values of variables that are not set, get here. */
function requiredErrors({
  model,
  instanceType,
  instancePools,
}: Partial<AsyncInferenceEndpointProps>): ValidationError[] {
  return [
    isModel(model)
      ? undefined
      : `model must be an InferenceModel, for example InferenceModel.fromContainer(...), got ${kindOf(model)}`,
    instanceTypeError('instanceType', instanceType),
    ...(instancePools ?? []).map((pool) => instanceTypeError('instanceType of instancePools', pool.instanceType)),
  ];
}

function instanceTypeError(prop: string, value: Partial<InstanceType> | undefined): ValidationError {
  if (isInstanceType(value)) return undefined;
  return `${prop} must be an InstanceType of this library, for example InstanceType.M5_XLARGE, got ${kindOf(value)}`;
}

export function isModel(value: Partial<InferenceModel> | undefined): value is InferenceModel {
  return typeof value?._bind === 'function';
}

function isInstanceType(value: Partial<InstanceType> | undefined): value is InstanceType {
  return typeof value?.instanceTypeName === 'string';
}

/** An image on an instance type. */
export interface ServedModel {
  readonly instanceTypeName: string;
  readonly image?: ContainerImageConfig;
}

/** Validates the props of an endpoint. */
export function endpointErrors(
  endpoint: Resource,
  endpointName: string,
  props: AsyncInferenceEndpointProps,
  models: readonly InferenceModelConfig[],
  served: readonly ServedModel[],
): ValidationError[] {
  const { RequestTTLSeconds: ttl, InvocationTimeoutSeconds: timeout } = SECONDS_LIMITS;
  const { region, account } = endpoint.env;
  return [
    ...requiredErrors(props),
    text('endpointName', props.endpointName, ENDPOINT_NAME.pattern, ENDPOINT_NAME.allowed),
    text('variantName', props.variantName, ENDPOINT_NAME.pattern, ENDPOINT_NAME.allowed),
    ...[
      isModel(props.model) ? props.model : undefined,
      ...(props.instancePools ?? []).map((pool) => pool.model),
    ].flatMap((model) => model?._errors ?? []),
    ...new Set(
      served.flatMap(({ image, instanceTypeName }) =>
        image ? imageErrors(image, instanceTypeName, props.vpc !== undefined) : [],
      ),
    ),
    ...instanceErrors(props),
    ...scalingErrors(props.scaling ?? {}).map((error) => error && `scaling: ${error}`),
    wholeNumber('initialInstanceCount', props.initialInstanceCount, 1),
    initialCountOutOfBounds(props),
    ...strategyErrors(props),
    ...rollbackAlarmErrors(props.rollbackAlarms ?? [], region),
    wholeNumber('maxConcurrentInvocationsPerInstance', props.maxConcurrentInvocationsPerInstance, 1, 1_000),
    wholeSeconds('defaultRequestTtl', props.defaultRequestTtl, ttl.min, ttl.max),
    wholeSeconds('defaultInvocationTimeout', props.defaultInvocationTimeout, timeout.min, timeout.max),
    wholeSeconds('modelDataDownloadTimeout', props.modelDataDownloadTimeout, 60, 3_600),
    wholeSeconds('containerStartupHealthCheckTimeout', props.containerStartupHealthCheckTimeout, 60, 3_600),
    wholeSeconds('variantInstanceProvisionTimeout', props.variantInstanceProvisionTimeout, 300, 3_600),
    wholeGibibytes('volumeSize', props.volumeSize, 1, 512),
    ...reservationErrors(endpoint, props),
    publishFrequencyError(props),
    ...retentionErrors(props),
    keyErrors('volumeEncryptionKey', props.volumeEncryptionKey),
    nameTwice(endpoint, endpointName),
    ...outputErrors(endpointName, props),
    ...regionErrors(endpoint, props),
    ...logErrors(endpointName, props),
    ...networkErrors(props),
    roleOfAnotherAccount(endpoint, props),
    ...(models[0]?.existing ? existingModelErrors(props) : []),
    ...models.slice(1).map(({ existing }) => existing && roleOfPool(existing, models[0]?.existing ?? props)),
    ...(props.createInvoker === false
      ? [noEffect('invokerOptions', props.invokerOptions, 'an invoker, and createInvoker is false')]
      : invokerOptionErrors(props.invokerOptions ?? {}, region, account).map(
          (error) => error && `invokerOptions: ${error}`,
        )),
  ];
}

function instanceErrors({
  instanceType,
  instancePools = [],
  scaling = {},
}: AsyncInferenceEndpointProps): ValidationError[] {
  const { minCapacity, maxCapacity } = capacityOf(scaling);
  const types = [instanceType, ...instancePools.map((pool) => pool.instanceType)];
  const names = types.filter((type) => isInstanceType(type)).map((type) => type.instanceTypeName);
  const each = (pattern: RegExp, error: string) =>
    names.filter((name) => pattern.test(name)).map((name) => `instance type ${name} ${error}`);
  return [
    names.length > 5
      ? `instancePools must have at most 4 instance types in addition to instanceType, got ${instancePools.length}`
      : undefined,
    new Set(names).size < names.length
      ? `instanceType and instancePools must differ, got ${names.join(', ')}`
      : undefined,
    ...each(/^ml\.inf1\./, 'is not supported by asynchronous inference: use another one, for example ml.inf2'),
    ...(minCapacity === maxCapacity
      ? []
      : each(
          /^ml\.t\d/,
          'is burstable, and SageMaker cannot scale it: use another one, or equal bounds, for example scaling: { minCapacity: 1, maxCapacity: 1 }',
        )),
  ];
}

function reservationErrors(
  { env }: Resource,
  { capacityReservationConfig: config }: AsyncInferenceEndpointProps,
): ValidationError[] {
  if (!config) return [];
  const arn = config.mlReservationArn;
  const region = /^arn:[^:]*:sagemaker:([a-z0-9-]+):/.exec(arn)?.[1];
  return [
    text(
      'mlReservationArn of capacityReservationConfig',
      arn,
      /^(?=.{20,258}$)arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:[a-z0-9-]{1,14}\/.+$/,
      'the ARN of a reservation of SageMaker',
    ),
    region === undefined ? undefined : sameRegion('the reservation of capacityReservationConfig', region, env.region),
  ];
}

const PUBLISH_FREQUENCIES = [10, 30, 60, 120, 180, 240, 300];

function publishFrequencyError({ metricsConfig }: AsyncInferenceEndpointProps): ValidationError {
  const frequency = metricsConfig?.metricPublishFrequency;
  const prop = 'metricPublishFrequency of metricsConfig';
  if (!frequency || frequency.isUnresolved()) return wholeSeconds(prop, frequency, 10, 300);
  const seconds = frequency.toMilliseconds() / 1000;
  if (PUBLISH_FREQUENCIES.includes(seconds)) return undefined;
  return `${prop} must be one of ${PUBLISH_FREQUENCIES.join(', ')} seconds, got ${seconds}`;
}

function retentionErrors({
  excludeRetainedVariantProperties: excluded,
  retainAllVariantProperties: retained,
}: AsyncInferenceEndpointProps): ValidationError[] {
  return [
    retained ? undefined : noEffect('excludeRetainedVariantProperties', excluded, 'retainAllVariantProperties: true'),
    excluded && (excluded.length === 0 || new Set(excluded).size < excluded.length)
      ? `excludeRetainedVariantProperties must name at least one property, and none twice, got [${excluded.join(', ')}]`
      : undefined,
  ];
}

function initialCountOutOfBounds({
  initialInstanceCount: count,
  scaling = {},
}: AsyncInferenceEndpointProps): ValidationError {
  const { minCapacity, maxCapacity } = capacityOf(scaling);
  if (count === undefined) {
    return Token.isUnresolved(minCapacity)
      ? 'initialInstanceCount is required if minCapacity is a token, because SageMaker cannot create an endpoint with zero instances'
      : undefined;
  }
  if ([count, minCapacity, maxCapacity].some((value) => Token.isUnresolved(value))) return undefined;
  if (count >= minCapacity && count <= maxCapacity) return undefined;
  return `initialInstanceCount must be within the bounds of scaling, ${minCapacity} to ${maxCapacity}, got ${count}: for a fixed fleet, set minCapacity of scaling`;
}

/** Alarms without those that are imported twice. SageMaker accepts each name once. */
export function distinctAlarms(alarms: readonly IAlarm[]): IAlarm[] {
  return [...new Map(alarms.map((alarm) => [alarm.alarmArn, alarm])).values()];
}

/** Validates the alarms that roll an update back. */
export function rollbackAlarmErrors(given: readonly IAlarm[], region: string): ValidationError[] {
  const alarms = distinctAlarms(given);
  return [
    alarms.length > MAX_ROLLBACK_ALARMS
      ? `rollbackAlarms must have at most ${MAX_ROLLBACK_ALARMS} alarms, got ${alarms.length}`
      : undefined,
    ...alarms.map((alarm) => sameRegion(`the rollback alarm ${alarm.node.path}`, regionOf(alarm), region)),
  ];
}

/** An imported alarm is in the region of its ARN. */
function regionOf({ alarmArn, env }: IAlarm): string {
  return Token.isUnresolved(alarmArn) ? env.region : alarmArn.split(':')[3]!;
}

/** An update starts with the initial number of instances, or with any number that scaling has reached. */
function strategyErrors({
  deploymentStrategy,
  scaling = {},
  initialInstanceCount,
  retainAllVariantProperties,
  excludeRetainedVariantProperties: excluded = [],
}: AsyncInferenceEndpointProps): ValidationError[] {
  if (!deploymentStrategy) return [];
  const { minCapacity, maxCapacity } = capacityOf(scaling);
  const isRetained = retainAllVariantProperties && !excluded.includes(VariantProperty.DESIRED_INSTANCE_COUNT);
  const count = isRetained ? minCapacity : (initialInstanceCount ?? initialCapacityOf(scaling));
  const most = isRetained ? maxCapacity : count;
  if (Token.isUnresolved(count) || Token.isUnresolved(most)) return [];
  if (count >= 2 || !deploymentStrategy._needsTwoInstances)
    return deploymentStrategy._errors({ fewest: count, most }).map((error) => error && `deploymentStrategy: ${error}`);
  const prop = isRetained ? 'minCapacity of scaling' : 'initialInstanceCount';
  return [
    `deploymentStrategy divides the fleet, which needs at least two instances when an update starts, got ${count}: ` +
      `raise ${prop}, or use EndpointDeploymentStrategy.allAtOnce`,
  ];
}

function outputErrors(endpointName: string, props: AsyncInferenceEndpointProps): ValidationError[] {
  const { outputBucket, successTopic, errorTopic } = props;
  const { outputPrefix, failurePrefix } = prefixesOf(endpointName, props);
  return [
    text('outputPrefix', props.outputPrefix, PREFIX, PREFIX_IN_WORDS),
    text('failurePrefix', props.failurePrefix, PREFIX, PREFIX_IN_WORDS),
    outputPrefix === failurePrefix
      ? `outputPrefix and failurePrefix must differ, got '${outputPrefix}' for both`
      : undefined,
    wholeDays('outputExpiration', props.outputExpiration, 1),
    ...(outputBucket
      ? [
          noEffect('outputExpiration', props.outputExpiration, 'a new bucket, and outputBucket is given'),
          noEffect('outputRemovalPolicy', props.outputRemovalPolicy, 'a new bucket, and outputBucket is given'),
        ]
      : []),
    keyErrors('outputEncryptionKey', props.outputEncryptionKey),
    givenKeyErrors('the key of outputBucket', outputBucket?.encryptionKey),
    givenKeyErrors('the key of successTopic', successTopic?.masterKey),
    givenKeyErrors('the key of errorTopic', errorTopic?.masterKey),
    successTopic?.fifo ? 'successTopic must not be FIFO: SageMaker publishes without a message group' : undefined,
    errorTopic?.fifo ? 'errorTopic must not be FIFO: SageMaker publishes without a message group' : undefined,
  ];
}

function logErrors(endpointName: string, { logGroup, logRetention }: AsyncInferenceEndpointProps): ValidationError[] {
  if (!logGroup) return [];
  const name = containerLogGroupName(endpointName);
  // The name of a log group of this app is a token, behind which there is a name, or one that CloudFormation chooses.
  const { defaultChild } = logGroup.node;
  const literal: unknown = CfnResource.isCfnResource(defaultChild)
    ? (Stack.of(logGroup).resolve((defaultChild as CfnLogGroup).logGroupName) ?? 'a name that CloudFormation chooses')
    : undefined;
  const actual = typeof literal === 'string' ? literal : logGroup.logGroupName;
  return [
    noEffect('logRetention', logRetention, 'a new log group, and logGroup is given'),
    !Token.isUnresolved(actual) && actual !== name
      ? `logGroup must have the name ${name}, because SageMaker writes to no other log group, got ${actual}`
      : undefined,
  ];
}

function networkErrors({ vpc, vpcSubnets, securityGroups }: AsyncInferenceEndpointProps): ValidationError[] {
  if (!vpc) return [noEffect('vpcSubnets', vpcSubnets, 'a vpc'), noEffect('securityGroups', securityGroups, 'a vpc')];
  const errors: ValidationError[] = [];
  const selected = selectSubnets(errors, vpc, vpcSubnets);
  if (!selected || selected.isPendingLookup || errors.length > 0) return errors;
  const { subnetIds, availabilityZones } = selected;
  if (Token.isUnresolved(subnetIds)) {
    return [
      'vpcSubnets is a list that is only known at deployment, and a statement must name each subnet: ' +
        'give the subnets one by one, for example with Fn.select or Fn.importListValue and a length',
    ];
  }
  const zones = new Set(availabilityZones);
  return [
    !Token.isUnresolved(availabilityZones) && zones.size < 2
      ? `vpcSubnets must be in at least two Availability Zones, got ${zones.size}`
      : undefined,
    subnetIds.length > 16 ? `vpcSubnets must have at most 16 subnets, got ${subnetIds.length}` : undefined,
    securityGroups && (securityGroups.length < 1 || securityGroups.length > 5)
      ? `securityGroups must have 1 to 5 security groups, got ${securityGroups.length}`
      : undefined,
  ];
}

function roleOfAnotherAccount(
  endpoint: Resource,
  { executionRole: role }: AsyncInferenceEndpointProps,
): ValidationError {
  if (!role || !differs(role.env.account, endpoint.env.account)) return undefined;
  return `executionRole must belong to the account of the endpoint ${endpoint.env.account}, got ${role.env.account}`;
}

/** What belongs to the model cannot be changed where the model exists. */
function existingModelErrors(props: AsyncInferenceEndpointProps): ValidationError[] {
  return [
    props.executionRole
      ? 'executionRole belongs to the model, which exists: pass it to InferenceModel.fromModelName'
      : undefined,
    ...(['vpc', 'enableNetworkIsolation'] as const).map((prop) =>
      props[prop]
        ? `${prop} belongs to the model, which exists: set it on the model, and leave it out here`
        : undefined,
    ),
  ];
}

/** Results, notifications and keys must be where SageMaker is. */
function regionErrors(
  { env }: Resource,
  { outputBucket, successTopic, errorTopic, outputEncryptionKey, volumeEncryptionKey }: AsyncInferenceEndpointProps,
): ValidationError[] {
  return Object.entries({ outputBucket, successTopic, errorTopic, outputEncryptionKey, volumeEncryptionKey }).map(
    ([prop, resource]) => resource && sameRegion(prop, resource.env.region, env.region),
  );
}

/** The endpoints of each app by account, region and name in lower case, because names are unique regardless of case. */
const names = new WeakMap<IConstruct, Map<string, Resource>>();

function nameTwice(endpoint: Resource, endpointName: string): ValidationError {
  if (Token.isUnresolved(endpointName)) return undefined;
  const { root } = endpoint.node;
  const known = names.get(root) ?? new Map<string, Resource>();
  names.set(root, known);
  const { account, region } = endpoint.env;
  // Stacks without an environment may be deployed to different ones, but a nested one is where the stack above it is.
  const place =
    Token.isUnresolved(account) || Token.isUnresolved(region) ? rootOf(endpoint.stack).node.path : account + region;
  const name = `${place}/${endpointName.toLowerCase()}`;
  const other = known.get(name);
  if (!other) known.set(name, endpoint);
  return other && other !== endpoint
    ? `endpointName must be unique regardless of case, and ${other.node.path} has the name '${endpointName}' as well`
    : undefined;
}

/** The permissions of the endpoint are on one role, so all of its models must have that role. */
function roleOfPool(
  { modelName, executionRole: role }: NonNullable<InferenceModelConfig['existing']>,
  { executionRole: expected }: { readonly executionRole?: IRole },
): ValidationError {
  const isSame =
    role !== undefined && expected !== undefined && (role === expected || role.roleArn === expected.roleArn);
  return isSame
    ? undefined
    : `instancePools: the role of the existing model ${modelName} must be the executionRole of the endpoint, because no other role gets ` +
        'permissions: pass the same role to both';
}
