import fc from 'fast-check';
import { invokerHandler } from '../../../../lambda/invoker/handler';
import type { InvokerConfig } from '../../../../lib/contract/invoker';
import { TRUSTED_HTTP_HEADERS } from '../../../../lib/contract/http-headers';
import type { HttpRequest } from '../../../support/events';
import { httpApiEvent, loadBalancerEvent, restApiEvent } from '../../../support/events';
import { captureLog } from '../../../support/log-capture';
import type { Answer, Server } from '../../../support/sagemaker-runtime-server';
import { refuse, startServer } from '../../../support/sagemaker-runtime-server';
import { CHARACTER } from '../../../support/character';

const CONTEXT = { awsRequestId: '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', getRemainingTimeInMillis: () => 30_000 };
const CONFIG: InvokerConfig = { endpointName: 'summaries', defaultContentType: 'text/plain' };
const PREFIX = 'x-amzn-sagemaker-';

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let server: Server;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  server = await startServer({ maxAttempts: 1 });
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

async function call(event: unknown, config: Partial<InvokerConfig> = {}): Promise<HttpAnswer> {
  const handler = invokerHandler({ client: server.client, config: { ...CONFIG, ...config } });
  const { multiValueHeaders, ...answer } = (await handler(event, CONTEXT)) as HttpAnswer & {
    multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  };
  if (!multiValueHeaders) return answer;
  // A target group with multi-value headers ignores the others.
  expect(answer).not.toHaveProperty('headers');
  return {
    ...answer,
    headers: Object.fromEntries(Object.entries(multiValueHeaders).map(([name, [value]]) => [name, value!])),
  };
}

const problem = ({ body }: HttpAnswer) =>
  JSON.parse(body) as { title: string; status: number; detail: string; error: string };
const idSent = () => server.received[0]?.headers[`${PREFIX}inference-id`];

