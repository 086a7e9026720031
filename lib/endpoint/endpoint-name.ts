import { Names, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The names that SageMaker accepts for endpoints and variants. */
export const ENDPOINT_NAME = {
  pattern: /^(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
  allowed: '1 to 63 letters, digits and hyphens, without a hyphen at either end',
} as const;

/**
 * The name of an endpoint that the user did not name. It is a literal, never a reference: the policies and the log group contain
 * it, and the endpoint depends on them.
 */
export function generateEndpointName(endpoint: IConstruct): string {
  return Names.uniqueResourceName(endpoint, { maxLength: 63, separator: '-' }).toLowerCase();
}

/** The log group to which SageMaker writes the logs of the containers. */
export function containerLogGroupName(endpointName: string): string {
  return `/aws/sagemaker/Endpoints/${endpointName}`;
}

/** SageMaker writes the name in lower case in the ARN, and IAM compares case-sensitively. */
export function nameInArn(endpointName: string): string {
  return Token.isUnresolved(endpointName) ? endpointName : endpointName.toLowerCase();
}
