import fc from 'fast-check';
import { invokerHandler } from '../../../lambda/invoker/handler';
import type { InvokerConfig, InvokerRequest } from '../../../lib/contract/invoker';
import { captureLog } from '../../support/log-capture';
import type { Server } from '../../support/sagemaker-runtime-server';
import { refuse, startServer } from '../../support/sagemaker-runtime-server';

const CONTEXT = { awsRequestId: '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', getRemainingTimeInMillis: () => 30_000 };
const UTF16 = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 3 });

const CONFIG: InvokerConfig = { endpointName: 'summaries', defaultContentType: 'text/plain' };

let server: Server;
let handler: ReturnType<typeof invokerHandler>;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  server = await startServer();
  handler = invokerHandler({ client: server.client, config: CONFIG });
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

const invoke = (event: unknown) => handler(event, CONTEXT);
const failure = (event: unknown) =>
  invoke(event).then(
    () => {
      throw new Error('was accepted');
    },
    (error: Error) => error,
  );

async function sent(event: unknown) {
  await invoke(event);
  return server.received.splice(0)[0]!;
}

describe('the request to the service', () => {
  test('is one call with the payload as its body and every member in its header', async () => {
    const event: InvokerRequest = {
      Body: 'bonjour',
      ContentType: 'text/x-french',
      Accept: 'application/json',
      CustomAttributes: 'trace=7',
      InferenceId: 'order-1',
      RequestTTLSeconds: 60,
      InvocationTimeoutSeconds: 3600,
      S3OutputPathExtension: 'team/a',
      Filename: 'order-1.json',
    };
    const answer = await invoke(event);
    expect(answer).toEqual({
      InferenceId: 'order-1',
      OutputLocation: 's3://results/order-1.out',
      FailureLocation: 's3://results/failures/order-1.out',
    });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      path: '/endpoints/summaries/async-invocations',
      body: Buffer.from('bonjour'),
      headers: {
        'x-amzn-sagemaker-content-type': 'text/x-french',
        'x-amzn-sagemaker-accept': 'application/json',
        'x-amzn-sagemaker-custom-attributes': 'trace=7',
        'x-amzn-sagemaker-inference-id': 'order-1',
        'x-amzn-sagemaker-requestttlseconds': '60',
        'x-amzn-sagemaker-invocationtimeoutseconds': '3600',
        'x-amzn-sagemaker-s3outputpathextension': 'team/a',
        'x-amzn-sagemaker-filename': 'order-1.json',
      },
    });
  });

  test.each<[string, InvokerRequest, string, string]>([
    ['text has the default content type', { Body: 'hé' }, 'hé', 'text/plain'],
    ['a JSON value is sent as JSON', { Body: { text: 'hé' } }, '{"text":"hé"}', 'application/json'],
    ['false is a JSON value', { Body: false }, 'false', 'application/json'],
    ['zero is a JSON value', { Body: 0 }, '0', 'application/json'],
    ['an empty list is a JSON value', { Body: [] }, '[]', 'application/json'],
    [
      'a JSON value may have a type of its own',
      { Body: [1], ContentType: 'application/jsonlines' },
      '[1]',
      'application/jsonlines',
    ],
    ['bytes have the default content type', { BodyBase64: 'aGk=' }, 'hi', 'text/plain'],
  ])('%s', async (_, event, body, contentType) => {
    const request = await sent(event);
    expect(request.body.toString()).toBe(body);
    expect(request.headers['x-amzn-sagemaker-content-type']).toBe(contentType);
  });

  test('has the request ID of Lambda as its InferenceId if the caller gives none', async () => {
    expect((await sent({ Body: 'x' })).headers['x-amzn-sagemaker-inference-id']).toBe(CONTEXT.awsRequestId);
  });

  test('has the limits of the stack if the caller gives none', async () => {
    const limits = () =>
      server.received
        .splice(0)
        .map(({ headers }) => [
          headers['x-amzn-sagemaker-requestttlseconds'],
          headers['x-amzn-sagemaker-invocationtimeoutseconds'],
        ]);
    const limited = invokerHandler({
      client: server.client,
      config: { ...CONFIG, defaultRequestTtlSeconds: 600, defaultInvocationTimeoutSeconds: 90 },
    });
    await limited({ Body: 'x' }, CONTEXT);
    await limited({ Body: 'x', RequestTTLSeconds: 60, InvocationTimeoutSeconds: 1 }, CONTEXT);
    await handler({ Body: 'x' }, CONTEXT);
    expect(limits()).toEqual([
      ['600', '90'],
      ['60', '1'],
      [undefined, undefined],
    ]);
  });

  test('has no Accept header if the caller accepts anything', async () => {
    expect((await sent({ Body: 'x', Accept: '*/*' })).headers).not.toHaveProperty('x-amzn-sagemaker-accept');
  });

  test.each([
    ['ASCII', 'a', 128_000],
    ['text of two bytes a character', 'é', 64_000],
    ['text of four bytes a character', '😀', 32_000],
  ])('%s of 127,999 and 128,000 bytes goes inline and not one byte more', async (_, character, count) => {
    const full = character.repeat(count);
    const shorter = full.slice(0, -character.length) + 'x'.repeat(Buffer.byteLength(character) - 1);
    expect((await sent({ Body: shorter })).body).toHaveLength(127_999);
    expect((await sent({ Body: full })).body).toHaveLength(128_000);
    expect(await failure({ Body: `${full}x` })).toMatchObject({
      name: 'PayloadTooLargeError',
      message: expect.stringMatching(/is 128001 bytes and at most 128000 go inline: .*InputLocation/) as string,
    });
    expect(server.received).toEqual([]);
  });

  test('the limit counts the bytes that are sent: JSON with its quotes, and base64 after decoding', async () => {
    expect((await sent({ Body: ['x'.repeat(127_996)] })).body).toHaveLength(128_000);
    expect((await failure({ Body: ['x'.repeat(127_997)] })).name).toBe('PayloadTooLargeError');
    expect((await sent({ BodyBase64: Buffer.alloc(128_000).toString('base64') })).body).toHaveLength(128_000);
    expect((await failure({ BodyBase64: Buffer.alloc(128_001).toString('base64') })).name).toBe('PayloadTooLargeError');
  });

  test('any JSON value arrives as its JSON text or is rejected', () =>
    fc.assert(
      fc.asyncProperty(
        fc
          .oneof(fc.jsonValue(), fc.array(UTF16), fc.dictionary(UTF16, UTF16))
          .filter((value) => value !== null && value !== ''),
        async (Body) => {
          const result = await invoke({ Body }).catch((error: Error) => error);
          const bodies = server.received.splice(0).map(({ body }) => body.toString());
          if (result instanceof Error) {
            expect(result.name).toBe('InvalidRequestError');
            expect(bodies).toEqual([]);
          } else {
            expect(bodies).toEqual([typeof Body === 'string' ? Body : JSON.stringify(Body)]);
          }
        },
      ),
    ));

  test('any bytes arrive unchanged', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), async (bytes) => {
        expect((await sent({ BodyBase64: Buffer.from(bytes).toString('base64') })).body).toEqual(Buffer.from(bytes));
      }),
    ));
});

