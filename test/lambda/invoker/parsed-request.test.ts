import { invokerHandler } from '../../../lambda/invoker/handler';
import { TASK_ID_PREFIX } from '../../../lib/contract/invoker';
import { httpApiEvent, restApiEvent, sqsEvent } from '../../support/events';
import { captureLog } from '../../support/log-capture';
import type { Server } from '../../support/sagemaker-runtime-server';
import { startServer } from '../../support/sagemaker-runtime-server';

const CONTEXT = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
const ID = `${TASK_ID_PREFIX}1`;
const HEADERS = { 'X-Amzn-SageMaker-Inference-Id': ID };

let server: Server;
let log: ReturnType<typeof captureLog>;
beforeAll(async () => {
  server = await startServer();
  log = captureLog();
});
afterAll(async () => {
  log.release();
  await server.stop();
});

const invoke = (event: unknown) =>
  invokerHandler({ client: server.client, config: { endpointName: 'e', defaultContentType: 'text/plain' } })(
    event,
    CONTEXT,
  );

test('no caller may send the InferenceId of a task of Step Functions', async () => {
  await expect(invoke({ Body: 'x', InferenceId: ID })).rejects.toThrow(
    'InferenceId begins with "sfn-task-", which is reserved for tasks of Step Functions: use another one',
  );
  expect(await invoke(httpApiEvent({ body: 'x', headers: { 'x-amzn-sagemaker-inference-id': ID } }))).toMatchObject({
    statusCode: 400,
  });
  expect(await invoke(restApiEvent({ body: 'x', headers: HEADERS }))).toMatchObject({ statusCode: 400 });
  const messages = [{ body: 'x', messageId: 'm', attributes: { InferenceId: ID } }];
  expect(await invoke(sqsEvent(messages))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
  expect(server.received).toEqual([]);
});
