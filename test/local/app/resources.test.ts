import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { InputPolicy } from '../../../lib';
import { readAppResources } from '../../../local/app/resources';
import type { AppResources } from '../../../local/app/resources';
import { synthesize } from '../../../local/app/synthesis';
import { anEndpoint } from '../../../tools/showcase/stacks';

const folders: string[] = [];

function aFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'resources-')));
  return folders.at(-1)!;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** Synthesizes an app and reads its resources. */
async function resourcesOf(build: (app: App) => void): Promise<AppResources> {
  const app = new App({ outdir: aFolder() });
  build(app);
  return readAppResources(await synthesize(app.synth().directory, aFolder()));
}

/** An endpoint without the constructs of the library, with all properties that the local run reads. */
function aHandMadeEndpoint(scope: Construct, successTopic: string, errorTopic: string): void {
  const model = new CfnModel(scope, 'Model', {
    executionRoleArn: 'arn:aws:iam::111122223333:role/mine',
    primaryContainer: { image: 'an-image', environment: { HF_MODEL_ID: 'someone/a-model' } },
  });
  const config = new CfnEndpointConfig(scope, 'Config', {
    productionVariants: [
      {
        modelName: model.attrModelName,
        variantName: 'One',
        instanceType: 'ml.g5.xlarge',
        initialInstanceCount: 3,
        initialVariantWeight: 1,
      },
    ],
    asyncInferenceConfig: {
      clientConfig: { maxConcurrentInvocationsPerInstance: 5 },
      outputConfig: {
        s3OutputPath: 's3://given/out',
        notificationConfig: { successTopic, errorTopic, includeInferenceResponseIn: ['ERROR_NOTIFICATION_TOPIC'] },
      },
    },
  });
  new CfnEndpoint(scope, 'Endpoint', { endpointName: 'Hand-Made', endpointConfigName: config.attrEndpointConfigName });
}

test('an endpoint of the library is read with its invoker', async () => {
  const { endpoints, functions, buckets, topicArns } = await resourcesOf((app) => {
    anEndpoint(new Stack(app, 'Stack'), { endpointName: 'Mixed-Case' });
  });
  const [endpoint, ...otherEndpoints] = endpoints;
  const [invoker, ...otherFunctions] = functions;
  expect(otherEndpoints).toEqual([]);
  expect(endpoint).toMatchObject({
    name: 'Mixed-Case',
    arn: 'arn:aws:sagemaker:us-east-1:000000000000:endpoint/mixed-case',
    region: 'us-east-1',
    instanceType: 'ml.m5.xlarge',
    instances: 1,
    outputPath: `s3://${buckets[0]}/output`,
    failurePath: `s3://${buckets[0]}/failure`,
    successTopicArn: topicArns[0],
    errorTopicArn: topicArns[1],
    model: '763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:1.0',
  });
  expect(otherFunctions).toEqual([]);
  expect(invoker).toMatchObject({ invoker: { endpointName: 'Mixed-Case' }, region: 'us-east-1' });
  expect(existsSync(invoker!.code)).toBe(true);
  expect(invoker!.roleArn).not.toBe(endpoint!.executionRoleArn);
});

test('an endpoint of L1 constructs is read from two stacks of a stage, with its account and region', async () => {
  const { endpoints, buckets, topicArns } = await resourcesOf((app) => {
    const stage = new Stage(app, 'Stage', { env: { account: '111122223333', region: 'eu-west-1' } });
    const topics = new Stack(stage, 'Topics');
    const topic = new Topic(topics, 'Topic', { topicName: 'own' });
    aHandMadeEndpoint(new Stack(stage, 'Stack'), topic.topicArn, 'arn:aws:sns:eu-west-1:444455556666:given');
  });
  expect(endpoints).toEqual([
    {
      name: 'Hand-Made',
      arn: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/hand-made',
      region: 'eu-west-1',
      executionRoleArn: 'arn:aws:iam::111122223333:role/mine',
      instanceType: 'ml.g5.xlarge',
      instances: 3,
      maxConcurrentInvocationsPerInstance: 5,
      outputPath: 's3://given/out',
      failurePath: undefined,
      successTopicArn: 'arn:aws:sns:eu-west-1:111122223333:own',
      errorTopicArn: 'arn:aws:sns:eu-west-1:444455556666:given',
      includeInferenceResponseIn: ['ERROR_NOTIFICATION_TOPIC'],
      model: 'someone/a-model',
      containerEnvironment: { HF_MODEL_ID: 'someone/a-model' },
    },
  ]);
  expect(buckets).toEqual(['given']);
  expect(topicArns).toEqual(['arn:aws:sns:eu-west-1:111122223333:own', 'arn:aws:sns:eu-west-1:444455556666:given']);
});

