import { SizeRoundingBehavior, Token, TokenComparison } from 'aws-cdk-lib';
import type { Resource, Size } from 'aws-cdk-lib';
import type { AsyncInferenceEndpointProps } from './endpoint-props';
import type { InferenceModelConfig } from '../model/inference-model';
import { SECONDS_LIMITS } from '../contract/invoker';
import { capacityOf, scalingFaults } from '../scaling/capacity';
import { text, wholeDays, wholeNumber, wholeSeconds } from '../shared/validation';
import type { Fault } from '../shared/validation';

export const MAX_ROLLBACK_ALARMS = 10;

const NAME = /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const NAME_IN_WORDS = '1 to 63 letters, digits and hyphens, with no hyphen at either end';
// No wildcard of IAM, and short enough for S3OutputPath's 512 characters with any bucket's name.
const PREFIX = /^(?=.{1,400}$)[a-zA-Z0-9!_.'()=-]+(\/[a-zA-Z0-9!_.'()=-]+)*$/;
const PREFIX_IN_WORDS = "1 to 400 letters, digits and !_.'()=- in parts between slashes, with no slash at either end";

/** All that is wrong with an endpoint's props. */
export function endpointFaults(
  endpoint: Resource,
  props: AsyncInferenceEndpointProps,
  model: InferenceModelConfig,
): Fault[] {
  const { RequestTTLSeconds: ttl, InvocationTimeoutSeconds: timeout } = SECONDS_LIMITS;
  return [
    text('endpointName', props.endpointName, NAME, NAME_IN_WORDS),
    text('variantName', props.variantName, NAME, NAME_IN_WORDS),
    ...instanceFaults(props),
    ...scalingFaults(props.scaling ?? {}).map((fault) => fault && `scaling: ${fault}`),
    wholeNumber('initialInstanceCount', props.initialInstanceCount, 1),
    initialCountOutOfBounds(props),
    partsOfASingleInstance(props),
    wholeNumber('maxConcurrentInvocationsPerInstance', props.maxConcurrentInvocationsPerInstance, 1, 1_000),
    wholeSeconds('requestTtl', props.requestTtl, ttl.min, ttl.max),
    wholeSeconds('invocationTimeout', props.invocationTimeout, timeout.min, timeout.max),
    wholeSeconds('modelDataDownloadTimeout', props.modelDataDownloadTimeout, 60, 3_600),
    wholeSeconds('containerStartupHealthCheckTimeout', props.containerStartupHealthCheckTimeout, 60, 3_600),
    wholeSeconds('variantInstanceProvisionTimeout', props.variantInstanceProvisionTimeout, 300, 3_600),
    wholeGibibytes('volumeSize', props.volumeSize, 1, 512),
    ...outputFaults(props),
    ...networkFaults(props),
    roleOfAnotherAccount(endpoint, props),
    ...(model.existing ? existingModelFaults(props) : []),
    props.createInvoker === false && props.invokerOptions
      ? without('invokerOptions', 'an invoker, and createInvoker is false')
      : undefined,
  ];
}

function without(prop: string, what: string): Fault {
  return `${prop} has no effect without ${what}: leave it out`;
}

function instanceFaults({
  instanceType,
  instancePools = [],
  scaling = {},
  volumeEncryptionKey,
}: AsyncInferenceEndpointProps): Fault[] {
  const { minCapacity, maxCapacity } = capacityOf(scaling);
  const names = [instanceType, ...instancePools].map(({ instanceTypeName }) => instanceTypeName);
  const each = (pattern: RegExp, fault: string) =>
    names.filter((name) => pattern.test(name)).map((name) => `instance type ${name} ${fault}`);
  return [
    names.length > 5
      ? `instancePools must have at most 4 instance types beside instanceType, got ${instancePools.length}`
      : undefined,
    new Set(names).size < names.length
      ? `instanceType and instancePools must differ, got ${names.join(', ')}`
      : undefined,
    ...each(/^ml\.inf1\./, 'is not supported by asynchronous inference: take ml.inf2 or another'),
    ...(minCapacity === maxCapacity
      ? []
      : each(
          /^ml\.t\d/,
          'is burstable, which SageMaker cannot scale: take another, or a fixed fleet, for example scaling: { minCapacity: 1, maxCapacity: 1 }',
        )),
    ...(volumeEncryptionKey
      ? each(
          /^ml\.(\w*\dg?d|g4dn|g5|g6e?|p4de|p5(e|en)?|dl1|trn1n?)\./,
          'has local NVMe storage, which is encrypted by itself and for which SageMaker refuses a key: leave volumeEncryptionKey out',
        )
      : []),
  ];
}

