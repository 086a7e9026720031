import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { App } from 'aws-cdk-lib';
import { readAppResources } from '../../../local/app/resources';
import { LambdaFunction } from '../../../local/aws/lambda-function';
import { Services, Session } from '../../../local/aws/services';
import { synthesize } from '../../../local/app/synthesis';
import { afterTests } from '../../support/after-tests';
import type { Server } from '../../support/sagemaker-runtime-server';
import { startServer } from '../../support/sagemaker-runtime-server';

const ROOT = join(__dirname, '../../..');
const INPUTS = 's3://inputs/input/languages';
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const WIRE = 'x-amzn-sagemaker-';

let server: Server;
let services: Services;

beforeAll(async () => {
  [server, services] = await Promise.all([startServer(), Services.start()]);
  const session = new Session(services.url, 'eu-west-1', CREDENTIALS);
  await session.createBucket('inputs');
  await session.putObject(`${INPUTS}/2026/11/21/order-1/a`, Buffer.from('old'), 'text/old');
  await setTimeout(1_100); // LastModified has whole seconds.
  await session.putObject(`${INPUTS}/2026/11/22/order-1/b`, Buffer.from('new'), 'text/new');
});
beforeEach(() => server.clear());
afterAll(() => Promise.all([server.stop(), services.close()]));

interface Outcome {
  readonly code: number;
  readonly lines: unknown[];
  readonly problem: string;
}

function replay(args: readonly string[], input = ''): Promise<Outcome> {
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_S3: services.url,
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const command = ['--import', 'tsx', 'examples/replay/replay.ts', ...args];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, command, { cwd: ROOT, env }, (error, stdout, stderr) => {
      const lines = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown);
      resolve({ code: Number(error?.code ?? 0), lines, problem: stderr.trim() });
    });
    afterTests(() => child.kill());
    child.stdin!.end(input);
  });
}

test('sends the newest input of an InferenceId again, unchanged and under the same InferenceId', async () => {
  expect(await replay(['--endpoint', 'languages', '--inputs', INPUTS, 'order-1'])).toEqual({
    code: 0,
    lines: [
      {
        InferenceId: 'order-1',
        OutputLocation: 's3://results/order-1.out',
        FailureLocation: 's3://results/failures/order-1.out',
      },
    ],
    problem: '',
  });
  expect(server.received).toMatchObject([
    {
      path: '/endpoints/languages/async-invocations',
      body: Buffer.alloc(0),
      headers: {
        [`${WIRE}inputlocation`]: `${INPUTS}/2026/11/22/order-1/b`,
        [`${WIRE}inference-id`]: 'order-1',
        [`${WIRE}content-type`]: 'text/new',
      },
    },
  ]);
});

test('finds the input that an invoker with the alwaysS3 policy stored, whatever characters the InferenceId has', async () => {
  const { app } = jest.requireActual<{ app: App }>('../../../examples/audit/app');
  const { functions, buckets } = readAppResources(await synthesize(app.synth().directory, ''));
  for (const bucket of buckets) await new Session(services.url, 'eu-west-1', CREDENTIALS).createBucket(bucket);
  const invoker = new LambdaFunction(functions[0]!, CREDENTIALS, {
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
    AWS_ENDPOINT_URL_S3: services.url,
  });
  afterTests(() => invoker.close());
  for (const InferenceId of ['order-2', 'order/2 (again)']) {
    server.clear();
    await invoker.invoke({ Body: { inputs: InferenceId }, InferenceId });
    const location = String(server.received[0]!.headers[`${WIRE}inputlocation`]);
    const prefix = location.replace(/\/\d{4}\/.*/, '');
    expect(await replay(['--endpoint', 'languages', '--inputs', prefix, InferenceId])).toMatchObject({ code: 0 });
    expect(server.received[1]!.headers).toMatchObject({
      [`${WIRE}inputlocation`]: location,
      [`${WIRE}inference-id`]: InferenceId,
      [`${WIRE}content-type`]: 'application/json',
    });
  }
});

test('reads InferenceIds from standard input, searches one day with --day, and reports those without an input', async () => {
  const { code, lines } = await replay(
    ['--endpoint', 'languages', '--inputs', `${INPUTS}/`, '--day', '2026/11/21'],
    'order-1\norder-3\n',
  );
  expect(code).toBe(1);
  expect(lines).toMatchObject([{ InferenceId: 'order-1' }, { InferenceId: 'order-3', error: 'no input is kept' }]);
  expect(server.received.map(({ headers }) => headers[`${WIRE}inputlocation`])).toEqual([
    `${INPUTS}/2026/11/21/order-1/a`,
  ]);
});

test('prints its usage if an option is missing', async () => {
  expect(await replay(['--inputs', INPUTS])).toEqual({
    code: 2,
    lines: [],
    problem: 'give --endpoint NAME and --inputs s3://BUCKET/PREFIX',
  });
});
