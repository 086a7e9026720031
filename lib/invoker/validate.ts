import { Token, TokenComparison } from 'aws-cdk-lib';
import type { AsyncInferenceInvokerProps } from './invoker';
import type { InputBucketOptions } from './input-policy';
import { SECONDS_LIMITS } from '../contract/invoker';
import { text, wholeDays, wholeNumber, wholeSeconds } from '../shared/validation';
import type { Fault } from '../shared/validation';

const { RequestTTLSeconds: TTL, InvocationTimeoutSeconds: TIMEOUT } = SECONDS_LIMITS;

/** All that is wrong with an invoker's props. */
export function invokerFaults(props: AsyncInferenceInvokerProps): Fault[] {
  return [
    text(
      'functionName',
      props.functionName,
      /^[a-zA-Z0-9-_]{1,64}$/,
      '1 to 64 letters, digits, hyphens and underscores',
    ),
    text('description', props.description, /^[^]{0,256}$/, 'at most 256 characters'),
    wholeNumber('memorySize', props.memorySize, 128, 10_240),
    wholeSeconds('timeout', props.timeout, 1, 900),
    wholeNumber('reservedConcurrentExecutions', props.reservedConcurrentExecutions, 0),
    text(
      'defaultContentType',
      props.defaultContentType,
      /^[\x21-\x7e]([\x20-\x7e]{0,1022}[\x21-\x7e])?$/,
      '1 to 1,024 characters of ASCII',
    ),
    wholeSeconds('requestTtl', props.requestTtl, TTL.min, TTL.max),
    wholeSeconds('invocationTimeout', props.invocationTimeout, TIMEOUT.min, TIMEOUT.max),
    wholeNumber('retryAttempts', props.retryAttempts, 0, 2),
    wholeSeconds('maxEventAge', props.maxEventAge, 60, 21_600),
    networkWithoutVpc(props),
    roleOfAnotherAccount(props),
  ];
}

function networkWithoutVpc({ vpc, vpcSubnets, securityGroups }: AsyncInferenceInvokerProps): Fault {
  if (vpc || !(vpcSubnets ?? securityGroups)) return undefined;
  return 'vpcSubnets and securityGroups have no effect without a vpc; give the vpc, or leave them out';
}

function roleOfAnotherAccount({ endpoint, role }: AsyncInferenceInvokerProps): Fault {
  if (!role || Token.compareStrings(role.env.account, endpoint.env.account) !== TokenComparison.DIFFERENT)
    return undefined;
  return `role must be of the endpoint's account ${endpoint.env.account}, got one of ${role.env.account}`;
}

/** All that is wrong with where an input policy puts payloads. */
export function inputFaults({ bucket, prefix, expiration, encryptionKey, removalPolicy }: InputBucketOptions): Fault[] {
  return [
    // No wildcards: policies speak of the prefix.
    text(
      'prefix',
      prefix,
      /^(?!\/)[a-zA-Z0-9!_.'()/-]{1,800}(?<!\/)$/,
      "1 to 800 letters, digits and !-_.'()/, without a slash at either end",
    ),
    wholeDays('expiration', expiration, 1),
    bucket && (expiration ?? encryptionKey ?? removalPolicy)
      ? 'expiration, encryptionKey and removalPolicy are of a new bucket; leave them out, or leave out the bucket'
      : undefined,
  ];
}
