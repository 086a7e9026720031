import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { DLC_REPOSITORIES, dlcAccount } from '../../../lib/model/dlc-registry';
import { REGISTRIES } from '../../../lib/model/dlc-table';

/** The regions of the announcement of inline payloads. */
const REGIONS = [
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
];

/** A repository that AWS has in most regions, and one that the table lacks. */
const PYTORCH = 'pytorch-inference';
const UNKNOWN = 'of-tomorrow';

const inRegion = (region: string) => new Stack(new App(), 'Stack', { env: { region } });

function accounts(stack: Stack): Record<string, { account: string }> {
  const mappings = Template.fromStack(stack).findMappings('*');
  expect(Object.keys(mappings)).toHaveLength(1);
  return Object.values(mappings)[0]!;
}

describe('the table', () => {
  const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

  test('has accounts of 12 digits, regions, and no region twice', () => {
    for (const registry of REGISTRIES) {
      const entries = registry.accounts.split(' ');
      for (const entry of entries) expect(entry).toMatch(/^\d{12}:[a-z0-9-]+(,[a-z0-9-]+)*$/);
      const regions = entries.flatMap((entry) => entry.split(':')[1]!.split(','));
      for (const region of regions) expect(region).toMatch(REGION);
      expect(new Set(regions).size).toBe(regions.length);
      for (const [names, without] of registry.repositories) {
        expect(names).toMatch(/^([a-z0-9-]+(:(cpu|gpu|neuron))?(,|$))+$/);
        for (const region of without.split(' ').filter(Boolean)) expect(regions).toContain(region);
      }
    }
  });

  test('has each repository once, in at least one region', () => {
    const names = REGISTRIES.flatMap(({ repositories }) => repositories.flatMap(([group]) => group.split(',')));
    expect(DLC_REPOSITORIES.size).toBe(names.length);
    for (const { accounts } of DLC_REPOSITORIES.values()) expect(Object.keys(accounts).length).toBeGreaterThan(0);
  });

  test("contradicts none of CDK's accounts", () => {
    for (const [region, { account }] of Object.entries(accountsOfUnknown())) {
      expect([undefined, account]).toContain(Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT));
    }
  });

  test.each([
    [PYTORCH, 'af-south-1', '626614931356'],
    [PYTORCH, 'il-central-1', '780543022126'],
    [PYTORCH, 'us-gov-east-1', '446045086412'],
    [PYTORCH, 'us-gov-west-1', '442386744353'],
    [PYTORCH, 'us-iso-east-1', '886529160074'],
    [PYTORCH, 'us-isob-east-1', '094389454867'],
    [PYTORCH, 'me-west-1', '124382933778'],
    [PYTORCH, 'cn-north-1', '727897471807'],
    ['tei', 'us-east-1', '683313688378'],
    ['tei-cpu', 'us-east-1', '683313688378'],
    ['vllm', 'us-east-1', '763104351884'],
    [UNKNOWN, 'mx-central-1', '637423239942'],
  ])('%s in %s is in the account %s', (repository, region, account) =>
    expect(dlcAccount(inRegion(region), repository)).toBe(account),
  );

  test.each(['mx-central-1', 'ap-southeast-5', 'ap-southeast-7', 'ap-east-2'])(
    'huggingface-pytorch-inference is not in %s, which names the regions that have it',
    (region) =>
      expect(() => dlcAccount(inRegion(region), 'huggingface-pytorch-inference')).toThrow(
        new RegExp(
          `Stack: the repository huggingface-pytorch-inference is not in ${region}: use another image, or one of the regions ` +
            'af-south-1, ap-east-1, .*, us-west-2. If AWS has added it since, pass accountId to ContainerImage.fromDlc',
        ),
      ),
  );
});

function accountsOfUnknown(): Record<string, { account: string }> {
  const agnostic = new Stack(new App(), 'Stack');
  dlcAccount(agnostic, UNKNOWN);
  return accounts(agnostic);
}

test('the announcement names 31 regions', () => expect(new Set(REGIONS).size).toBe(31));

test.each(REGIONS)('%s: one account, in a stack with a region and in one without', (region) => {
  const account = dlcAccount(inRegion(region), PYTORCH);
  expect(account).toMatch(/^\d{12}$/);
  const agnostic = new Stack(new App(), 'Stack');
  expect(agnostic.resolve(dlcAccount(agnostic, PYTORCH))).toEqual({
    'Fn::FindInMap': ['CdkSagemakerAsyncInferenceDlcAccountsPytorchInference', { Ref: 'AWS::Region' }, 'account'],
  });
  expect(accounts(agnostic)[region]).toEqual({ account });
});

test('a stack without a region looks a repository up in those regions only that have it', () => {
  const stack = new Stack(new App(), 'Stack');
  dlcAccount(stack, 'tei');
  expect(accounts(stack)['us-east-1']).toEqual({ account: '683313688378' });
  expect(accounts(stack)['mx-central-1']).toBeUndefined();
});

test('a stack has one mapping for each repository, however many images', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(stack.resolve(dlcAccount(stack, PYTORCH))).toEqual(stack.resolve(dlcAccount(stack, PYTORCH)));
  dlcAccount(stack, 'tei');
  expect(Object.keys(Template.fromStack(stack).findMappings('*'))).toHaveLength(2);
});

test('a repository that the tables lack is taken to be of Deep Learning Containers, with a warning', () => {
  const stack = inRegion('us-east-1');
  expect(dlcAccount(stack, UNKNOWN)).toBe('763104351884');
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('of-tomorrow is not in the tables of AWS'));
});

test('fails in a region whose registry is not known, and says what to give', () => {
  expect(() => dlcAccount(inRegion('xx-north-1'), UNKNOWN)).toThrow(
    'Stack: the account of AWS Deep Learning Containers in xx-north-1 is not known: pass accountId to ContainerImage.fromDlc',
  );
});
