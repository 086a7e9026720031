import { toCallbackEnvironment } from '../../../lib/contract/callback';
import { FunctionUnderClient } from '../../support/runtime-client';
import type { Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';
import { startTaskServices } from '../../support/task-services';

const CANARY = 'canary-91ab';

let services: Awaited<ReturnType<typeof startTaskServices>>;
let server: Server;
let starter: FunctionUnderClient;
let log: Awaited<ReturnType<FunctionUnderClient['stop']>> | undefined;
beforeAll(async () => {
  [services, server] = await Promise.all([startTaskServices(), startServer()]);
  starter = await FunctionUnderClient.start('starter', {
    ...toCallbackEnvironment({ tableName: 'Tasks', maxInlineResultBytes: 1_000 }),
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
    AWS_ENDPOINT_URL_DYNAMODB: services.url,
  });
});
afterAll(async () => {
  await (log ?? starter.stop());
  await Promise.all([server.stop(), services.stop()]);
});
afterEach(() => {
  server.clear();
  services.clear();
});

const start = (Request: unknown) =>
  starter.invoke({ TaskToken: `token-${CANARY}`, EndpointName: 'languages', Request });

test('a task is stored before its request is sent', async () => {
  let stored = 0;
  server.answerWith((response, request) => {
    stored = services.items.size;
    ACCEPT(response, request);
  });
  expect(await start({ Body: CANARY })).toMatchObject({
    response: { InferenceId: expect.stringMatching(/^sfn-task-/) },
  });
  expect(stored).toBe(1);
  expect(server.received.map(({ body }) => body.toString())).toEqual([CANARY]);
});

test('a request that is refused leaves no task, and its error has the type of the service', async () => {
  server.answerWith(refuse(400, 'ValidationError'));
  expect(await start({ Body: 'x' })).toEqual({ errorType: 'ValidationError' });
  expect(services.calls).toEqual(['PutItem', 'DeleteItem']);
  expect(await start({ [CANARY]: 1 })).toEqual({ errorType: 'InvalidRequestError' });
  expect(services.items.size).toBe(0);
});

test('the log is lines of JSON without anything of a payload or a token', async () => {
  log = await starter.stop();
  expect(log.lines.map((line) => JSON.parse(line) as object)).not.toEqual([]);
  expect(log.stderr).toBe('');
  expect(log.lines.join()).not.toContain(CANARY);
});
