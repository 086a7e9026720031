import { Annotations, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type { IResource } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';

/** Warnings of what is legal and likely a mistake. Their ids are a promise: users acknowledge them by id. */
export function warn(scope: Construct, id: string, message: string): void {
  Annotations.of(scope).addWarningV2(`cdk-sagemaker-async-inference:${id}`, message);
}

/** A name without a digit names no version, so that what it stands for changes and the template does not. */
export function warnOfMovingName(scope: Construct, id: string, what: string, name: string): void {
  if (Token.isUnresolved(name) || /\d/.test(name)) return;
  warn(
    scope,
    id,
    `the ${what} '${name}' names no version: what is stored under it later is not deployed, since the template stays the same`,
  );
}

/** What we cannot grant because its policy belongs to another account. */
export function warnOfForeignResource(
  scope: Construct,
  id: string,
  what: string,
  resource: IResource,
  actions: readonly string[],
): void {
  if (Token.compareStrings(resource.env.account, Stack.of(scope).account) !== TokenComparison.DIFFERENT) return;
  warn(
    scope,
    id,
    `the ${what} is of account ${resource.env.account}: its policy there must allow the execution role of this endpoint ${actions.join(', ')}`,
  );
}

/**
 * The regions that inline payloads were announced for.
 */
const ANNOUNCED = new Set([
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
]);

/** The announcement's list may have grown since, so that this is no error; of a region that CDK does not know nothing is said. */
export function warnOfRegion(scope: Construct): void {
  const { region } = Stack.of(scope);
  if (ANNOUNCED.has(region) || !RegionInfo.regions.some(({ name }) => name === region)) return;
  warn(
    scope,
    'regionNotAnnounced',
    `inline payloads were not announced for ${region}: see that InvokeEndpointAsync takes Body there`,
  );
}
