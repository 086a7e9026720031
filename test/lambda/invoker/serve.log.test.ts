import { invokerHandler } from '../../../lambda/invoker/handler';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { INVOKER_METRIC_NAMESPACE, INVOKER_METRICS } from '../../../lib/contract/invoker';
import { httpApiEvent, sqsEvent } from '../../support/events';
import { captureLog } from '../../support/log-capture';
import type { Answer, Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';

const CONTEXT = { awsRequestId: '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', getRemainingTimeInMillis: () => 30_000 };
const CONFIG: InvokerConfig = { endpointName: 'summaries', defaultContentType: 'text/plain' };
const CANARY = 'canary-5f2a';

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

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

/** What CloudWatch makes of a line: each metric with the values of its dimensions. */
function metricsOf(line: Record<string, unknown>): string[] {
  const { CloudWatchMetrics: directives, Timestamp: timestamp } = line._aws as {
    CloudWatchMetrics: Directive[];
    Timestamp: number;
  };
  expect(Math.abs(timestamp - Date.now())).toBeLessThan(60_000);
  return directives.flatMap(({ Namespace: namespace, Dimensions: sets, Metrics: metrics }) =>
    sets.flatMap((set) =>
      metrics.map(({ Name, Unit }) => {
        expect([namespace, Unit]).toEqual([
          INVOKER_METRIC_NAMESPACE,
          INVOKER_METRICS[Name as keyof typeof INVOKER_METRICS],
        ]);
        return `${Name} ${set.map((dimension) => line[dimension]).join(' ')} = ${String(line[Name])}`;
      }),
    ),
  );
}

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

test('each message of a batch has its own log line', async () => {
  await handle(
    sqsEvent([
      { body: 'a', messageId: 'one' },
      { body: 'x'.repeat(128_001), messageId: 'two' },
    ]),
    CONTEXT,
  );
  expect(log.records()).toHaveLength(2);
  expect(log.records()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        messageId: 'one',
        level: 'INFO',
        path: 'inline',
        bytes: 1,
        attempts: 1,
        requestId: CONTEXT.awsRequestId,
      }),
      expect.objectContaining({ messageId: 'two', level: 'WARN', error: 'PayloadTooLargeError', bytes: 128_001 }),
    ]),
  );
});

test('the line of a rejected request has the reason', async () => {
  await expect(handle({ Body: 'x', Filename: 'a.b.c' }, CONTEXT)).rejects.toThrow();
  expect(log.records()).toMatchObject([
    { level: 'WARN', reason: expect.stringContaining('Filename is "a.b.c"') as string },
  ]);
});

test('the log line of a request that was accepted without a location says so', async () => {
  server.answerWith((response) => response.writeHead(202).end('{"InferenceId":"order-1"}'));
  await expect(handle({ Body: 'x' }, CONTEXT)).rejects.toThrow();
  expect(log.records()).toMatchObject([
    { message: 'service response unusable', reason: expect.stringContaining('inference order-1') as string },
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
