import { Token } from 'aws-cdk-lib';
import type { CfnKey, IAlias, IKey } from 'aws-cdk-lib/aws-kms';
import { sameRegion } from './validation';
import type { ValidationError } from './validation';

/** Aliases of the keys that AWS manages, whose policies cannot be modified. */
const AWS_MANAGED = ':alias/aws/';

const SYMMETRIC = 'SYMMETRIC_DEFAULT';

/**
 * The key that statements must name. An IAM statement with the ARN of an alias allows nothing, so an alias is replaced by its key.
 * Undefined for no key and for keys that AWS manages.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html
 */
export function keyBehind(key: IKey | undefined): IKey | undefined {
  if (!key || key.keyArn.includes(AWS_MANAGED)) return undefined;
  return isAlias(key) ? targetOf(key) : key;
}

/** Validates a key of which statements must name the key itself, and which must be in a region. */
export function keyErrors(prop: string, key: IKey | undefined, region?: string): ValidationError {
  if (!key) return undefined;
  if (key.keyArn.includes(AWS_MANAGED)) {
    return `${prop} is the AWS managed key ${aliasIn(key)}, whose policy cannot be modified: leave it out, or use a key of your own`;
  }
  const { keySpec = SYMMETRIC } = (keyBehind(key)?.node.defaultChild ?? {}) as Partial<CfnKey>;
  if (keySpec !== SYMMETRIC && !Token.isUnresolved(keySpec)) {
    return `${prop} must be a symmetric key, got the key spec ${keySpec}`;
  }
  if (isAlias(key) && !targetOf(key)) {
    return `${prop} is the alias ${aliasIn(key)}, and IAM statements cannot name an alias: use the key itself, for example kms.Key.fromKeyArn`;
  }
  return region === undefined ? undefined : sameRegion(prop, key.env.region, region);
}

/** Validates the key of a given resource, which may also be a key that AWS manages: that one needs no statement. */
export function givenKeyErrors(what: string, key: IKey | undefined, region?: string): ValidationError {
  return key?.keyArn.includes(AWS_MANAGED) ? undefined : keyErrors(what, key, region);
}

function isAlias(key: IKey): key is IAlias {
  return (key as Partial<IAlias>).aliasName !== undefined || key.keyArn.includes(':alias/');
}

/** The key of an alias. CDK throws for aliases that were imported by name. */
function targetOf(alias: IAlias): IKey | undefined {
  try {
    return alias.aliasTargetKey;
  } catch {
    return undefined;
  }
}

function aliasIn(key: IKey): string {
  return key.keyArn.replace(/^.*:(?=alias\/)/, '');
}
