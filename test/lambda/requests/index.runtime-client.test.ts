import { toEnvironment } from '../../../lib/contract/invoker';
import { REQUEST_QUEUE_VARIABLES } from '../../../lib/contract/request-queue';
import { sqsEvent } from '../../support/events';
import { FunctionUnderClient } from '../../support/runtime-client';
import type { Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';
import { startSqs } from '../../support/sqs-server';

const CANARY = 'canary-91ab';

let server: Server;
let sqs: Awaited<ReturnType<typeof startSqs>>;
let requests: FunctionUnderClient;
let log: Awaited<ReturnType<FunctionUnderClient['stop']>> | undefined;
beforeAll(async () => {
  [server, sqs] = await Promise.all([startServer(), startSqs()]);
  requests = await FunctionUnderClient.start('invoker-with-s3-and-sqs', {
    ...toEnvironment({ endpointName: 'summaries', defaultContentType: 'text/plain' }),
    [REQUEST_QUEUE_VARIABLES.queueUrl]: `${sqs.url}/111122223333/requests`,
    [REQUEST_QUEUE_VARIABLES.deadLetterQueueUrl]: `${sqs.url}/111122223333/dead-letters`,
    [REQUEST_QUEUE_VARIABLES.intervalMilliseconds]: '1',
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
  });
});
afterAll(async () => {
  await (log ?? requests.stop());
  await Promise.all([server.stop(), sqs.stop()]);
});
afterEach(() => {
  server.clear();
  sqs.clear();
});

test('messages are submitted, in their order', async () => {
  const bodies = [1, 2, 3].map((number) => `${CANARY} ${number}`);
  expect(await requests.invoke(sqsEvent(bodies.map((body) => ({ body }))))).toEqual({
    response: { batchItemFailures: [] },
  });
  expect(server.received.map(({ body }) => body.toString())).toEqual(bodies);
  expect(sqs.calls).toEqual([]);
});

test('a message that can never succeed moves to the dead-letter queue with its reason', async () => {
  const message = { body: CANARY, messageId: 'rejected', attributes: { RequestTTLSeconds: 1 } };
  expect(await requests.invoke(sqsEvent([message]))).toEqual({ response: { batchItemFailures: [] } });
  expect(server.received).toEqual([]);
  expect(sqs.inputs('SendMessage')).toMatchObject([
    {
      QueueUrl: `${sqs.url}/111122223333/dead-letters`,
      MessageBody: CANARY,
      MessageAttributes: { DeadLetterReason: { StringValue: expect.stringMatching(/^InvalidRequestError: /) } },
    },
  ]);
});

test('a message that SageMaker refuses is hidden, and goes back to the queue', async () => {
  server.answerWith((response, request) =>
    (request.body.toString() === 'refused' ? refuse(400, 'ValidationError', CANARY) : ACCEPT)(response, request),
  );
  const messages = [
    { body: CANARY, messageId: 'accepted' },
    { body: 'refused', messageId: 'refused' },
  ];
  expect(await requests.invoke(sqsEvent(messages))).toEqual({
    response: { batchItemFailures: [{ itemIdentifier: 'refused' }] },
  });
  expect(sqs.inputs('ChangeMessageVisibilityBatch')).toMatchObject([
    { QueueUrl: `${sqs.url}/111122223333/requests`, Entries: [{ VisibilityTimeout: 30 }] },
  ]);
});

test('the log is lines of JSON without anything of a payload', async () => {
  log = await requests.stop();
  expect(log.lines.map((line) => JSON.parse(line) as object)).not.toEqual([]);
  expect(log.stderr).toBe('');
  expect(log.lines.join()).not.toContain(CANARY);
});
