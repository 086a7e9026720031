import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { invokerHandler } from '../../../../lambda/invoker/handler';
import type { InvokerConfig } from '../../../../lib/contract/invoker';
import { TRUSTED_SQS_ATTRIBUTES } from '../../../../lib/contract/sqs-attributes';
import type { Message } from '../../../support/events';
import { sqsEvent } from '../../../support/events';
import { captureLog } from '../../../support/log-capture';
import type { Server } from '../../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../../support/sagemaker-runtime-server';
import { CHARACTER } from '../../../support/character';

const CONTEXT = { awsRequestId: '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', getRemainingTimeInMillis: () => 30_000 };
const CONFIG: InvokerConfig = { endpointName: 'summaries', defaultContentType: 'text/plain' };
const PREFIX = 'x-amzn-sagemaker-';

let server: Server;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  server = await startServer();
  log = captureLog();
});
beforeEach(() => {
  server.clear();
  log.clear();
});
afterAll(async () => {
  log.release();
  await server.stop();
});

async function failuresOf(
  messages: readonly Message[],
  { queue = 'requests', context = CONTEXT, ...config }: Options = {},
): Promise<string[]> {
  const answer = await invokerHandler({ client: server.client, config: { ...CONFIG, ...config } })(
    sqsEvent(messages, queue),
    context,
  );
  return (answer as { batchItemFailures: { itemIdentifier: string }[] }).batchItemFailures.map(
    ({ itemIdentifier }) => itemIdentifier,
  );
}
type Options = Partial<InvokerConfig> & { readonly queue?: string; readonly context?: typeof CONTEXT };

const TRUSTING = { trustedSqsAttributes: TRUSTED_SQS_ATTRIBUTES };

const bodies = () => server.received.map(({ body }) => body.toString());

test('the body is the payload and the attributes are the members', async () => {
  const attributes = {
    ContentType: 'text/x-french',
    Accept: 'application/json',
    CustomAttributes: 'trace=7',
    InferenceId: 'order-1',
    RequestTTLSeconds: 60,
    InvocationTimeoutSeconds: '3600',
    S3OutputPathExtension: 'team/a',
    Filename: 'order-1.json',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  };
  expect(await failuresOf([{ body: 'bonjour', attributes }], TRUSTING)).toEqual([]);
  expect(server.received).toHaveLength(1);
  expect(server.received[0]).toMatchObject({
    body: Buffer.from('bonjour'),
    headers: {
      [`${PREFIX}content-type`]: 'text/x-french',
      [`${PREFIX}accept`]: 'application/json',
      [`${PREFIX}custom-attributes`]: 'trace=7',
      [`${PREFIX}inference-id`]: 'order-1',
      [`${PREFIX}requestttlseconds`]: '60',
      [`${PREFIX}invocationtimeoutseconds`]: '3600',
      [`${PREFIX}s3outputpathextension`]: 'team/a',
      [`${PREFIX}filename`]: 'order-1.json',
    },
  });
});

test('any text arrives unchanged, and any bytes arrive through base64', () =>
  fc.assert(
    fc.asyncProperty(
      fc.string({ unit: CHARACTER, minLength: 1 }),
      fc.uint8Array({ minLength: 1 }),
      async (text, bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        expect(
          await failuresOf(
            [
              { body: text, group: 'g' },
              { body: base64, attributes: { BodyEncoding: 'base64' }, group: 'g' },
            ],
            FIFO,
          ),
        ).toEqual([]);
        expect(server.received.splice(0).map(({ body }) => body)).toEqual([Buffer.from(text), Buffer.from(bytes)]);
      },
    ),
  ));

test.each([(id: string) => `order-${id}`, (id: string) => `${id}-2`])(
  'a UUID with more beside it is no UUID, and its result has a name of its own',
  async (nameOf) => {
    const InferenceId = nameOf('8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11');
    await failuresOf([{ body: 'x', messageId: 'm', attributes: { InferenceId } }]);
    const name = createHash('sha256').update(InferenceId).digest('hex');
    expect(name.startsWith(server.received[0]!.headers[`${PREFIX}filename`] as string)).toBe(true);
  },
);

const FIFO = { queue: 'requests.fifo' };

test('attributes of any kind reach the service unchanged, or the message goes back to the queue', () => {
  const wire: Record<string, string> = {
    ContentType: 'content-type',
    Accept: 'accept',
    CustomAttributes: 'custom-attributes',
    InferenceId: 'inference-id',
    Filename: 'filename',
    S3OutputPathExtension: 's3outputpathextension',
    RequestTTLSeconds: 'requestttlseconds',
    InvocationTimeoutSeconds: 'invocationtimeoutseconds',
  };
  const value = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.string({ unit: CHARACTER, maxLength: 5 }),
    fc.nat(30_000).map(String),
  );
  return fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(wire)), value, async (name, text) => {
      const failures = await failuresOf([{ body: 'x', messageId: 'm', attributes: { [name]: text } }], TRUSTING);
      const received = server.received.splice(0).map(({ headers }) => headers[`${PREFIX}${wire[name]}`]);
      if (failures.length > 0) expect([failures, received]).toEqual([['m'], []]);
      else expect(received).toEqual([name === 'Accept' && text === '*/*' ? undefined : text]);
    }),
  );
});

