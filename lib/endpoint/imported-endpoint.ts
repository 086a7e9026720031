import { Arn, ArnFormat, Duration, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AsyncInferenceEndpointBase } from '../core/endpoint-base';
import type { AsyncInferenceEndpointAttributes } from '../core/endpoint-base';
import { refuse, refuseAt } from '../shared/validation';
import { warn } from '../shared/warnings';

/** An endpoint that is defined elsewhere. It knows what it was told, and names what it would have to be told. */
export class ImportedEndpoint extends AsyncInferenceEndpointBase {
  public readonly endpointArn: string;
  public readonly endpointName: string;
  public readonly encryptionKey;
  public readonly requestTtl: Duration;
  public readonly invocationTimeout: Duration;

  constructor(
    scope: Construct,
    id: string,
    private readonly attributes: AsyncInferenceEndpointAttributes,
  ) {
    const { endpointArn, endpointName } = attributes;
    refuseAt(`${scope.node.path}/${id}`, [
      (endpointArn ?? endpointName) ? undefined : 'give endpointName, endpointArn or both',
    ]);
    super(scope, id, endpointArn ? { environmentFromArn: endpointArn } : {});
    this.endpointArn = endpointArn
      ? lowerCased(endpointArn)
      : Stack.of(this).formatArn({
          service: 'sagemaker',
          resource: 'endpoint',
          resourceName: Token.isUnresolved(endpointName) ? endpointName : endpointName!.toLowerCase(),
        });
    this.endpointName = endpointName ?? Arn.split(endpointArn!, ArnFormat.SLASH_RESOURCE_NAME).resourceName!;
    this.encryptionKey = attributes.encryptionKey;
    this.requestTtl = attributes.requestTtl ?? Duration.hours(6);
    this.invocationTimeout = attributes.invocationTimeout ?? Duration.minutes(15);
    if (!endpointArn && Token.isUnresolved(endpointName)) {
      warn(
        this,
        'endpointNameCase',
        'the name is known at deploy time only: it must be lower case then, as it is in the ARN, ' +
          'or give the endpointArn as well',
      );
    }
  }

  public get variantName() {
    return this.known('variantName');
  }

  public get outputBucket() {
    return this.known('outputBucket');
  }

  public get outputPrefix() {
    return this.known('outputPrefix');
  }

  public get failurePrefix() {
    return this.known('failurePrefix');
  }

  public get successTopic() {
    return this.known('successTopic');
  }

  public get errorTopic() {
    return this.known('errorTopic');
  }

  public get executionRole() {
    return this.known('executionRole');
  }

  public override get _knownExecutionRole() {
    return this.attributes.executionRole;
  }

  private known<K extends keyof AsyncInferenceEndpointAttributes>(
    attribute: K,
  ): NonNullable<AsyncInferenceEndpointAttributes[K]> {
    const value = this.attributes[attribute];
    refuse(this, [
      value === undefined
        ? `${attribute} is not known of this imported endpoint: give it to AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes`
        : undefined,
    ]);
    return value!;
  }
}

/** The ARN as SageMaker writes it. One that is known at deploy time only came from SageMaker. */
function lowerCased(arn: string): string {
  return Token.isUnresolved(arn) ? arn : arn.replace(/endpoint\/.*$/, (tail) => tail.toLowerCase());
}
