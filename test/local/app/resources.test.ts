import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { readBlueprint } from '../../../local/app/blueprint';
import type { Blueprint } from '../../../local/app/blueprint';
import { synthesize } from '../../../local/app/synthesis';
import { anEndpoint } from '../../../tools/showcase/stacks';

const folders: string[] = [];

function aFolder(): string {
  folders.push(mkdtempSync(join(tmpdir(), 'blueprint-')));
  return folders.at(-1)!;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** What the local run makes of an app. */
async function blueprintOf(build: (app: App) => void): Promise<Blueprint> {
  const app = new App({ outdir: aFolder() });
  build(app);
  return readBlueprint(await synthesize(app.synth().directory, aFolder()));
}

/** An endpoint of the user's own making, with all that can be configured. */
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

test('reads an endpoint of ours, and its invoker', async () => {
  const { endpoints, functions, buckets, topicArns } = await blueprintOf((app) => {
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
  expect(invoker).toMatchObject({ endpointName: 'Mixed-Case', region: 'us-east-1' });
  expect(existsSync(invoker!.code)).toBe(true);
  expect(invoker!.roleArn).not.toBe(endpoint!.executionRoleArn);
});

test('reads an endpoint of any making, over two stacks of a stage, in its own account and region', async () => {
  const { endpoints, buckets, topicArns } = await blueprintOf((app) => {
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
    },
  ]);
  expect(buckets).toEqual(['given']);
  expect(topicArns).toEqual(['arn:aws:sns:eu-west-1:111122223333:own', 'arn:aws:sns:eu-west-1:444455556666:given']);
});

test('reads a nested stack that takes parameters from its parent and gives outputs back', async () => {
  const { endpoints } = await blueprintOf((app) => {
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

test('leaves out what it cannot run', async () => {
  const { endpoints, functions } = await blueprintOf((app) => {
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

test('reads a Lambda function that invokes nothing, with the defaults of Lambda', async () => {
  const { functions } = await blueprintOf((app) => {
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
      endpointName: undefined,
    }),
  ]);
});

test('fails for an endpoint that has nowhere to put its results', async () => {
  await expect(
    blueprintOf((app) => {
      const stack = new Stack(app, 'Stack');
      aHandMadeEndpoint(stack, 'arn:aws:sns:us-east-1:444455556666:a', 'arn:aws:sns:us-east-1:444455556666:b');
      (stack.node.findChild('Config') as CfnEndpointConfig).asyncInferenceConfig = { outputConfig: {} };
    }),
  ).rejects.toThrow('the endpoint Hand-Made has no S3OutputPath');
});
