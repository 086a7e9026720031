import type { Acknowledgment, App, Stack } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { context as flags } from '../../cdk.json';

/** The app with the context of cdk.json and of a command line. It is made anew, because its modules keep it. */
function example(context: Readonly<Record<string, unknown>> = {}): App {
  process.env.CDK_CONTEXT_JSON = JSON.stringify({ ...flags, ...context });
  return jest.requireActual<{ app: App }>('../../bin/example').app;
}

function findings(app: App): string[] {
  const { AwsSolutionsChecks, ServerlessChecks } = jest.requireActual<typeof import('cdk-nag')>('cdk-nag');
  return [AwsSolutionsChecks, ServerlessChecks].flatMap((Checks) =>
    new Checks(app).validateScope(app).violations.map(({ ruleName }) => ruleName),
  );
}

function template(app: App): {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Record<string, never> }>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown; readonly Description?: string }>>;
} {
  const { Template } = jest.requireActual<typeof import('aws-cdk-lib/assertions')>('aws-cdk-lib/assertions');
  return Template.fromStack(app.node.findChild('AsyncInferenceExample') as Stack).toJSON() as never;
}

beforeEach(() => jest.resetModules());
afterAll(() => delete process.env.CDK_CONTEXT_JSON);

test('the feature flags are those that the lowest supported version of CDK recommends, so that cdk synth is quiet', () => {
  expect(flags).toEqual(recommendedFlags);
});

test('the context changes the model, its image and the instance type', () => {
  const { Resources } = template(
    example({ imageTag: '9.9', modelId: 'me/mine', modelRevision: 'abc', instanceType: 'ml.c5.xlarge' }),
  );
  const properties = (type: string) => Object.values(Resources).find(({ Type }) => Type === type)!.Properties;
  const { Image, Environment } = properties('AWS::SageMaker::Model').PrimaryContainer!;
  expect(JSON.stringify(Image)).toContain('huggingface-pytorch-inference:9.9');
  expect(Environment).toMatchObject({ HF_MODEL_ID: 'me/mine', HF_MODEL_REVISION: 'abc' });
  expect(properties('AWS::SageMaker::EndpointConfig').ProductionVariants).toMatchObject([
    { InstanceType: 'ml.c5.xlarge' },
  ]);
});

test('keys with a typo and keys without a value are errors, all at once', () => {
  expect(() => example({ image_tag: '9.9', 'instance-type': 'ml.c5.xlarge', modelId: '' })).toThrow(
    [
      'unknown context key image_tag: use imageTag, instanceType, modelId, modelRevision',
      'unknown context key instance-type: use imageTag, instanceType, modelId, modelRevision',
      'the context key modelId must have a value, got ""',
    ].join('\n'),
  );
});

test('keys of CDK and of its CLI are accepted', () => {
  const keys = { 'acknowledged-issue-numbers': [1], 'availability-zones:account=1:region=us-east-1': ['us-east-1a'] };
  expect(() => example(keys)).not.toThrow();
});

test('the outputs are the commands to try next, in ASCII, which is all that CloudFormation keeps', () => {
  const { Outputs } = template(example());
  const commands = Object.entries(Outputs).filter(([name]) => /^Step\d/.test(name));
  expect(commands.map(([name]) => name)).toEqual(['Step1SendRequest', 'Step2ReadResult', 'Step3CleanUp']);
  for (const [, { Value, Description }] of commands) {
    expect(JSON.stringify(Value)).toMatch(/aws (lambda invoke|s3 cp|s3 rm)/);
    expect(`${JSON.stringify(Value)}${Description}`).toMatch(/^[\x20-\x7e]+$/);
  }
});

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
  const text = JSON.stringify(template(example()), null, 1).replace(/[0-9a-f]{64}\.zip/g, '<hash>.zip');
  expect(text).toMatchSnapshot();
});
