import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { SpecDatabase } from '@aws-cdk/service-spec-types';

let spec: SpecDatabase | undefined;

/**
 * Whether CloudFormation's own schemas say that a change of a property replaces the resource.
 *
 * @throws Error for a property that the schemas do not have
 */
export function causesReplacement(type: string, property: string): 'yes' | 'no' | 'maybe' {
  spec ??= loadAwsServiceSpecSync();
  const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  const facts = resource?.properties[property];
  if (!facts) throw new Error(`CloudFormation has no property ${property} of ${type}`);
  return facts.causesReplacement ?? 'no';
}
