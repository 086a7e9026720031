import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetBucketLocationCommand } from '@aws-sdk/client-s3';
import { toEnvironment } from '../../../lib/contract/invoker';
import type { EndpointConfiguration, FunctionConfiguration } from '../../../local/app/resources';
import { DataPlane } from '../../../local/aws/data-plane';
import { Deployment } from '../../../local/aws/deployment';
import { Services } from '../../../local/aws/services';
import { afterTests } from '../../support/after-tests';
import { ENDPOINT } from '../../support/endpoint-configuration';
import { StubContainer } from '../../support/stub-container';

const code = mkdtempSync(join(tmpdir(), 'deployment-'));
const TOPIC = 'arn:aws:sns:ap-south-1:444455556666:given';
let container: StubContainer;
let deployment: Deployment;

/** A function that returns its environment. */
function aFunction(name: string, endpointName?: string): FunctionConfiguration {
  const invoker = endpointName === undefined ? undefined : { endpointName, defaultContentType: 'text/plain' };
  return {
    name,
    arn: `arn:aws:lambda:eu-west-1:000000000000:function:${name}`,
    region: 'eu-west-1',
    code,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    environment: invoker ? toEnvironment(invoker) : {},
    timeoutSeconds: 30,
    memoryMegabytes: 128,
    roleArn: `arn:aws:iam::000000000000:role/${name}`,
    invoker,
  };
}

beforeAll(async () => {
  writeFileSync(join(code, 'index.js'), 'exports.handler = async () => process.env');
  container = await StubContainer.start();
  afterTests(() => container.close());
  const far: EndpointConfiguration = {
    ...ENDPOINT,
    name: 'Far',
    region: 'ap-south-1',
    outputPath: 's3://far/out',
    successTopicArn: TOPIC,
  };
  const resources = {
    endpoints: [ENDPOINT, far],
    functions: [aFunction('one', 'Languages'), aFunction('two', 'Far'), aFunction('other')],
    buckets: ['results', 'far'],
    topicArns: [ENDPOINT.successTopicArn, ENDPOINT.errorTopicArn, TOPIC],
  };
  deployment = await Deployment.start(resources, { containerUrl: container.url });
  afterTests(() => deployment.close());
});

afterAll(() => rmSync(code, { recursive: true }));

test('endpoints of several regions and with topics of other accounts are in service', () => {
  const { successTopicArn, errorTopicArn } = ENDPOINT;
  expect(deployment.calls.map(({ action, resource }) => [action, resource])).toEqual(
    [successTopicArn, errorTopicArn, TOPIC, errorTopicArn].map((topicArn) => ['sns:Publish', topicArn]),
  );
});

test('the buckets of the app exist', async () => {
  const { s3 } = deployment.services.session('eu-west-1');
  for (const Bucket of ['results', 'far']) await s3.send(new GetBucketLocationCommand({ Bucket }));
});

test('the invoker of an endpoint is found by the name of the endpoint', () => {
  expect(deployment.invokerOf('Far').configuration.name).toBe('two');
  expect(() => deployment.invokerOf('Nowhere')).toThrow(
    'The app has no Lambda function that invokes the endpoint Nowhere.',
  );
});

test('each function has the addresses of the services, and the credentials of its role', async () => {
  const environments = await Promise.all(
    deployment.functions.map((each) => each.invoke({}) as Promise<Record<string, string>>),
  );
  for (const environment of environments) expect(environment).toMatchObject(deployment.endpointUrls);
  expect(new Set(environments.map(({ AWS_ACCESS_KEY_ID }) => AWS_ACCESS_KEY_ID)).size).toBe(3);
});

const NOTHING = { endpoints: [], functions: [], buckets: [], topicArns: [] };

test('a wait for a notification ends with an error when the deployment is closed', async () => {
  const other = await Deployment.start(NOTHING, { containerUrl: container.url });
  afterTests(() => other.close());
  const waiting = expect(other.notificationOf('never')).rejects.toThrow(
    'No notification of the request never was received.',
  );
  await other.close();
  await waiting;
});

test('a deployment whose start fails closes what it started', async () => {
  const starts = [jest.spyOn(Services, 'start'), jest.spyOn(DataPlane, 'start')];
  const noTopic = Deployment.start({ ...NOTHING, topicArns: ['not an ARN'] }, { containerUrl: container.url });
  await expect(noTopic).rejects.toThrow();
  for (const start of starts) {
    const { url } = await start.mock.results[0]!.value;
    await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  }
});
