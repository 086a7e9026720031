import { Token, TokenComparison } from 'aws-cdk-lib';
import type { Resource } from 'aws-cdk-lib';
import type { AsyncInferenceEndpointProps } from '../async-inference-endpoint';
import { SECONDS_LIMITS } from '../invoker-contract';
import { capacityOf, scalingFaults } from './capacity';
import { text, wholeDays, wholeNumber, wholeSeconds } from './validation';
import type { Fault } from './validation';

const NAME = /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const NAME_IN_WORDS = '1 to 63 letters, digits and hyphens, with no hyphen at either end';

/** All that is wrong with an endpoint's props. */
export function endpointFaults(endpoint: Resource, props: AsyncInferenceEndpointProps): Fault[] {
  return [
    text('endpointName', props.endpointName, NAME, NAME_IN_WORDS),
    text('variantName', props.variantName, NAME, NAME_IN_WORDS),
    ...scalingFaults(props.scaling ?? {}).map((fault) => fault && `scaling: ${fault}`),
    wholeNumber('initialInstanceCount', props.initialInstanceCount, 1),
    initialCountOutOfBounds(props),
    burstableWithScaling(props),
    wholeSeconds('requestTtl', props.requestTtl, SECONDS_LIMITS.RequestTTLSeconds.min, SECONDS_LIMITS.RequestTTLSeconds.max),
    wholeSeconds(
      'invocationTimeout', props.invocationTimeout, SECONDS_LIMITS.InvocationTimeoutSeconds.min, SECONDS_LIMITS.InvocationTimeoutSeconds.max,
    ),
    wholeDays('outputExpiration', props.outputExpiration, 1),
    roleOfAnotherAccount(endpoint, props),
    optionsWithoutInvoker(props),
  ];
}

function roleOfAnotherAccount(endpoint: Resource, { executionRole: role }: AsyncInferenceEndpointProps): Fault {
  if (!role || Token.compareStrings(role.env.account, endpoint.env.account) !== TokenComparison.DIFFERENT) return undefined;
  return `executionRole must be of the endpoint's account ${endpoint.env.account}, got one of ${role.env.account}`;
}

function optionsWithoutInvoker({ createInvoker, invokerOptions }: AsyncInferenceEndpointProps): Fault {
  if (createInvoker !== false || invokerOptions === undefined) return undefined;
  return 'invokerOptions have no effect with createInvoker: false; leave one of them out';
}

function initialCountOutOfBounds({ initialInstanceCount: count, scaling = {} }: AsyncInferenceEndpointProps): Fault {
  const { minCapacity, maxCapacity } = capacityOf(scaling);
  if (count === undefined || [count, minCapacity, maxCapacity].some((value) => Token.isUnresolved(value))) return undefined;
  if (count >= minCapacity && count <= maxCapacity) return undefined;
  return `initialInstanceCount must be within the bounds of scaling, ${minCapacity} to ${maxCapacity}, got ${count}`;
}

function burstableWithScaling({ instanceType, scaling = {} }: AsyncInferenceEndpointProps): Fault {
  const { minCapacity, maxCapacity } = capacityOf(scaling);
  if (!/^ml\.t\d/.test(instanceType.instanceTypeName) || minCapacity === maxCapacity) return undefined;
  return `instanceType ${instanceType.instanceTypeName} is burstable, which SageMaker cannot scale: take another, or a fixed fleet, `
    + 'for example scaling: { minCapacity: 1, maxCapacity: 1 }';
}