describe('the InferenceId and the file name of a message', () => {
  const names = () =>
    server.received.map(({ headers }) => [headers[`${PREFIX}inference-id`], headers[`${PREFIX}filename`]]);

  test('are derived from the message ID, so that a repeat has the same', async () => {
    const messageId = randomUUID();
    await failuresOf([{ body: 'x', messageId }]);
    await failuresOf([{ body: 'x', messageId }]);
    expect(names()).toEqual([
      [messageId, messageId.replaceAll('-', '')],
      [messageId, messageId.replaceAll('-', '')],
    ]);
  });

  test('are the ID of the producer and its hash, so that no two IDs share a file name', async () => {
    const ids = ['order-1', 'order1', 'order/1', 'a b', randomUUID().toUpperCase(), 'x'.repeat(64)];
    for (const InferenceId of ids) await failuresOf([{ body: 'x', attributes: { InferenceId } }]);
    expect(names()).toEqual(ids.map((id) => [id, createHash('sha256').update(id).digest('hex').slice(0, 32)]));
  });

  test('do not include a file name if the stack leaves it to the service', async () => {
    await failuresOf([{ body: 'x' }], { sqsResultNaming: 'service' });
    expect(server.received[0]!.headers).not.toHaveProperty(`${PREFIX}filename`);
  });
});

describe('a message that is rejected', () => {
  test.each<[string, Omit<Message, 'messageId'>, RegExp]>([
    ['too large', { body: 'x'.repeat(128_001) }, /128001 bytes/],
    ['not base64', { body: '?', attributes: { BodyEncoding: 'base64' } }, /the message is not base64/],
    [
      'in an unknown encoding',
      { body: 'x', attributes: { BodyEncoding: 'hex' } },
      /BodyEncoding is "hex": give base64/,
    ],
    [
      'with an input in S3',
      { body: 'x', attributes: { InputLocation: 's3://b/k' } },
      /the attribute InputLocation is not supported/,
    ],
    [
      'for another endpoint',
      { body: 'x', attributes: { EndpointName: 'other' } },
      /the attribute EndpointName is not supported/,
    ],
    ['with a file name', { body: 'x', attributes: { Filename: 'f' } }, /the attribute Filename is not allowed here/],
    [
      'with an output path',
      { body: 'x', attributes: { S3OutputPathExtension: 'p' } },
      /the attribute S3OutputPathExtension is not allowed here/,
    ],
    ['with a member out of bounds', { body: 'x', attributes: { RequestTTLSeconds: 59 } }, /RequestTTLSeconds is 59/],
    ['with an id that does not fit', { body: 'x', attributes: { InferenceId: 'x'.repeat(65) } }, /InferenceId/],
  ])('goes back to the queue, and its ID and the reason are logged: %s', async (_, message, reason) => {
    expect(await failuresOf([{ body: 'before' }, { ...message, messageId: 'poison' }, { body: 'after' }])).toEqual([
      'poison',
    ]);
    expect(bodies().sort()).toEqual(['after', 'before']);
    const lines = log.requests().filter(({ level }) => level === 'WARN');
    expect(lines).toMatchObject([
      { messageId: 'poison', message: 'requests rejected', reason: expect.stringMatching(reason) as string },
    ]);
  });
});

test('the stack trusts producers with each attribute separately', async () => {
  const messages: Message[] = [
    { body: 'x', messageId: 'named', attributes: { Filename: 'f' } },
    { body: 'x', messageId: 'placed', attributes: { S3OutputPathExtension: 'p' } },
  ];
  expect(await failuresOf(messages, { trustedSqsAttributes: ['Filename'] })).toEqual(['placed']);
  expect(server.received.map(({ headers }) => headers[`${PREFIX}filename`])).toEqual(['f']);
});