describe.each([
  ['a REST API', restApiEvent],
  ['an HTTP API or function URL', httpApiEvent],
  ['an Application Load Balancer', (request: HttpRequest) => loadBalancerEvent(request)],
  ['an Application Load Balancer with multi-value headers', (request: HttpRequest) => loadBalancerEvent(request, true)],
])('by %s', (_, event) => {
  test('the body is the payload, byte for byte, and every header of the API reaches the wire', async () => {
    const headers = {
      [`${PREFIX}content-type`]: 'text/x-french',
      [`${PREFIX}accept`]: 'application/json',
      [`${PREFIX}custom-attributes`]: 'trace=7',
      [`${PREFIX}inference-id`]: 'order-1',
      [`${PREFIX}requestttlseconds`]: '60',
      [`${PREFIX}invocationtimeoutseconds`]: '3600',
      [`${PREFIX}filename`]: 'order-1.json',
      [`${PREFIX}s3outputpathextension`]: 'team/a',
    };
    const answer = await call(event({ body: Buffer.from([0, 255, 10]), headers }), {
      trustedHttpHeaders: TRUSTED_HTTP_HEADERS,
    });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({ headers, body: Buffer.from([0, 255, 10]) });
    expect(answer).toMatchObject({
      statusCode: 202,
      headers: {
        'content-type': 'application/json',
        'x-amzn-sagemaker-outputlocation': 's3://results/order-1.out',
        'x-amzn-sagemaker-failurelocation': 's3://results/failures/order-1.out',
      },
    });
    expect(JSON.parse(answer.body)).toEqual({
      InferenceId: 'order-1',
      OutputLocation: 's3://results/order-1.out',
      FailureLocation: 's3://results/failures/order-1.out',
    });
  });

  test('any text and any bytes arrive unchanged', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: CHARACTER, minLength: 1 }),
          fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes)),
        ),
        async (body) => {
          expect((await call(event({ body }))).statusCode).toBe(202);
          expect(server.received.splice(0).map((request) => request.body)).toEqual([Buffer.from(body)]);
        },
      ),
    ));

  test('the standard HTTP headers apply if the headers of the API are absent', async () => {
    await call(event({ body: 'x', headers: { 'content-type': 'text/csv', accept: 'text/html' } }));
    expect(server.received[0]!.headers).toMatchObject({
      [`${PREFIX}content-type`]: 'text/csv',
      [`${PREFIX}accept`]: 'text/html',
    });
    server.clear();
    await call(event({ body: 'x', headers: { accept: '*/*' } }));
    expect(server.received[0]!.headers[`${PREFIX}content-type`]).toBe('text/plain');
    expect(server.received[0]!.headers).not.toHaveProperty(`${PREFIX}accept`);
  });

  test('a body of the limit is accepted, and a larger one gets status 413', async () => {
    expect((await call(event({ body: 'é'.repeat(64_000) }))).statusCode).toBe(202);
    const answer = await call(event({ body: Buffer.alloc(128_001) }));
    expect(answer).toMatchObject({ statusCode: 413, headers: { 'content-type': 'application/problem+json' } });
    expect(problem(answer)).toEqual({
      type: 'about:blank',
      title: 'Payload Too Large',
      status: 413,
      detail: expect.stringContaining('128001') as string,
      error: 'PayloadTooLargeError',
    });
  });

  test.each<[string, HttpRequest, number, RegExp]>([
    ['no body', {}, 400, /the payload is empty/],
    ['a body that was cut off inside a character', { body: 'a\ud800' }, 400, /half a surrogate pair/],
    [
      'a TTL that is no number',
      { body: 'x', headers: { [`${PREFIX}requestttlseconds`]: '1e2' } },
      400,
      /RequestTTLSeconds is "1e2": give a whole/,
    ],
    [
      'a TTL out of bounds',
      { body: 'x', headers: { [`${PREFIX}requestttlseconds`]: '59' } },
      400,
      /RequestTTLSeconds is 59: give a whole/,
    ],
    [
      'an inference id that HTTP would bend',
      { body: 'x', headers: { [`${PREFIX}inference-id`]: 'é' } },
      400,
      /InferenceId is "é"/,
    ],
    [
      'a header of another API',
      { body: 'x', headers: { [`${PREFIX}target-model`]: 'm' } },
      400,
      /unknown X-Amzn-SageMaker headers \(1\): the known ones are X-Amzn-SageMaker-Content-Type, /,
    ],
    [
      'a filename',
      { body: 'x', headers: { [`${PREFIX}filename`]: 'f' } },
      400,
      /X-Amzn-SageMaker-Filename is not allowed here/,
    ],
    [
      'an output path',
      { body: 'x', headers: { [`${PREFIX}s3outputpathextension`]: 'p' } },
      400,
      /S3OutputPathExtension is not allowed here/,
    ],
    [
      'an input location',
      { headers: { [`${PREFIX}inputlocation`]: 's3://b/k' } },
      400,
      /InputLocation is not allowed here/,
    ],
    [
      'a compressed body',
      { body: 'x', headers: { 'content-encoding': 'gzip' } },
      415,
      /Content-Encoding is "gzip": send the payload as it is/,
    ],
    [
      'a compressed body with other faults',
      { headers: { 'content-encoding': 'gzip' } },
      400,
      /Content-Encoding is "gzip".*\n.*empty/,
    ],
  ])('%s gets a problem response', async (__, request, status, detail) => {
    const answer = await call(event(request));
    expect(answer).toMatchObject({ statusCode: status, headers: { 'content-type': 'application/problem+json' } });
    expect(problem(answer)).toMatchObject({ status, detail: expect.stringMatching(detail) as string });
    expect(server.received).toEqual([]);
  });

  test.each<[string, Answer, number, boolean]>([
    ['throttled', refuse(429, 'ThrottlingException'), 429, true],
    ['throttled in the old way', refuse(400, 'ThrottlingException'), 429, true],
    ['throttled by a proxy', (response) => response.writeHead(429).end('<html>'), 429, true],
    ['failing', refuse(500, 'InternalFailure'), 503, true],
    ['unavailable', refuse(503, 'ServiceUnavailable'), 503, true],
    ['cut off', (response) => response.socket?.destroy(), 503, true],
    ['behind a broken proxy', (response) => response.writeHead(503).end('<html>'), 503, true],
    ['refused', refuse(403, 'AccessDeniedException', 'arn:aws:sts::111122223333:role/x may not'), 502, false],
    ['not found', refuse(400, 'ValidationError'), 502, false],
    ['redirected', (response) => response.writeHead(302, { location: '/' }).end(), 502, false],
    ['refused by a proxy', (response) => response.writeHead(403).end('<html>'), 502, false],
  ])('a call that is %s gets the status of its failure', async (__, answer, status, isRetryable) => {
    server.answerWith(answer);
    const got = await call(event({ body: 'x' }));
    expect(got.statusCode).toBe(status);
    expect(got.headers['retry-after']).toBe(isRetryable ? '1' : undefined);
    expect(got.body).not.toMatch(/arn:aws|<html>/);
    expect(problem(got).detail).toMatch(
      isRetryable ? /retry/ : /did not accept the request: see the logs of the invoker/,
    );
  });

  test.each<[string, Answer]>([
    ['without a location', (response) => response.writeHead(202).end('{}')],
    ['with nonsense', (response) => response.writeHead(202).end('<html>')],
  ])('the response to an acceptance %s says that the request may have been accepted', async (_, answer) => {
    server.answerWith(answer);
    const got = await call(event({ body: 'x' }));
    expect(got.statusCode).toBe(502);
    expect(got.headers).not.toHaveProperty('retry-after');
    expect(problem(got).detail).toMatch(/^the endpoint may have accepted the request, /);
  });

  test.each([7, true, {}, ['x']])('a body that is not a string gets status 400: %j', async (body) => {
    const answer = await call({ ...event({}), body });
    expect(problem(answer)).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/^the body is .*: give a string$/),
    });
    const encoded = await call({ ...event({}), body, isBase64Encoded: true });
    expect(problem(encoded)).toMatchObject({ status: 400, detail: expect.stringMatching(/^the body is not base64/) });
    expect(server.received).toEqual([]);
  });

  test.each([
    'content-type',
    'idempotency-key',
    'content-encoding',
    `${PREFIX}custom-attributes`,
    `${PREFIX}requestttlseconds`,
  ])('a header that is not a string gets status 400: %s', async (name) => {
    const answer = await call({ ...event({ body: 'x' }), multiValueHeaders: undefined, headers: { [name]: { a: 1 } } });
    expect([400, 415]).toContain(answer.statusCode);
    expect(server.received).toEqual([]);
  });
});

