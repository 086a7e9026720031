import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetBucketLocationCommand } from '@aws-sdk/client-s3';
import { toEnvironment } from '../../../lib/contract/invoker';
import type { Blueprint, EndpointBlueprint } from '../../../local/app/blueprint';
import { Deployment } from '../../../local/aws/deployment';
import { ENDPOINT } from '../../support/blueprint-factory';
import { afterTests } from '../../support/after-tests';
import { StubContainer } from '../../support/stub-container';

const code = mkdtempSync(join(tmpdir(), 'deployment-'));
const TOPIC = 'arn:aws:sns:ap-south-1:444455556666:given';
let container: StubContainer;
let deployment: Deployment;

/** A function that tells its environment. */
function aFunction(name: string, endpointName?: string): Blueprint['functions'][number] {
  return {
    name,
    arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
    region: 'eu-west-1',
    code,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    environment: endpointName === undefined ? {} : toEnvironment({ endpointName, defaultContentType: 'text/plain' }),
    timeoutSeconds: 30,
    memoryMegabytes: 128,
    roleArn: `arn:aws:iam::000000000000:role/${name}`,
    endpointName,
  };
}

beforeAll(async () => {
  writeFileSync(join(code, 'index.js'), 'exports.handler = async () => process.env');
  container = await StubContainer.start();
  const far: EndpointBlueprint = {
    ...ENDPOINT,
    name: 'Far',
    region: 'ap-south-1',
    outputPath: 's3://far/out',
    successTopicArn: TOPIC,
  };
  deployment = await Deployment.start(
    {
      endpoints: [ENDPOINT, far],
      functions: [aFunction('one', 'Languages'), aFunction('two', 'Far'), aFunction('other')],
      buckets: ['results', 'far'],
      topicArns: [ENDPOINT.successTopicArn!, ENDPOINT.errorTopicArn!, TOPIC],
    },
    { containerUrl: container.url },
  );
});

afterAll(async () => {
  await deployment.close();
  await container.close();
  rmSync(code, { recursive: true });
});

test('brings several endpoints into service, in other regions and with topics of other accounts', () => {
  const { successTopicArn, errorTopicArn } = ENDPOINT;
  expect(deployment.calls.map(({ action, resource }) => [action, resource])).toEqual(
    [successTopicArn, errorTopicArn, TOPIC, errorTopicArn].map((topicArn) => ['sns:Publish', topicArn]),
  );
});

test('creates the buckets', async () => {
  const { s3 } = deployment.services.session('eu-west-1');
  for (const Bucket of ['results', 'far']) await s3.send(new GetBucketLocationCommand({ Bucket }));
});

test('finds the invoker of an endpoint', () => {
  expect(deployment.invokerOf('Far').blueprint.name).toBe('two');
  expect(() => deployment.invokerOf('Nowhere')).toThrow('no Lambda function among the assets invokes Nowhere');
});

test('gives each function the addresses of what runs, and credentials of its own role', async () => {
  const environments = await Promise.all(
    deployment.functions.map((each) => each.invoke({}) as Promise<Record<string, string>>),
  );
  for (const environment of environments) expect(environment).toMatchObject(deployment.endpointUrls);
  expect(new Set(environments.map(({ AWS_ACCESS_KEY_ID }) => AWS_ACCESS_KEY_ID)).size).toBe(3);
});

test('gives up waiting for a notification when it is closed', async () => {
  const other = await Deployment.start(
    { endpoints: [], functions: [], buckets: [], topicArns: [] },
    { containerUrl: container.url },
  );
  afterTests(() => other.close());
  const waiting = expect(other.notificationOf('never')).rejects.toThrow('no notification of never came');
  await other.close();
  await waiting;
});
