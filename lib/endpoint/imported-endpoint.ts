import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AsyncInferenceEndpointBase } from '../core/endpoint-base';
import type { AsyncInferenceEndpointAttributes, AsyncInferenceEndpointDetails } from '../core/endpoint-interface';
import { assertValidAt, text } from '../shared/validation';
import { warn } from '../shared/warnings';
import { ENDPOINT_NAME } from './endpoint-name';

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

/** The ARN as SageMaker writes it. An ARN that is only known at deployment comes from SageMaker. */
function inLowerCase(arn: string): string {
  return Token.isUnresolved(arn) ? arn : arn.replace(/endpoint\/.*$/, (name) => name.toLowerCase());
}