test('the values of a header that a REST API lists twice are joined, as in other gateways', async () => {
  const { multiValueHeaders, ...event } = restApiEvent({ body: 'x', headers: { accept: 'text/csv' } });
  await call({ ...event, multiValueHeaders: { ...multiValueHeaders, ACCEPT: ['text/plain', 'text/csv'] } });
  await call({ ...event, multiValueHeaders: null });
  expect(server.received.map(({ headers }) => headers[`${PREFIX}accept`])).toEqual([
    'text/plain, text/csv',
    'text/csv',
  ]);
});

describe('the InferenceId of a call', () => {
  test('is its own, else its Idempotency-Key, else the request ID of the gateway', async () => {
    const headers = { [`${PREFIX}inference-id`]: 'mine', 'idempotency-key': 'key-1' };
    await call(httpApiEvent({ body: 'x', headers }));
    expect(idSent()).toBe('mine');
    server.clear();
    await call(httpApiEvent({ body: 'x', headers: { 'idempotency-key': 'key-1' } }));
    expect(idSent()).toBe('key-1');
    server.clear();
    await call(restApiEvent({ body: 'x' }));
    expect(idSent()).toBe('4d1b6b7e-3f0a-4c8e-9b1a-6f2d3e4c5b6a');
  });

  test('is the hash of an Idempotency-Key that does not fit', async () => {
    for (const key of ['k'.repeat(65), 'schlüssel', '']) {
      await call(httpApiEvent({ body: 'x', headers: { 'idempotency-key': key } }));
      await call(httpApiEvent({ body: 'x', headers: { 'idempotency-key': key } }));
      const [first, second] = server.received.splice(0).map(({ headers }) => headers[`${PREFIX}inference-id`]);
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(second).toBe(first);
    }
  });

  test('is the request ID of Lambda if the gateway has none that fits', async () => {
    const { requestContext, ...event } = httpApiEvent({ body: 'x' });
    await call({ ...event, requestContext: { ...requestContext, requestId: undefined } });
    expect(idSent()).toBe(CONTEXT.awsRequestId);
  });
});