test('any event is either sent or rejected by a named error', () => {
  const name = fc.constantFrom(
    'Body',
    'BodyBase64',
    'InputLocation',
    'Accept',
    'InferenceId',
    'RequestTTLSeconds',
    'Filename',
    'toString',
    '__proto__',
  );
  const event = fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.jsonValue({ maxDepth: 1 }), { noNullPrototype: true }));
  return fc.assert(
    fc.asyncProperty(event, async (value) => {
      const outcome = await invoke(value).then(
        () => 'accepted',
        (error: Error) => error.name,
      );
      expect(outcome).toBe(server.received.splice(0).length === 1 ? 'accepted' : 'InvalidRequestError');
    }),
  );
});

describe('the response', () => {
  test('has no FailureLocation if the endpoint has no failure path', async () => {
    server.answerWith((response) => {
      response.writeHead(202, { 'x-amzn-sagemaker-outputlocation': 's3://results/1.out' });
      response.end('{"InferenceId":"given"}');
    });
    expect(await invoke({ Body: 'x' })).toEqual({ InferenceId: 'given', OutputLocation: 's3://results/1.out' });
  });

  test('has the InferenceId that was sent if the service does not repeat it', async () => {
    server.answerWith((response) => {
      response.writeHead(202, { 'x-amzn-sagemaker-outputlocation': 's3://results/1.out' });
      response.end('{"InferenceId":null}');
    });
    expect(await invoke({ Body: 'x', InferenceId: 'mine' })).toEqual({
      InferenceId: 'mine',
      OutputLocation: 's3://results/1.out',
    });
  });

  test('is an error if an accepted request has no output location', async () => {
    server.answerWith((response) => response.writeHead(202).end('{"InferenceId":"1"}'));
    expect(await failure({ Body: 'x' })).toMatchObject({
      name: 'MissingOutputLocationError',
      message: expect.stringContaining('inference 1') as string,
    });
  });

  test("is the service's own error, without a retry of what cannot succeed", async () => {
    server.answerWith(refuse(400, 'ValidationError', 'no such endpoint'));
    expect(await failure({ Body: 'x' })).toMatchObject({ name: 'ValidationError', message: 'no such endpoint' });
    expect(server.received).toHaveLength(1);
  });

  test('comes after a retry if the service was unavailable at first', async () => {
    server.answerWith((response) => {
      refuse(503, 'ServiceUnavailable')(response, server.received[0]!);
      server.clear();
    });
    expect(await invoke({ Body: 'x', InferenceId: 'again' })).toMatchObject({ InferenceId: 'again' });
  });
});
