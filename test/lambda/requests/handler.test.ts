import { requestQueueHandler } from '../../../lambda/requests/handler';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { publishedMetrics } from '../../support/embedded-metrics';
import { captureLog } from '../../support/log-capture';
import type { Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';
import { startSqs } from '../../support/sqs-server';

const CONTEXT = { awsRequestId: '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', getRemainingTimeInMillis: () => 30_000 };
const INVOKER: InvokerConfig = { endpointName: 'summaries', defaultContentType: 'text/plain' };
const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/111122223333/requests';
const DEAD_LETTER_QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead-letters';

let server: Server;
let sqs: Awaited<ReturnType<typeof startSqs>>;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  server = await startServer({ maxAttempts: 1 });
  sqs = await startSqs();
  log = captureLog();
});
beforeEach(() => {
  server.clear();
  sqs.clear();
  log.clear();
});
afterAll(async () => {
  log.release();
  await Promise.all([server.stop(), sqs.stop()]);
});

const aHandler = (intervalMilliseconds = 0) =>
  requestQueueHandler({
    invoker: { client: server.client, config: INVOKER },
    sqs: sqs.client,
    config: { queueUrl: QUEUE_URL, deadLetterQueueUrl: DEAD_LETTER_QUEUE_URL, intervalMilliseconds },
  });

interface Given {
  readonly id: string;
  readonly body?: string;
  readonly receives?: number;
  readonly group?: string;
  readonly attributes?: Readonly<Record<string, object>>;
}