describe('an input location', () => {
  const config: Partial<InvokerConfig> = {
    trustedHttpHeaders: ['X-Amzn-SageMaker-InputLocation'],
    inputLocationPrefixes: ['s3://inputs/mine/'],
  };
  const located = (location: string, body?: string) =>
    httpApiEvent({ body, headers: { [`${PREFIX}inputlocation`]: location } });

  test('replaces the body if the stack allows both the header and the prefix', async () => {
    expect((await call(located('s3://inputs/mine/1.json'), config)).statusCode).toBe(202);
    expect(server.received[0]).toMatchObject({
      headers: { [`${PREFIX}inputlocation`]: 's3://inputs/mine/1.json' },
      body: Buffer.alloc(0),
    });
  });

  test.each(['s3://inputs/mine', 's3://inputs/mine-too/1', 's3://inputs/other/1', 's3://inputs-mine/1'])(
    'is rejected elsewhere: %s',
    async (location) => {
      const answer = await call(located(location), config);
      expect(problem(answer)).toMatchObject({
        status: 400,
        detail: expect.stringMatching(/give an object under s3:\/\/inputs\/mine\//) as string,
      });
    },
  );

  test('is rejected together with a body', async () => {
    expect(problem(await call(located('s3://inputs/mine/1', 'x'), config)).detail).toBe(
      'a body and InputLocation are mutually exclusive: give one of them',
    );
  });
});

test('header values of any kind reach the service unchanged or are rejected', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom('content-type', 'accept', 'custom-attributes', 'inference-id'),
      fc.string({ unit: fc.nat(0xff).map((code) => String.fromCharCode(code)), maxLength: 70 }),
      async (name, value) => {
        const answer = await call(httpApiEvent({ body: 'x', headers: { [`${PREFIX}${name}`]: value } }));
        const received = server.received.splice(0).map(({ headers }) => headers[`${PREFIX}${name}`]);
        if (answer.statusCode === 202)
          expect(received).toEqual([name === 'accept' && value === '*/*' ? undefined : value]);
        else expect([answer.statusCode, received]).toEqual([400, []]);
      },
    ),
  ));

test('the events of other gateways and services are rejected with the forms that are supported', async () => {
  const others: unknown[] = [
    { httpMethod: 'POST', requestContext: { identity: {} }, headers: {}, body: 'x' },
    { httpMethod: 'POST', requestContext: null, headers: {}, body: 'x' },
    { version: '2.0', requestContext: { apiId: 'a' }, headers: {}, body: 'x' },
    { Records: [{ EventSource: 'aws:sns', Sns: { Message: 'x' } }] },
    { Records: [] },
    { version: '0', 'detail-type': 'Object Created', source: 'aws.s3', detail: {} },
  ];
  for (const event of others)
    await expect(call(event)).rejects.toThrow(
      /none of the known forms: give a direct call such as .* function URL, .* Load Balancer, or the event of an SQS queue/,
    );
  expect(server.received).toEqual([]);
});
