import type { Acknowledgment, App, Stack } from 'aws-cdk-lib';

/** The app, made anew: its modules keep it, so that each test starts without them. */
function example(): App {
  return jest.requireActual<{ app: App }>('../../bin/example').app;
}

function findings(app: App): string[] {
  const { AwsSolutionsChecks, ServerlessChecks } = jest.requireActual<typeof import('cdk-nag')>('cdk-nag');
  return [AwsSolutionsChecks, ServerlessChecks].flatMap((Checks) =>
    new Checks(app).validateScope(app).violations.map(({ ruleName }) => ruleName),
  );
}

beforeEach(() => jest.resetModules());

test('cdk-nag finds nothing that the example does not explain', () => {
  expect(findings(example())).toEqual([]);
});

test('the example explains nothing that cdk-nag does not find', () => {
  const acknowledged: string[] = [];
  const { Validations } = jest.requireActual<typeof import('aws-cdk-lib')>('aws-cdk-lib');
  jest.spyOn(Validations.prototype, 'acknowledge').mockImplementation((...rules: Acknowledgment[]) => {
    acknowledged.push(...rules.map(({ id }) => id));
  });
  const found = findings(example());
  expect(acknowledged.length).toBeGreaterThan(0);
  expect([...acknowledged].sort()).toEqual([...new Set(found)].sort());
});

test('the template', () => {
  const { Template } = jest.requireActual<typeof import('aws-cdk-lib/assertions')>('aws-cdk-lib/assertions');
  const stack = example().node.findChild('AsyncInferenceExample') as Stack;
  const template = JSON.stringify(Template.fromStack(stack).toJSON(), null, 1).replace(
    /[0-9a-f]{64}\.zip/g,
    '<hash>.zip',
  );
  expect(template).toMatchSnapshot();
});