test('an endpoint in a nested stack is read with parameters of the parent and outputs of another nested stack', async () => {
  const { endpoints } = await resourcesOf((app) => {
    const parent = new Stack(app, 'Parent');
    const errors = new Topic(parent, 'Errors', { topicName: 'errors' });
    const nested = new NestedStack(parent, 'Nested');
    const successes = new Topic(nested, 'Successes', { topicName: 'successes' });
    aHandMadeEndpoint(nested, successes.topicArn, errors.topicArn);
    const other = new NestedStack(parent, 'Other');
    aHandMadeEndpoint(other, successes.topicArn, errors.topicArn);
  });
  expect(endpoints).toHaveLength(2);
  for (const endpoint of endpoints) {
    expect(endpoint.successTopicArn).toBe('arn:aws:sns:us-east-1:000000000000:successes');
    expect(endpoint.errorTopicArn).toBe('arn:aws:sns:us-east-1:000000000000:errors');
  }
});

test('functions that cannot run locally, and endpoints of other stacks, are left out', async () => {
  const { endpoints, functions } = await resourcesOf((app) => {
    const stack = new Stack(app, 'Stack');
    new Function(stack, 'Inline', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromInline('//'),
    });
    const code = aFolder();
    writeFileSync(join(code, 'index.py'), '');
    new Function(stack, 'Python', {
      runtime: Runtime.PYTHON_3_13,
      handler: 'index.handler',
      code: Code.fromAsset(code),
    });
    new CfnEndpoint(stack, 'Elsewhere', { endpointConfigName: 'configured-elsewhere' });
  });
  expect(endpoints).toEqual([]);
  expect(functions).toEqual([]);
});

test('a function that is no invoker is read with the defaults of Lambda', async () => {
  const { functions } = await resourcesOf((app) => {
    const code = aFolder();
    writeFileSync(join(code, 'index.js'), '');
    new Function(new Stack(app, 'Stack'), 'Other', {
      functionName: 'other',
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(code),
      environment: { A: '1' },
    });
  });
  expect(functions).toEqual([
    expect.objectContaining({
      name: 'other',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:other',
      environment: { A: '1' },
      timeoutSeconds: 3,
      memoryMegabytes: 128,
      invoker: undefined,
    }),
  ]);
});

test('an endpoint without an output path is an error', async () => {
  await expect(
    resourcesOf((app) => {
      const stack = new Stack(app, 'Stack');
      aHandMadeEndpoint(stack, 'arn:aws:sns:us-east-1:444455556666:a', 'arn:aws:sns:us-east-1:444455556666:b');
      (stack.node.findChild('Config') as CfnEndpointConfig).asyncInferenceConfig = { outputConfig: {} };
    }),
  ).rejects.toThrow('The endpoint Hand-Made has no S3OutputPath, which the local run needs.');
});

test('endpoints of the same name in two regions are distinguished', async () => {
  const { endpoints } = await resourcesOf((app) => {
    for (const [region, topic] of [
      ['eu-west-1', 'europe'],
      ['us-west-2', 'america'],
    ] as const) {
      const stage = new Stage(app, region, { env: { account: '111122223333', region } });
      const topicArn = `arn:aws:sns:${region}:111122223333:${topic}`;
      aHandMadeEndpoint(new Stack(stage, 'Stack', { stackName: 'Stack' }), topicArn, topicArn);
    }
  });
  expect(endpoints.map(({ name, region, errorTopicArn }) => [name, region, errorTopicArn])).toEqual([
    ['Hand-Made', 'eu-west-1', 'arn:aws:sns:eu-west-1:111122223333:europe'],
    ['Hand-Made', 'us-west-2', 'arn:aws:sns:us-west-2:111122223333:america'],
  ]);
});

test('an endpoint with instance pools has the instance type and the model of its first pool', async () => {
  const { endpoints } = await resourcesOf((app) => {
    const stack = new Stack(app, 'Stack');
    aHandMadeEndpoint(stack, 'arn:aws:sns:us-east-1:444455556666:a', 'arn:aws:sns:us-east-1:444455556666:b');
    (stack.node.findChild('Config') as CfnEndpointConfig).addPropertyOverride('ProductionVariants.0', {
      ModelName: undefined,
      InstanceType: undefined,
      InstancePools: [
        { InstanceType: 'ml.g6.xlarge', Priority: 1, ModelNameOverride: { 'Fn::GetAtt': ['Model', 'ModelName'] } },
        { InstanceType: 'ml.g5.xlarge', Priority: 2 },
      ],
    });
  });
  expect(endpoints).toMatchObject([{ instanceType: 'ml.g6.xlarge', model: 'someone/a-model' }]);
});

test('the input bucket of an invoker is created even if the app imports it', async () => {
  const { buckets } = await resourcesOf((app) => {
    const stack = new Stack(app, 'Stack');
    const bucket = Bucket.fromBucketName(stack, 'Inputs', 'imported-inputs');
    anEndpoint(stack, { invokerOptions: { inputPolicy: InputPolicy.bySize({ bucket }) } });
  });
  expect(buckets).toContain('imported-inputs');
});

const EXAMPLES = join(__dirname, '../../../examples');

test.each(readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'app.ts'))))(
  'the functions of the example %s are read with their code',
  async (name) => {
    const { app } = jest.requireActual<{ app: App }>(join(EXAMPLES, name, 'app'));
    const { functions } = readAppResources(await synthesize(app.synth().directory, ''));
    expect(functions.length).toBeGreaterThan(0);
    for (const { code } of functions) expect(existsSync(code)).toBe(true);
  },
);