describe('a malformed record', () => {
  const [whole] = sqsEvent([{ body: 'x', messageId: 'odd' }]).Records;
  const answerTo = (...odd: unknown[]) =>
    invokerHandler({ client: server.client, config: CONFIG })(
      { Records: [...sqsEvent([{ body: 'before' }]).Records, ...odd, ...sqsEvent([{ body: 'after' }]).Records] },
      CONTEXT,
    );

  test.each<[string, object, string]>([
    ['without a body', { body: undefined }, 'the message is undefined: give a string'],
    ['with a body that is no text', { body: 7 }, 'the message is a number: give a string'],
    ['with a body that is null', { body: null }, 'the message is null: give a string'],
    [
      'with an attribute that has no value',
      { messageAttributes: { ContentType: { dataType: 'Binary', binaryValue: 'eA==' } } },
      'ContentType is null: give a string',
    ],
    [
      'with an attribute that is null',
      { messageAttributes: { InferenceId: null } },
      'InferenceId is null: give a string',
    ],
    [
      'with an encoding that is no text',
      { messageAttributes: { BodyEncoding: { stringValue: {} } } },
      'the attribute BodyEncoding is an object: give base64 or leave it out',
    ],
  ])('fails alone: %s', async (_, change, reason) => {
    expect(await answerTo({ ...whole, ...change })).toEqual({ batchItemFailures: [{ itemIdentifier: 'odd' }] });
    expect(bodies().sort()).toEqual(['after', 'before']);
    expect(log.requests()).toContainEqual(expect.objectContaining({ level: 'WARN', messageId: 'odd', reason }));
  });

  test.each<[string, object]>([
    ['attributes', { messageAttributes: null, attributes: null }],
    ['the ARN of its queue', { eventSourceARN: undefined }],
    ['its source', { eventSource: undefined }],
  ])('is a request without %s', async (_, change) => {
    expect(await answerTo({ ...whole, ...change })).toEqual({ batchItemFailures: [] });
    expect(bodies().sort()).toEqual(['after', 'before', 'x']);
  });

  // Lambda takes an empty identifier for a failure of the whole batch, which loses no message.
  test.each([null, 7, {}, { ...whole, messageId: undefined, body: undefined }])(
    'makes the whole batch fail where it has no ID to report: %j',
    async (record) => {
      expect(await answerTo(record)).toEqual({ batchItemFailures: [{ itemIdentifier: '' }] });
      expect(bodies().sort()).toEqual(['after', 'before']);
    },
  );

  test('of any form does not affect other records', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.record(
            {
              messageId: fc.jsonValue(),
              body: fc.jsonValue(),
              attributes: fc.jsonValue(),
              eventSourceARN: fc.jsonValue(),
              messageAttributes: fc.dictionary(
                fc.constantFrom('InferenceId', 'Filename', 'BodyEncoding'),
                fc.jsonValue(),
              ),
            },
            { requiredKeys: [] },
          ),
        ),
        async (record) => {
          const { batchItemFailures } = (await answerTo(record)) as { batchItemFailures: unknown[] };
          expect(batchItemFailures.length).toBeLessThanOrEqual(1);
          const sent = bodies();
          server.received.length = 0;
          expect(sent).toEqual(expect.arrayContaining(['before', 'after']));
          expect(sent.length + batchItemFailures.length).toBe(3);
        },
      ),
    ));
});

describe('a FIFO queue', () => {
  const message = (group: string, index: number): Message => ({
    body: `${group}${index}`,
    messageId: `${group}${index}`,
    group,
  });

  test('keeps the order of submission within a group', async () => {
    const messages = Array.from({ length: 20 }, (_, index) =>
      ['a', 'b', 'c'].map((group) => message(group, index)),
    ).flat();
    server.answerWith((response, request) => {
      setTimeout(() => {
        ACCEPT(response, request);
      }, Math.random() * 5);
    });
    expect(await failuresOf(messages, FIFO)).toEqual([]);
    for (const group of ['a', 'b', 'c']) {
      expect(bodies().filter((body) => body.startsWith(group))).toEqual(
        messages.filter(({ group: own }) => own === group).map(({ body }) => body),
      );
    }
  });

  test('does not submit what follows a failure in its group, and submits other groups', async () => {
    const denied = refuse(403, 'AccessDeniedException');
    server.answerWith((response, request) => {
      (request.body.toString() === 'a1' ? denied : ACCEPT)(response, request);
    });
    const messages = [message('a', 0), message('b', 0), message('a', 1), message('a', 2), message('b', 1)];
    expect((await failuresOf(messages, FIFO)).sort()).toEqual(['a1', 'a2']);
    expect(bodies().sort()).toEqual(['a0', 'a1', 'b0', 'b1']);
  });

  test('is recognized by the end of its ARN', async () => {
    const queue = 'my-fifo-x';
    expect(await failuresOf([{ ...message('a', 0), body: '' }, message('a', 1)], { queue })).toEqual(['a0']);
  });

  test('is not a standard queue with message groups, which guarantee no order', async () => {
    expect(await failuresOf([{ ...message('a', 0), body: '' }, message('a', 1)])).toEqual(['a0']);
  });
});

test('at most ten messages are in flight at a time', async () => {
  let [open, most] = [0, 0];
  server.answerWith((response, request) => {
    most = Math.max(most, (open += 1));
    setTimeout(() => {
      open -= 1;
      ACCEPT(response, request);
    }, 30);
  });
  expect(await failuresOf(Array.from({ length: 60 }, () => ({ body: 'x' })))).toEqual([]);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(10);
});

test('messages that the function has no time for go back to the queue without being sent', async () => {
  await failuresOf([{ body: 'in time' }]);
  const context = { ...CONTEXT, getRemainingTimeInMillis: () => 400 };
  expect(
    await failuresOf(
      Array.from({ length: 200 }, () => ({ body: 'late' })),
      { context },
    ),
  ).toHaveLength(200);
  expect(bodies()).toEqual(['in time']);
});