const eventOf = (...messages: readonly Given[]) => ({
  Records: messages.map(({ id, body = 'text', receives = 1, group, attributes = {} }) => ({
    messageId: id,
    receiptHandle: `receipt of ${id}`,
    body,
    attributes: { ApproximateReceiveCount: `${receives}`, ...(group && { MessageGroupId: group }) },
    messageAttributes: attributes,
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:111122223333:requests${group ? '.fifo' : ''}`,
  })),
});
const text = (stringValue: string) => ({ dataType: 'String', stringValue });
const REJECTED = { RequestTTLSeconds: text('1') };

const failuresOf = async (answer: Promise<{ batchItemFailures: { itemIdentifier: string }[] }>) =>
  (await answer).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

test('messages are submitted, and nothing else happens to them', async () => {
  expect(await failuresOf(aHandler()(eventOf({ id: 'a' }, { id: 'b' }), CONTEXT))).toEqual([]);
  expect(server.received.map(({ headers }) => headers['x-amzn-sagemaker-inference-id']).sort()).toEqual(['a', 'b']);
  expect(sqs.calls).toEqual([]);
});

test('submissions keep the interval, across invocations of one environment', async () => {
  const handler = aHandler(150);
  const started = performance.now();
  await handler(eventOf({ id: 'a' }, { id: 'b' }), CONTEXT);
  await handler(eventOf({ id: 'c' }), CONTEXT);
  expect(server.received).toHaveLength(3);
  // A timer may end a millisecond early.
  expect(performance.now() - started).toBeGreaterThanOrEqual(2 * 150 - 2);
});

test('a message that has no turn before the function ends is retried', async () => {
  const handler = aHandler(3_600_000);
  const short = { ...CONTEXT, getRemainingTimeInMillis: () => 1_000 };
  expect(await failuresOf(handler(eventOf({ id: 'a' }, { id: 'b' }), short))).toEqual(['b']);
});

describe('a message that the function rejects', () => {
  test('moves to the dead-letter queue at once, with its attributes and the reason', async () => {
    const attributes = {
      ...REJECTED,
      trace: text('t-1'),
      picture: { dataType: 'Binary.png', binaryValue: Buffer.from([1, 2]).toString('base64') },
    };
    expect(await failuresOf(aHandler()(eventOf({ id: 'a', body: 'payload', attributes }), CONTEXT))).toEqual([]);
    expect(sqs.calls).toEqual([
      {
        operation: 'SendMessage',
        input: {
          QueueUrl: DEAD_LETTER_QUEUE_URL,
          MessageBody: 'payload',
          MessageAttributes: {
            RequestTTLSeconds: { DataType: 'String', StringValue: '1' },
            trace: { DataType: 'String', StringValue: 't-1' },
            picture: { DataType: 'Binary.png', BinaryValue: 'AQI=' },
            DeadLetterReason: {
              DataType: 'String',
              StringValue: expect.stringMatching(/^InvalidRequestError: .*RequestTTLSeconds/) as unknown,
            },
          },
        },
      },
    ]);
    expect(server.received).toEqual([]);
    expect(log.requests()).toContainEqual(
      expect.objectContaining({ message: 'messages moved to the dead-letter queue', messageId: 'a' }),
    );
  });

  test('has a reason of at most 1,000 characters', async () => {
    const wrong = text('…'.repeat(3_000));
    const names = ['Accept', 'ContentType', 'CustomAttributes', 'Filename', 'InferenceId', 'InputLocation'];
    const more = ['BodyEncoding', 'RequestTTLSeconds', 'InvocationTimeoutSeconds'];
    const attributes = Object.fromEntries([...names, ...more].map((name) => [name, wrong]));
    expect(await failuresOf(aHandler()(eventOf({ id: 'a', attributes }), CONTEXT))).toEqual([]);
    const [moved] = sqs.inputs('SendMessage') as [{ MessageAttributes: { DeadLetterReason: { StringValue: string } } }];
    expect(moved.MessageAttributes.DeadLetterReason.StringValue).toHaveLength(1_000);
  });

  test('does not wait for a turn', async () => {
    const handler = aHandler(3_600_000);
    await handler(eventOf({ id: 'first' }), CONTEXT);
    expect(await failuresOf(handler(eventOf({ id: 'a', attributes: REJECTED }), CONTEXT))).toEqual([]);
  });

  test('does not block its FIFO group, and keeps the group', async () => {
    const messages = eventOf({ id: 'a', group: 'g', attributes: REJECTED }, { id: 'b', group: 'g' });
    expect(await failuresOf(aHandler()(messages, CONTEXT))).toEqual([]);
    expect(sqs.inputs('SendMessage')).toMatchObject([{ MessageGroupId: 'g', MessageDeduplicationId: 'a' }]);
    expect(server.received).toHaveLength(1);
  });

  test('stays and fails if it is full', async () => {
    const full = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`a${index}`, text('x')]));
    const message = { id: 'a', attributes: { ...full, ...REJECTED } };
    expect(await failuresOf(aHandler()(eventOf(message), CONTEXT))).toEqual(['a']);
    expect(sqs.calls.map(({ operation }) => operation)).toEqual(['ChangeMessageVisibilityBatch']);
  });

  test('that comes back from the dead-letter queue gets the new reason in place of the old one', async () => {
    const nine = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`a${index}`, text('x')]));
    const attributes = { ...nine, ...REJECTED, DeadLetterReason: text('old') };
    expect(await failuresOf(aHandler()(eventOf({ id: 'a', attributes }), CONTEXT))).toEqual([]);
    expect(JSON.stringify(sqs.calls)).not.toContain('"old"');
  });

  test('stays and fails if it cannot be moved, and the log has no text of the service', async () => {
    sqs.refuse('SendMessage');
    expect(await failuresOf(aHandler()(eventOf({ id: 'a', attributes: REJECTED }), CONTEXT))).toEqual(['a']);
    expect(log.requests()).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        message: 'messages not moved to the dead-letter queue',
        messageId: 'a',
        error: 'InvalidMessageContents',
      }),
    );
    expect(JSON.stringify(log.records())).not.toContain('the text of the payload');
  });
});

describe('a message that the service refuses', () => {
  const refusing = refuse(400, 'ValidationError', 'the text of the payload');
  /** Accepts messages whose ID is `good`, and refuses all others. */
  const mixed: typeof ACCEPT = (response, request) =>
    (request.headers['x-amzn-sagemaker-inference-id'] === 'good' ? ACCEPT : refusing)(response, request);

  test('moves at its third receive, if another message was accepted since the last one', async () => {
    server.answerWith(mixed);
    const handler = aHandler();
    expect(await failuresOf(handler(eventOf({ id: 'good' }, { id: 'bad', receives: 2 }), CONTEXT))).toEqual(['bad']);
    expect(await failuresOf(handler(eventOf({ id: 'bad', receives: 3 }), CONTEXT))).toEqual([]);
    const [moved] = sqs.inputs('SendMessage') as { MessageAttributes: { DeadLetterReason: { StringValue: string } } }[];
    expect(moved!.MessageAttributes.DeadLetterReason.StringValue).toBe(
      'ValidationError: SageMaker refused the request 3 times with HTTP 400, and accepted others',
    );
  });

  test('stays however often, if nothing was accepted: the endpoint may be gone', async () => {
    server.answerWith(refusing);
    const handler = aHandler();
    for (const receives of [1, 2, 3, 10, 60])
      expect(await failuresOf(handler(eventOf({ id: 'bad', receives }), CONTEXT))).toEqual(['bad']);
    expect(sqs.inputs('SendMessage')).toEqual([]);
  });

  test('stays if the last acceptance was before its last receive', async () => {
    server.answerWith(mixed);
    const handler = aHandler();
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now - 61_000);
    await handler(eventOf({ id: 'good' }), CONTEXT);
    clock.mockRestore();
    expect(await failuresOf(handler(eventOf({ id: 'bad', receives: 3 }), CONTEXT))).toEqual(['bad']);
  });
});

describe('a message that may succeed later', () => {
  test.each([
    [503, 'ServiceUnavailable'],
    [429, 'ThrottlingException'],
    [400, 'ThrottlingException'],
    [500, 'InternalFailure'],
  ])('stays after HTTP %d %s, although others were accepted', async (status, type) => {
    const handler = aHandler();
    await handler(eventOf({ id: 'good' }), CONTEXT);
    server.answerWith(refuse(status, type));
    expect(await failuresOf(handler(eventOf({ id: 'a', receives: 60 }), CONTEXT))).toEqual(['a']);
    expect(sqs.inputs('SendMessage')).toEqual([]);
    expect(log.text()).not.toContain('dead-letter');
  });

  test('is hidden for 30 seconds, and twice as long each time, up to ten minutes', async () => {
    server.answerWith(refuse(503, 'ServiceUnavailable'));
    const messages = [1, 2, 3, 5, 6, 68].map((receives) => ({ id: `m${receives}`, receives }));
    await aHandler()(eventOf(...messages), CONTEXT);
    const [{ QueueUrl, Entries }] = sqs.inputs('ChangeMessageVisibilityBatch') as [
      { QueueUrl: string; Entries: { Id: string; ReceiptHandle: string; VisibilityTimeout: number }[] },
    ];
    expect(QueueUrl).toBe(QUEUE_URL);
    expect(new Set(Entries.map(({ Id }) => Id)).size).toBe(6);
    expect(Object.fromEntries(Entries.map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]))).toEqual({
      'receipt of m1': 30,
      'receipt of m2': 60,
      'receipt of m3': 120,
      'receipt of m5': 480,
      'receipt of m6': 600,
      'receipt of m68': 600,
    }); // prettier-ignore
  });

  test('blocks its FIFO group, and no other', async () => {
    server.answerWith((response, request) =>
      (request.headers['x-amzn-sagemaker-inference-id'] === 'a' ? refuse(503, 'ServiceUnavailable') : ACCEPT)(
        response,
        request,
      ),
    );
    const messages = eventOf({ id: 'a', group: 'g' }, { id: 'b', group: 'g' }, { id: 'c', group: 'h' });
    expect(await failuresOf(aHandler()(messages, CONTEXT))).toEqual(['a', 'b']);
  });

  test('comes again with the visibility timeout of the queue if it cannot be hidden', async () => {
    server.answerWith(refuse(503, 'ServiceUnavailable'));
    sqs.refuse('ChangeMessageVisibilityBatch');
    expect(await failuresOf(aHandler()(eventOf({ id: 'a' }), CONTEXT))).toEqual(['a']);
    expect(log.requests().at(-1)).toMatchObject({
      level: 'ERROR',
      message: 'messages not hidden until their retry',
      messageId: 'a',
    });
  });
});

test('a batch of ten has a log of at most 150 bytes per request, with its metrics', async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b${10 + index}`);
  expect(await failuresOf(aHandler()(eventOf(...ids.map((id) => ({ id }))), CONTEXT))).toEqual([]);
  expect(Buffer.byteLength(log.text()) / ids.length).toBeLessThan(150);
  expect(log.records().flatMap(publishedMetrics)).toMatchObject([
    { name: 'Invocations', dimensions: { EndpointName: 'summaries' }, values: [10] },
    { name: 'InlineBytes', dimensions: { EndpointName: 'summaries' }, values: Array(10).fill(4) },
  ]);
});

test('an event that is not of a queue is an error', async () => {
  await expect(aHandler()({ Body: 'x' }, CONTEXT)).rejects.toThrow('give the event of an SQS queue');
});