function initialCountOutOfBounds({ initialInstanceCount: count, scaling = {} }: AsyncInferenceEndpointProps): Fault {
  const { minCapacity, maxCapacity } = capacityOf(scaling);
  if (count === undefined || [count, minCapacity, maxCapacity].some((value) => Token.isUnresolved(value)))
    return undefined;
  if (count >= minCapacity && count <= maxCapacity) return undefined;
  return `initialInstanceCount must be within the bounds of scaling, ${minCapacity} to ${maxCapacity}, got ${count}`;
}

function partsOfASingleInstance({ deploymentStrategy, scaling = {} }: AsyncInferenceEndpointProps): Fault {
  const { maxCapacity } = capacityOf(scaling);
  if (!deploymentStrategy?._needsTwoInstances || Token.isUnresolved(maxCapacity) || maxCapacity >= 2) return undefined;
  return (
    `deploymentStrategy works on parts of a fleet, which needs two instances, and scaling allows ${maxCapacity}: ` +
    'raise maxCapacity, or take DeploymentStrategy.allAtOnce'
  );
}

function wholeGibibytes(prop: string, value: Size | undefined, min: number, max: number): Fault {
  return value === undefined || value.isUnresolved()
    ? undefined
    : wholeNumber(`${prop} in GiB`, value.toGibibytes({ rounding: SizeRoundingBehavior.NONE }), min, max);
}

function outputFaults(props: AsyncInferenceEndpointProps): Fault[] {
  const { outputPrefix, failurePrefix, outputBucket, successTopic, errorTopic } = props;
  return [
    text('outputPrefix', outputPrefix, PREFIX, PREFIX_IN_WORDS),
    text('failurePrefix', failurePrefix, PREFIX, PREFIX_IN_WORDS),
    outputPrefix !== undefined && outputPrefix === failurePrefix
      ? `outputPrefix and failurePrefix must differ, got '${outputPrefix}'`
      : undefined,
    wholeDays('outputExpiration', props.outputExpiration, 1),
    outputBucket && props.outputExpiration
      ? without('outputExpiration', 'a new bucket, and outputBucket is given')
      : undefined,
    outputBucket && props.removalPolicy
      ? without('removalPolicy', 'a new bucket, and outputBucket is given')
      : undefined,
    successTopic?.fifo ? 'successTopic must not be FIFO: SageMaker publishes without a message group' : undefined,
    errorTopic?.fifo ? 'errorTopic must not be FIFO: SageMaker publishes without a message group' : undefined,
  ];
}

function networkFaults({ vpc, vpcSubnets, securityGroups }: AsyncInferenceEndpointProps): Fault[] {
  if (!vpc) {
    return [
      vpcSubnets ? without('vpcSubnets', 'a vpc') : undefined,
      securityGroups ? without('securityGroups', 'a vpc') : undefined,
    ];
  }
  const { subnetIds, availabilityZones } = vpc.selectSubnets(vpcSubnets);
  const zones = new Set(availabilityZones);
  return [
    !Token.isUnresolved(availabilityZones) && zones.size < 2
      ? `vpcSubnets must be in at least two availability zones, got ${zones.size}`
      : undefined,
    !Token.isUnresolved(subnetIds) && subnetIds.length > 16
      ? `vpcSubnets must be at most 16, got ${subnetIds.length}`
      : undefined,
    securityGroups && (securityGroups.length < 1 || securityGroups.length > 5)
      ? `securityGroups must be 1 to 5, got ${securityGroups.length}`
      : undefined,
  ];
}

function roleOfAnotherAccount(endpoint: Resource, { executionRole: role }: AsyncInferenceEndpointProps): Fault {
  if (!role || Token.compareStrings(role.env.account, endpoint.env.account) !== TokenComparison.DIFFERENT)
    return undefined;
  return `executionRole must be of the endpoint's account ${endpoint.env.account}, got one of ${role.env.account}`;
}

/** What belongs to a model is as it is where the model exists. */
function existingModelFaults(props: AsyncInferenceEndpointProps): Fault[] {
  return [
    props.executionRole
      ? 'executionRole is that of the model, which exists: give it to InferenceModel.fromModelName'
      : undefined,
    ...(['vpc', 'enableNetworkIsolation'] as const).map((prop) =>
      props[prop] ? `${prop} belongs to the model, which exists: set it there, and leave it out here` : undefined,
    ),
  ];
}
