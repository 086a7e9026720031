import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AsyncInferenceEndpointBase } from '../core/endpoint-base';
import type { AsyncInferenceEndpointAttributes, AsyncInferenceEndpointDetails } from '../core/endpoint-interface';
import { SECONDS_LIMITS } from '../contract/invoker';
import { givenKeyErrors } from '../shared/keys';
import { assertValidAt, text, wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import { warn } from '../shared/warnings';
import { ENDPOINT_NAME, nameInArn } from './endpoint-name';
import { PREFIX, PREFIX_IN_WORDS } from './validate';

/** An endpoint that is not defined in this app. It only knows what it was given. */
export class ImportedEndpoint extends AsyncInferenceEndpointBase {
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly attributes: AsyncInferenceEndpointDetails;

  constructor(
    scope: Construct,
    id: string,
    { endpointArn, endpointName, ...details }: AsyncInferenceEndpointAttributes,
  ) {
    assertValidAt(`${scope.node.path}/${id}`, [
      (endpointArn ?? endpointName) ? undefined : 'endpointName, endpointArn or both are required',
      text('endpointName', endpointName, ENDPOINT_NAME.pattern, ENDPOINT_NAME.allowed),
      text('endpointArn', endpointArn, /^arn:[a-z-]+:sagemaker:[^:]*:[^:]*:endpoint\/[^/]+$/, 'the ARN of an endpoint'),
      differentNames(endpointName, endpointArn),
      ...detailErrors(details),
    ]);
    super(scope, id, endpointArn ? { environmentFromArn: endpointArn } : {});
    this.endpointArn = endpointArn
      ? inLowerCase(endpointArn)
      : Stack.of(this).formatArn({
          service: 'sagemaker',
          resource: 'endpoint',
          resourceName: Token.isUnresolved(endpointName) ? endpointName : endpointName!.toLowerCase(),
        });
    this.endpointName = endpointName ?? Arn.split(endpointArn!, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    this.attributes = { endpointName: this.endpointName, ...details };
    if (!endpointArn && Token.isUnresolved(endpointName)) {
      warn(
        this,
        'endpointNameCase',
        'the name is only known at deployment, and SageMaker writes it in lower case in the ARN: pass endpointArn as well, ' +
          'or make sure that the name is in lower case',
      );
    }
  }
}

function differentNames(name: string | undefined, arn: string | undefined): ValidationError {
  if (!name || !arn || Token.isUnresolved(name) || Token.isUnresolved(arn)) return undefined;
  const inArn = arn.slice(arn.indexOf('/') + 1);
  return nameInArn(name) === inArn.toLowerCase()
    ? undefined
    : `endpointName and endpointArn must name the same endpoint, got '${name}' and '${inArn}'`;
}

function detailErrors(
  details: Omit<AsyncInferenceEndpointAttributes, 'endpointName' | 'endpointArn'>,
): ValidationError[] {
  const { RequestTTLSeconds: ttl, InvocationTimeoutSeconds: timeout } = SECONDS_LIMITS;
  return [
    text('variantName', details.variantName, ENDPOINT_NAME.pattern, ENDPOINT_NAME.allowed),
    text('outputPrefix', details.outputPrefix, PREFIX, PREFIX_IN_WORDS),
    text('failurePrefix', details.failurePrefix, PREFIX, PREFIX_IN_WORDS),
    givenKeyErrors('outputEncryptionKey', details.outputEncryptionKey),
    givenKeyErrors('the key of outputBucket', details.outputBucket?.encryptionKey),
    wholeNumber('maxConcurrentInvocationsPerInstance', details.maxConcurrentInvocationsPerInstance, 1, 1_000),
    wholeNumber('maxCapacity', details.maxCapacity, 1),
    wholeSeconds('defaultRequestTtl', details.defaultRequestTtl, ttl.min, ttl.max),
    wholeSeconds('defaultInvocationTimeout', details.defaultInvocationTimeout, timeout.min, timeout.max),
  ];
}

/** The ARN as SageMaker writes it. An ARN that is only known at deployment comes from SageMaker. */
function inLowerCase(arn: string): string {
  return Token.isUnresolved(arn) ? arn : arn.replace(/endpoint\/.*$/, (name) => name.toLowerCase());
}
