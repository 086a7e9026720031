import { CfnMapping, Stack, Token } from 'aws-cdk-lib';
import { Fact, FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { assertValid } from '../shared/validation';

/**
 * The accounts of AWS Deep Learning Containers in regions that the table of CDK lacks.
 *
 * @see https://aws.github.io/deep-learning-containers/reference/region_availability
 */
export const ACCOUNTS_UNKNOWN_TO_CDK: Readonly<Record<string, string>> = {
  'af-south-1': '626614931356',
  'ap-northeast-3': '364406365360',
  'ap-southeast-5': '550225433462',
  'ap-southeast-7': '590183813437',
  'ca-west-1': '204538143572',
  'il-central-1': '780543022126',
  'mx-central-1': '637423239942',
};

const MAPPING_ID = 'CdkSagemakerAsyncInferenceDlcAccounts';

function accountIn(region: string): string | undefined {
  return Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT) ?? ACCOUNTS_UNKNOWN_TO_CDK[region];
}

/** The account of AWS Deep Learning Containers in the region of the scope: a literal, or a lookup at deployment. */
export function dlcAccount(scope: Construct): string {
  const stack = Stack.of(scope);
  if (!Token.isUnresolved(stack.region)) {
    const account = accountIn(stack.region);
    assertValid(scope, [
      account === undefined
        ? `the account of AWS Deep Learning Containers in ${stack.region} is not known: pass accountId to ContainerImage.fromDlc`
        : undefined,
    ]);
    return account!;
  }
  const mapping =
    (stack.node.tryFindChild(MAPPING_ID) as CfnMapping | undefined) ??
    new CfnMapping(stack, MAPPING_ID, {
      mapping: Object.fromEntries(
        RegionInfo.regions
          .map(({ name }) => [name, accountIn(name)] as const)
          .filter(([, account]) => account !== undefined)
          .map(([region, account]) => [region, { account }]),
      ),
    });
  return mapping.findInMap(stack.region, 'account');
}
