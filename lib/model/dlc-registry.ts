import { CfnMapping, Stack, Token } from 'aws-cdk-lib';
import { Fact, FactName, RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { REGISTRIES } from './dlc-table';
import { assertValid } from '../shared/validation';
import { warn } from '../shared/warnings';

const MAPPING_ID = 'CdkSagemakerAsyncInferenceDlcAccounts';

/** A registry of AWS with images for inference, as the generated table has it. */
export interface RegistryTable {
  /** Each account with its regions. */
  readonly accounts: string;
  /** Names of repositories, with the processor of their images if there is one only, and the regions that lack them. */
  readonly repositories: readonly (readonly [string, string])[];
}

/** A repository of AWS with images for inference. */
export interface DlcRepository {
  /** The account of the registry in each region that has the repository. */
  readonly accounts: Readonly<Record<string, string>>;
  /** The processor of all images: `cpu`, `gpu` or `neuron`. Undefined if it depends on the tag. */
  readonly processor?: string;
}

const words = (text: string) => text.split(' ').filter(Boolean);

function accountsOf({ accounts }: RegistryTable): [string, string][] {
  return words(accounts).flatMap((entry) => {
    const [account = '', regions = ''] = entry.split(':');
    return regions.split(',').map((region): [string, string] => [region, account]);
  });
}

/** All repositories in AWS's tables, by name. */
export const DLC_REPOSITORIES: ReadonlyMap<string, DlcRepository> = new Map(
  REGISTRIES.flatMap((registry) =>
    registry.repositories.flatMap(([names, without]) => {
      const missing = new Set(words(without));
      const accounts = Object.fromEntries(accountsOf(registry).filter(([region]) => !missing.has(region)));
      return names.split(',').map((entry): [string, DlcRepository] => {
        const [name = '', processor] = entry.split(':');
        return [name, { accounts, processor }];
      });
    }),
  ),
);

/** The accounts of AWS Deep Learning Containers by region, from AWS's tables and from CDK's. */
function allAccounts(): Record<string, string> {
  const accounts = Object.fromEntries(accountsOf(REGISTRIES[0]!));
  for (const { name } of RegionInfo.regions) {
    const account = Fact.find(name, FactName.DLC_REPOSITORY_ACCOUNT);
    if (account !== undefined) accounts[name] ??= account;
  }
  return accounts;
}

/** The account that has a repository of AWS in the region of the scope: a literal, or a lookup at deployment. */
export function dlcAccount(scope: Construct, repositoryName: string): string {
  const stack = Stack.of(scope);
  const known = DLC_REPOSITORIES.get(repositoryName);
  if (!known && !Token.isUnresolved(repositoryName)) {
    warn(
      scope,
      'unknownDlcRepository',
      `the repository ${repositoryName} is not in the tables of AWS that this version contains: check its name, or pass accountId to ` +
        'ContainerImage.fromDlc',
    );
  }
  const accounts = known?.accounts ?? allAccounts();
  if (Token.isUnresolved(stack.region)) return lookUp(stack, known ? repositoryName : '', accounts);
  const account = accounts[stack.region];
  assertValid(scope, [account === undefined ? missingIn(stack.region, repositoryName, known) : undefined]);
  return account!;
}

function missingIn(region: string, repositoryName: string, known: DlcRepository | undefined): string {
  if (!known) {
    return `the account of AWS Deep Learning Containers in ${region} is not known: pass accountId to ContainerImage.fromDlc`;
  }
  return (
    `the repository ${repositoryName} is not in ${region}: use another image, or one of the regions ` +
    `${Object.keys(known.accounts).sort().join(', ')}. If AWS has added it since, pass accountId to ContainerImage.fromDlc`
  );
}

/** In a region without the repository, CloudFormation finds no entry in the mapping and rejects the template. */
function lookUp(stack: Stack, repositoryName: string, accounts: Readonly<Record<string, string>>): string {
  const id =
    MAPPING_ID + repositoryName.replace(/(?:^|[^a-z0-9])([a-z0-9])/g, (_, start: string) => start.toUpperCase());
  const mapping =
    (stack.node.tryFindChild(id) as CfnMapping | undefined) ??
    new CfnMapping(stack, id, {
      mapping: Object.fromEntries(
        Object.keys(accounts)
          .sort()
          .map((region) => [region, { account: accounts[region] }]),
      ),
    });
  return mapping.findInMap(stack.region, 'account');
}
