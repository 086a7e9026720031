import type { Acknowledgment, App, Stack } from 'aws-cdk-lib';

/** The app, made anew: its modules keep it, so that each test starts without them. */
async function example(): Promise<App> {
  return (await import('../bin/example')).app;
}

async function findings(app: App): Promise<string[]> {
  const { AwsSolutionsChecks, ServerlessChecks } = await import('cdk-nag');
  return [AwsSolutionsChecks, ServerlessChecks].flatMap((Checks) => new Checks(app).validateScope(app).violations.map(({ ruleName }) => ruleName));
}

beforeEach(() => jest.resetModules());

test('cdk-nag finds nothing that the example does not explain', async () => {
  expect(await findings(await example())).toEqual([]);
});

test('the example explains nothing that cdk-nag does not find', async () => {
  const acknowledged: string[] = [];
  const { Validations } = await import('aws-cdk-lib');
  jest.spyOn(Validations.prototype, 'acknowledge').mockImplementation((...rules: Acknowledgment[]) => {
    acknowledged.push(...rules.map(({ id }) => id));
  });
  const found = await findings(await example());
  expect(acknowledged.length).toBeGreaterThan(0);
  expect([...acknowledged].sort()).toEqual([...new Set(found)].sort());
});

test('the template', async () => {
  const { Template } = await import('aws-cdk-lib/assertions');
  const stack = (await example()).node.findChild('AsyncInferenceExample') as Stack;
  const template = JSON.stringify(Template.fromStack(stack).toJSON(), null, 1).replace(/[0-9a-f]{64}\.zip/g, '<hash>.zip');
  expect(template).toMatchSnapshot();
});
