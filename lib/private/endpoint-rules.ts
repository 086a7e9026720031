import { Token, TokenComparison } from 'aws-cdk-lib';
import type { Resource } from 'aws-cdk-lib';
import type { AsyncInferenceEndpointProps } from '../async-inference-endpoint';
import { SECONDS_LIMITS } from '../invoker-contract';
import { text, wholeDays, wholeSeconds } from './validation';
import type { Fault } from './validation';

const NAME = /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/;
const NAME_IN_WORDS = '1 to 63 letters, digits and hyphens, with no hyphen at either end';

/** All that is wrong with an endpoint's props. */
export function endpointFaults(endpoint: Resource, props: AsyncInferenceEndpointProps): Fault[] {
  return [
    text('endpointName', props.endpointName, NAME, NAME_IN_WORDS),
    text('variantName', props.variantName, NAME, NAME_IN_WORDS),
    wholeSeconds('requestTtl', props.requestTtl, SECONDS_LIMITS.RequestTTLSeconds.min, SECONDS_LIMITS.RequestTTLSeconds.max),
    wholeSeconds(
      'invocationTimeout', props.invocationTimeout, SECONDS_LIMITS.InvocationTimeoutSeconds.min, SECONDS_LIMITS.InvocationTimeoutSeconds.max,
    ),
    wholeDays('outputExpiration', props.outputExpiration, 1, 2_147_483_647),
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
