import { Token } from 'aws-cdk-lib';
import { ApplicationLogLevel } from 'aws-cdk-lib/aws-lambda';
import type { AsyncInferenceInvokerOptions, AsyncInferenceInvokerProps } from './invoker';
import type { InputLocation } from './input-location';
import type { InputBucketOptions } from './input-policy';
import { TrustedHttpHeader } from './trusted-http-header';
import { SECONDS_LIMITS } from '../contract/invoker';
import { keyErrors } from '../shared/keys';
import { differs, noEffect, sameRegion, text, wholeDays, wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import { placeErrors } from '../shared/vpc';

const { RequestTTLSeconds: TTL, InvocationTimeoutSeconds: TIMEOUT } = SECONDS_LIMITS;

/** Validates the options of an invoker of an endpoint in a region and an account. */
export function invokerOptionErrors(
  options: AsyncInferenceInvokerOptions,
  region: string,
  account: string,
): ValidationError[] {
  return [
    text(
      'functionName',
      options.functionName,
      /^[a-zA-Z0-9-_]{1,64}$/,
      '1 to 64 letters, digits, hyphens and underscores',
    ),
    text('description', options.description, /^[^]{0,256}$/, 'at most 256 characters'),
    wholeNumber('memorySize', options.memorySize, 128, 10_240),
    wholeSeconds('timeout', options.timeout, 1, 900),
    wholeNumber('reservedConcurrentExecutions', options.reservedConcurrentExecutions, 0),
    text(
      'defaultContentType',
      options.defaultContentType,
      /^[\x21-\x7e]([\x20-\x7e]{0,1022}[\x21-\x7e])?$/,
      '1 to 1,024 printable ASCII characters without a space at either end',
    ),
    wholeSeconds('defaultRequestTtl', options.defaultRequestTtl, TTL.min, TTL.max),
    wholeSeconds('defaultInvocationTimeout', options.defaultInvocationTimeout, TIMEOUT.min, TIMEOUT.max),
    wholeNumber('retryAttempts', options.retryAttempts, 0, 2),
    // CDK compares both with their limits, whatever they are.
    Token.isUnresolved(options.retryAttempts)
      ? 'retryAttempts must be known at synth, got a token: set MaximumRetryAttempts of the resource with an escape hatch'
      : undefined,
    options.maxEventAge?.isUnresolved()
      ? 'maxEventAge must be known at synth, got a token: set MaximumEventAgeInSeconds of the resource with an escape hatch'
      : wholeSeconds('maxEventAge', options.maxEventAge, 60, 21_600),
    keyErrors('environmentEncryption', options.environmentEncryption, region),
    options.applicationLogLevel === ApplicationLogLevel.FATAL
      ? 'applicationLogLevel must be at most ERROR, got FATAL: the metric Failures is published by lines of level ERROR'
      : undefined,
    ...(options.logGroup
      ? [noEffect('logRetention', options.logRetention, 'a new log group, and logGroup is given')]
      : []),
    ...placeErrors(options),
    options.role && differs(options.role.env.account, account)
      ? `role must belong to the account of the endpoint ${account}, got ${options.role.env.account}`
      : undefined,
    options.trustedHttpHeaders?.includes(TrustedHttpHeader.INPUT_LOCATION) && !options.inputPolicy?._usesBucket
      ? 'trustedHttpHeaders has INPUT_LOCATION, which has no effect with InputPolicy.inline(): ' +
        'leave it out, or use InputPolicy.bySize() or alwaysS3()'
      : undefined,
    ...(options.inputPolicy?._errors(region) ?? []).map((error) => error && `inputPolicy: ${error}`),
    ...(options.readableInputLocations ?? []).flatMap((location) =>
      locationErrors(location, options.inputPolicy?._usesBucket ?? false, region).map(
        (error) => error && `readableInputLocations: ${error}`,
      ),
    ),
  ];
}

function locationErrors(
  { bucket, prefix, encryptionKey }: InputLocation,
  hasBucket: boolean,
  region: string,
): ValidationError[] {
  return [
    prefixError(prefix),
    bucket || hasBucket ? undefined : `the bucket of '${prefix}' is required, because the input policy has no bucket`,
    bucket && sameRegion('bucket', bucket.env.region, region),
    keyErrors('encryptionKey', encryptionKey, region),
    keyErrors('the key of the bucket', bucket?.encryptionKey),
  ];
}

/** No wildcards, because statements contain the prefix. */
function prefixError(prefix: string | undefined): ValidationError {
  return text(
    'prefix',
    prefix,
    /^(?!\/)(?!.*(^|\/)\.{1,2}(\/|$))[a-zA-Z0-9!_.'()/-]{1,800}(?<!\/)$/,
    "1 to 800 letters, digits and !-_.'()/, without a slash at either end and without . and .. as parts",
  );
}

/** Validates the props of an invoker. */
export function invokerErrors(region: string, account: string, props: AsyncInferenceInvokerProps): ValidationError[] {
  const { endpoint } = props;
  return [
    ...invokerOptionErrors(props, region, endpoint.env.account),
    differs(endpoint.env.region, region)
      ? `endpoint is in ${endpoint.env.region}, and the function would call ${region}: define the invoker in the region of the endpoint`
      : undefined,
    differs(endpoint.env.account, account)
      ? `endpoint belongs to account ${endpoint.env.account}, and the function would call ${account}: define the invoker in that account`
      : undefined,
  ];
}

/** Validates where an input policy uploads payloads. */
export function inputErrors(options: InputBucketOptions, region: string): ValidationError[] {
  const { bucket, prefix, expiration, encryptionKey, removalPolicy } = options;
  return [
    prefixError(prefix),
    wholeDays('expiration', expiration, 1),
    bucket && sameRegion('bucket', bucket.env.region, region),
    keyErrors('encryptionKey', encryptionKey, region),
    keyErrors('the key of the bucket', bucket?.encryptionKey),
    ...(bucket
      ? [
          noEffect('expiration', expiration, 'a new bucket, and bucket is given'),
          noEffect('encryptionKey', encryptionKey, 'a new bucket, and bucket is given'),
          noEffect('removalPolicy', removalPolicy, 'a new bucket, and bucket is given'),
        ]
      : []),
  ];
}
