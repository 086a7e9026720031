import { randomUUID } from 'node:crypto';
import { invokerHandler } from '../../../lambda/invoker/handler';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { INVOKER_METRIC_NAMESPACE, INVOKER_METRICS } from '../../../lib/contract/invoker';
import { publishedMetrics } from '../../support/embedded-metrics';
import { httpApiEvent, sqsEvent } from '../../support/events';
import { captureLog } from '../../support/log-capture';
import type { Answer, Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';

const CONTEXT = { awsRequestId: '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', getRemainingTimeInMillis: () => 30_000 };
const CONFIG: InvokerConfig = { endpointName: 'summaries', defaultContentType: 'text/plain' };
const CANARY = 'canary-5f2a';

let server: Server;
let handle: ReturnType<typeof invokerHandler>;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  server = await startServer({ maxAttempts: 1 });
  handle = invokerHandler({ client: server.client, config: CONFIG });
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

/** What CloudWatch makes of a line: the sum of each metric with the values of its dimensions. */
function metricsOf(line: Readonly<Record<string, unknown>>): string[] {
  return publishedMetrics(line).map(({ namespace, name, unit, dimensions, values }) => {
    expect([namespace, unit]).toEqual([
      INVOKER_METRIC_NAMESPACE,
      INVOKER_METRICS[name as keyof typeof INVOKER_METRICS],
    ]);
    return `${name} ${Object.values(dimensions).join(' ')} = ${values.reduce((sum, value) => sum + value)}`;
  });
}

/** A batch of SQS, whose messages have the IDs that SQS gives. */
const batchOf = (...bodies: string[]) => sqsEvent(bodies.map((body) => ({ body, messageId: randomUUID() })));

test.each<[string, unknown, Answer, string[]]>([
  ['accepted', { Body: 'four' }, ACCEPT, ['Invocations summaries = 1', 'InlineBytes summaries = 4']],
  [
    'rejected',
    { Body: '' },
    ACCEPT,
    ['Invocations summaries = 1', 'Rejections summaries = 1', 'Rejections summaries InvalidRequestError = 1'],
  ],
  [
    'too large',
    { Body: 'x'.repeat(128_001) },
    ACCEPT,
    ['Invocations summaries = 1', 'Rejections summaries = 1', 'Rejections summaries PayloadTooLargeError = 1'],
  ],
  [
    'throttled',
    { Body: 'x' },
    refuse(429, 'ThrottlingException'),
    ['Invocations summaries = 1', 'Throttles summaries = 1'],
  ],
  ['failed', { Body: 'x' }, refuse(500, 'InternalFailure'), ['Invocations summaries = 1', 'Failures summaries = 1']],
])('the log line of a request that is %s contains its metrics', async (_, event, answer, metrics) => {
  server.answerWith(answer);
  await Promise.resolve(handle(event, CONTEXT)).catch(() => undefined);
  expect(log.records().map(metricsOf)).toEqual([metrics]);
});

test.each(['inline', 'by-size', 'always-s3'] as const)(
  'a request that names an object in S3 has that path and no inline bytes, whatever the input policy: %s',
  async (inputPolicy) => {
    const config = { ...CONFIG, inputPolicy, inputLocationPrefixes: ['s3://inputs/'] };
    await invokerHandler({ client: server.client, config })({ InputLocation: 's3://inputs/1' }, CONTEXT);
    expect(server.received[0]!.headers['x-amzn-sagemaker-inputlocation']).toBe('s3://inputs/1');
    const [line] = log.records();
    expect(line).toMatchObject({ message: 'requests accepted', path: 's3' });
    expect(metricsOf(line!)).toEqual(['Invocations summaries = 1']);
  },
);

test('the requests of a batch are one line per outcome, and each has its ID, size, attempts and duration', async () => {
  server.answerWith((response, request) =>
    (request.body.toString() === 'no' ? refuse(429, 'ThrottlingException') : ACCEPT)(response, request),
  );
  const event = batchOf('a', 'bb', 'no', 'x'.repeat(128_001), '');
  await handle(event, CONTEXT);
  const [a, b, throttled, large, empty] = event.Records.map(({ messageId }) => messageId);
  const ms = expect.any(Number) as number;
  const line = (level: string, message: string, rest: object, requests: object[]) =>
    expect.objectContaining({
      level,
      message,
      requestId: CONTEXT.awsRequestId,
      ...rest,
      requests: expect.arrayContaining(requests) as object[],
    }) as object;
  expect(log.records()).toHaveLength(4);
  expect(log.records()).toEqual(
    expect.arrayContaining([
      line('INFO', 'requests accepted', { path: 'inline', Invocations: 2 }, [
        { inferenceId: a, bytes: 1, attempts: 1, ms },
        { inferenceId: b, bytes: 2, attempts: 1, ms },
      ]),
      line('ERROR', 'requests throttled', { error: 'ThrottlingException' }, [
        { inferenceId: throttled, bytes: 2, attempts: 1, ms },
      ]),
      line('WARN', 'requests rejected', { error: 'PayloadTooLargeError' }, [
        { messageId: large, bytes: 128_001, ms, reason: expect.stringContaining('128001 bytes') as string },
      ]),
      line('WARN', 'requests rejected', { error: 'InvalidRequestError' }, [
        { messageId: empty, bytes: 0, ms, reason: expect.stringContaining('empty') as string },
      ]),
    ]),
  );
  expect(log.records().flatMap(metricsOf).sort()).toEqual([
    'InlineBytes summaries = 3',
    'Invocations summaries = 1',
    'Invocations summaries = 1',
    'Invocations summaries = 1',
    'Invocations summaries = 2',
    'Rejections summaries = 1',
    'Rejections summaries = 1',
    'Rejections summaries InvalidRequestError = 1',
    'Rejections summaries PayloadTooLargeError = 1',
    'Throttles summaries = 1',
  ]);
});

test('a message whose inference has another ID is logged with both', async () => {
  await handle(sqsEvent([{ body: 'a', messageId: 'm', attributes: { InferenceId: 'order-1' } }]), CONTEXT);
  expect(log.requests()).toMatchObject([{ messageId: 'm', inferenceId: 'order-1' }]);
});

test('a line has at most 100 requests, and every request is in one line', async () => {
  const event = batchOf(...Array.from({ length: 250 }, () => 'x'));
  await handle(event, CONTEXT);
  expect(log.records().map(({ requests }) => (requests as unknown[]).length)).toEqual([100, 100, 50]);
  expect(log.records().map(metricsOf)).toEqual(
    [100, 100, 50].map((sum) => [`Invocations summaries = ${sum}`, `InlineBytes summaries = ${sum}`]),
  );
  const ids = log.requests().map(({ inferenceId }) => inferenceId as string);
  expect(ids.sort()).toEqual(event.Records.map(({ messageId }) => messageId).sort());
});

test('a line stays below the limit of Lambda, however long the reasons are', async () => {
  const wide = '\u4e16'.repeat(64);
  const odd = Object.fromEntries(
    ['ContentType', 'Accept', 'InferenceId', 'RequestTTLSeconds', 'InvocationTimeoutSeconds', 'Filename'].map(
      (name) => [name, wide],
    ),
  );
  await handle(sqsEvent(Array.from({ length: 300 }, () => ({ body: '', attributes: odd }))), CONTEXT);
  const sizes = log.records().map((line) => Buffer.byteLength(JSON.stringify(line)));
  expect(Math.max(...sizes)).toBeLessThan(256_000);
  expect(Math.max(...sizes)).toBeGreaterThan(20_000);
  expect(log.requests()).toHaveLength(300);
});

describe('the bytes of the log, with the longest name of an endpoint', () => {
  const bytesOf = async (event: unknown) => {
    await invokerHandler({ client: server.client, config: { ...CONFIG, endpointName: 'e'.repeat(63) } })(
      event,
      CONTEXT,
    );
    return Buffer.byteLength(log.text());
  };

  test.each([10, 100, 250])('are at most 150 per request in a batch of %i', async (messages) => {
    expect(
      (await bytesOf(batchOf(...Array.from({ length: messages }, () => 'x'.repeat(20_000))))) / messages,
    ).toBeLessThan(150);
  });

  test('are at most 600 for a direct call', async () => {
    expect(await bytesOf({ Body: 'x'.repeat(100_000) })).toBeLessThan(600);
  });
});

test('a batch that the deadline ends has logged in time what was accepted and what was not', async () => {
  let accept = 2;
  server.answerWith((response, request) => {
    accept -= 1;
    if (accept >= 0) ACCEPT(response, request);
  });
  const event = batchOf(...Array.from({ length: 30 }, () => 'x'));
  const end = Date.now() + 900;
  await handle(event, { ...CONTEXT, getRemainingTimeInMillis: () => end - Date.now() });
  const [first, second, ...others] = log.records();
  expect([first, second]).toMatchObject([
    { message: 'requests accepted', Invocations: 2 },
    { message: 'service unavailable', error: 'DeadlineExceededError', Invocations: 28, Failures: 28 },
  ]);
  expect(others).toEqual([]);
  expect(Date.now()).toBeLessThan(end);
});

test('the line of a rejected request has the reason', async () => {
  await expect(handle({ Body: 'x', Filename: 'a.b.c' }, CONTEXT)).rejects.toThrow();
  expect(log.requests()).toMatchObject([
    { level: 'WARN', reason: expect.stringContaining('Filename is "a.b.c"') as string },
  ]);
});

test('the log line of a request that was accepted without a location says so', async () => {
  server.answerWith((response) => response.writeHead(202).end('{"InferenceId":"order-1"}'));
  await expect(handle({ Body: 'x' }, CONTEXT)).rejects.toThrow();
  expect(log.requests()).toMatchObject([
    { message: 'service responses unusable', reason: expect.stringContaining('inference order-1') as string },
  ]);
});

test('messages of the service reach direct callers alone, since they may quote the payload', async () => {
  server.answerWith(refuse(400, 'ValidationError', CANARY));
  await expect(handle({ Body: 'x' }, CONTEXT)).rejects.toThrow(CANARY);
  expect(JSON.stringify(await handle(httpApiEvent({ body: 'x' }), CONTEXT))).not.toContain(CANARY);
  expect(log.records()).toMatchObject([{ error: 'ValidationError' }, { error: 'ValidationError' }]);
  expect(log.text()).not.toContain(CANARY);
});

const PAYLOADS = [CANARY, `${CANARY}\ud800`, CANARY.repeat(12_000)];
const CALLERS: [string, (payload: string) => unknown][] = [
  ['direct', (Body) => ({ Body, CustomAttributes: CANARY })],
  ['direct, in JSON', (text) => ({ Body: { [text]: [text, text] } })],
  ['direct, in broken base64', (BodyBase64) => ({ BodyBase64 })],
  ['direct, twice', (Body) => ({ Body, BodyBase64: Body })],
  ['direct, with attributes that are no text', (Body) => ({ Body, CustomAttributes: { [CANARY]: CANARY } })],
  ['direct, with broken attributes', (CustomAttributes) => ({ Body: CANARY, CustomAttributes })],
  ['HTTP', (body) => httpApiEvent({ body, headers: { 'x-amzn-sagemaker-custom-attributes': CANARY } })],
  ['HTTP, in bytes', (text) => httpApiEvent({ body: Buffer.from(text) })],
  [
    'HTTP, with broken attributes',
    (text) => httpApiEvent({ body: text, headers: { 'x-amzn-sagemaker-custom-attributes': text } }),
  ],
  ['SQS', (body) => sqsEvent([{ body, attributes: { CustomAttributes: CANARY } }])],
  [
    'SQS, in broken base64',
    (body) => sqsEvent([{ body, attributes: { BodyEncoding: 'base64', CustomAttributes: body } }]),
  ],
];

test.each(CALLERS)('no line, error or answer quotes a payload or its attributes: %s', async (_, eventOf) => {
  const echo: Answer = (response, { body }) => response.writeHead(202).end(`${body.toString()}<`);
  for (const answer of [ACCEPT, refuse(400, 'ValidationError'), refuse(503, 'ServiceUnavailable'), echo]) {
    server.answerWith(answer);
    for (const payload of PAYLOADS) {
      const outcome = await Promise.resolve(handle(eventOf(payload), CONTEXT)).catch(({ message, stack }: Error) => ({
        message,
        stack,
      }));
      expect(JSON.stringify(outcome)).not.toContain(CANARY);
    }
  }
  expect(log.records().length).toBe(4 * PAYLOADS.length);
  expect(log.text()).not.toContain(CANARY);
});
