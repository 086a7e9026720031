import { toEnvironment } from '../../../lib/contract/invoker';
import { httpApiEvent, sqsEvent } from '../../support/events';
import { FunctionUnderClient } from '../../support/runtime-client';
import type { Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';

const CANARY = 'canary-5f1c';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());
afterEach(() => server.clear());

describe.each(['invoker', 'invoker-with-s3-and-sqs'])('%s', (name) => {
  let invoker: FunctionUnderClient;
  let log: Awaited<ReturnType<FunctionUnderClient['stop']>> | undefined;
  beforeAll(async () => {
    invoker = await FunctionUnderClient.start(name, {
      ...toEnvironment({ endpointName: 'summaries', defaultContentType: 'text/plain' }),
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
    });
  });
  afterAll(() => log ?? invoker.stop());

  test('a direct call returns the locations of the service, and the payload arrives unchanged', async () => {
    expect(await invoker.invoke({ Body: `é ${CANARY}`, InferenceId: 'order-1' })).toEqual({
      response: {
        InferenceId: 'order-1',
        OutputLocation: 's3://results/order-1.out',
        FailureLocation: 's3://results/failures/order-1.out',
      },
    });
    expect(server.received.map(({ path, body }) => [path, body.toString()])).toEqual([
      ['/endpoints/summaries/async-invocations', `é ${CANARY}`],
    ]);
  });

  test('an error has the type by which callers recognize it, despite minification', async () => {
    expect(await invoker.invoke({ Body: 'x', [CANARY]: 1 })).toEqual({ errorType: 'InvalidRequestError' });
    expect(await invoker.invoke({ Body: 'x'.repeat(128_001) })).toEqual({ errorType: 'PayloadTooLargeError' });
    expect(server.received).toEqual([]);
    server.answerWith(refuse(400, 'ValidationError'));
    expect(await invoker.invoke({ Body: 'x' })).toEqual({ errorType: 'ValidationError' });
  });

  test('an HTTP call is accepted', async () => {
    expect(await invoker.invoke(httpApiEvent({ body: CANARY }))).toMatchObject({ response: { statusCode: 202 } });
  });

  test('of a batch, only the messages that failed go back to the queue', async () => {
    server.answerWith((response, request) =>
      (request.body.toString() === 'refused' ? refuse(400, 'ValidationError', CANARY) : ACCEPT)(response, request),
    );
    const { response } = await invoker.invoke(
      sqsEvent([
        { body: CANARY, messageId: 'accepted' },
        { body: 'refused', messageId: 'refused' },
        { body: CANARY, messageId: 'rejected', attributes: { Filename: '../x' } },
      ]),
    );
    expect(response).toMatchObject({
      batchItemFailures: expect.arrayContaining([{ itemIdentifier: 'refused' }, { itemIdentifier: 'rejected' }]),
    });
    expect((response as { batchItemFailures: unknown[] }).batchItemFailures).toHaveLength(2);
  });

  test('the log is lines of JSON without anything of a payload', async () => {
    log = await invoker.stop();
    expect(log.lines.map((line) => JSON.parse(line) as object)).not.toEqual([]);
    expect(log.lines.filter((line) => line.includes('"level":"INFO"')).length).toBeGreaterThanOrEqual(3);
    expect(log.stderr).toBe('');
    expect(log.lines.join()).not.toContain(CANARY);
  });
});
