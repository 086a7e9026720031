import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { waitingTasksIn } from '../../../lambda/shared/waiting-tasks';
import { starterHandler } from '../../../lambda/starter/handler';
import { TASK_ID_PREFIX } from '../../../lib/contract/invoker';
import { startTaskServices } from '../../support/task-services';
import { captureLog } from '../../support/log-capture';
import type { Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';

const CONTEXT = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
const CANARY = 'canary-91ab';

let services: Awaited<ReturnType<typeof startTaskServices>>;
let server: Server;
let log: ReturnType<typeof captureLog>;
let client: SageMakerRuntimeClient;
beforeAll(async () => {
  [services, server] = await Promise.all([startTaskServices(), startServer()]);
  client = new SageMakerRuntimeClient({
    region: 'eu-west-1',
    endpoint: server.url,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  log = captureLog();
});
afterAll(async () => {
  log.release();
  client.destroy();
  await Promise.all([services.stop(), server.stop()]);
});
beforeEach(() => {
  services.clear();
  server.clear();
  log.clear();
});

const start = (Request: unknown, EndpointName = 'languages') =>
  starterHandler({ client, tasks: waitingTasksIn(services.dynamodb, 'Tasks') })(
    { TaskToken: 'token', EndpointName, OutputLocationPrefix: 's3://results/output/', Request },
    CONTEXT,
  );

test('stores the task before it sends the request, with an ID that cannot be guessed', async () => {
  let known: unknown;
  server.answerWith((response, request) => {
    known = services.items.get(String(request.headers['x-amzn-sagemaker-inference-id']));
    ACCEPT(response, request);
  });
  const { InferenceId } = await start({ Body: { inputs: 'bonjour' }, ContentType: 'application/json' });
  expect(InferenceId).toMatch(new RegExp(`^${TASK_ID_PREFIX}[0-9a-f-]{36}$`));
  expect(known).toEqual({
    inferenceId: { S: InferenceId },
    taskToken: { S: 'token' },
    endpointName: { S: 'languages' },
    outputLocationPrefix: { S: 's3://results/output/' },
    expiresAt: { N: expect.any(String) as string },
  });
  const hoursKept = (Number(services.items.get(InferenceId)!.expiresAt!.N) - Date.now() / 1000) / 3600;
  expect(Math.round(hoursKept)).toBe(8);
  expect(server.received[0]).toMatchObject({ path: '/endpoints/languages/async-invocations' });
  expect(server.received[0]!.body.toString()).toBe('{"inputs":"bonjour"}');
});

test('stores no output prefix if no result is to be read', async () => {
  const handler = starterHandler({ client, tasks: waitingTasksIn(services.dynamodb, 'Tasks') });
  const { InferenceId } = await handler(
    { TaskToken: 'token', EndpointName: 'languages', Request: { Body: 'x' } },
    CONTEXT,
  );
  expect(services.items.get(InferenceId)).not.toHaveProperty('outputLocationPrefix');
});

test('accepts an input in S3', async () => {
  await start({ InputLocation: 's3://documents/a.pdf', ContentType: 'application/pdf' });
  expect(server.received[0]!.headers).toMatchObject({
    'x-amzn-sagemaker-inputlocation': 's3://documents/a.pdf',
    'x-amzn-sagemaker-content-type': 'application/pdf',
  });
});

test('each attempt has an ID of its own', async () => {
  const ids = await Promise.all([1, 2, 3].map(async () => (await start({ Body: 'x' })).InferenceId));
  expect(new Set(ids).size).toBe(3);
  expect(services.items.size).toBe(3);
});

test.each([
  ['InvalidRequestError', { Body: 'x', RequestTTLSeconds: 59 }, /RequestTTLSeconds is 59/],
  ['InvalidRequestError', {}, /no payload is given/],
  ['InvalidRequestError', 'x', /the event is a string: give a direct call/],
  [
    'InvalidRequestError',
    { Body: 'x', InferenceId: 'mine' },
    /InferenceId is not supported here, since each attempt of a task has its own/,
  ],
  ['PayloadTooLargeError', { Body: 'x'.repeat(128_001) }, /128001 bytes/],
])('fails with %s and removes the task', async (name, request, message) => {
  await expect(start(request)).rejects.toMatchObject({ name, message: expect.stringMatching(message) as string });
  expect(services.items.size).toBe(0);
  expect(server.received).toEqual([]);
});

test('fails with the error of the service and removes the task', async () => {
  server.answerWith(refuse(400, 'ValidationError', CANARY));
  await expect(start({ Body: CANARY })).rejects.toMatchObject({ name: 'ValidationError' });
  expect(services.items.size).toBe(0);
  expect(log.text()).not.toContain(CANARY);
});

test('fails with the error of the service even if the task cannot be removed', async () => {
  server.answerWith(refuse(400, 'ValidationError'));
  services.failNext('DeleteItem', 'ThrottlingException');
  await expect(start({ Body: 'x' })).rejects.toMatchObject({ name: 'ValidationError' });
});

test('sends no request if the task cannot be stored', async () => {
  services.failNext('PutItem', 'ProvisionedThroughputExceededException');
  await expect(start({ Body: 'x' })).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
  expect(server.received).toEqual([]);
});
