import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Fact, FactName } from 'aws-cdk-lib/region-info';
import { ACCOUNTS_UNKNOWN_TO_CDK, dlcAccount } from '../../../lib/model/dlc-registry';

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

function accounts(stack: Stack): Record<string, { account: string }> {
  const mappings = Template.fromStack(stack).findMappings('*');
  expect(Object.keys(mappings)).toHaveLength(1);
  return Object.values(mappings)[0]!;
}

test('the announcement names 31 regions', () => expect(new Set(REGIONS).size).toBe(31));

test.each(REGIONS)(
  '%s: one account, in a stack with a region and in one without, and the one that CDK knows if it does',
  (region) => {
    const account = dlcAccount(new Stack(new App(), 'Stack', { env: { region } }));
    expect(account).toMatch(/^\d{12}$/);
    const agnostic = new Stack(new App(), 'Stack');
    expect(agnostic.resolve(dlcAccount(agnostic))).toEqual({
      'Fn::FindInMap': ['CdkSagemakerAsyncInferenceDlcAccounts', { Ref: 'AWS::Region' }, 'account'],
    });
    expect(accounts(agnostic)[region]).toEqual({ account });
    const known = Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT);
    if (known !== undefined) expect(account).toBe(known);
  },
);

test("our own accounts contradict none of CDK's", () => {
  for (const [region, account] of Object.entries(ACCOUNTS_UNKNOWN_TO_CDK)) {
    expect([undefined, account]).toContain(Fact.find(region, FactName.DLC_REPOSITORY_ACCOUNT));
  }
});

test('a stack has one mapping, however many images', () => {
  const stack = new Stack(new App(), 'Stack');
  expect(stack.resolve(dlcAccount(stack))).toEqual(stack.resolve(dlcAccount(stack)));
  accounts(stack);
});

test('fails in a region whose registry is not known, and says what to give', () => {
  expect(() => dlcAccount(new Stack(new App(), 'Stack', { env: { region: 'xx-north-1' } }))).toThrow(
    'Stack: the account of AWS Deep Learning Containers in xx-north-1 is not known: pass accountId to ContainerImage.fromDlc',
  );
});
