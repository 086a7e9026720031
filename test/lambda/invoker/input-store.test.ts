import { createHash } from 'node:crypto';
import { invokerHandler } from '../../../lambda/invoker/handler';
import { storeInput } from '../../../lambda/invoker/input-store';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { httpApiEvent, sqsEvent } from '../../support/events';
import { captureLog } from '../../support/log-capture';
import type { S3Server } from '../../support/s3-server';
import { startS3 } from '../../support/s3-server';
import type { Answer, Server } from '../../support/sagemaker-runtime-server';
import { refuse, startServer } from '../../support/sagemaker-runtime-server';

const CONTEXT = { awsRequestId: '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', getRemainingTimeInMillis: () => 5_000 };
const CONFIG: InvokerConfig = {
  endpointName: 'summaries',
  defaultContentType: 'text/plain',
  inputPolicy: 'by-size',
  inputBucket: 'inputs',
  inputPrefix: 'summaries/',
};
const LARGE = 'canary '.repeat(20_000);
const LOCATION = 'x-amzn-sagemaker-inputlocation';

let server: Server;
let s3: S3Server;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  const requestHandler = { requestTimeout: 100, throwOnRequestTimeout: true };
  [server, s3] = await Promise.all([startServer({ maxAttempts: 3, requestHandler }), startS3()]);
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL_S3: s3.url,
  });
  log = captureLog();
});
beforeEach(() => {
  server.clear();
  s3.clear();
  log.clear();
});
afterAll(async () => {
  log.release();
  await Promise.all([server.stop(), s3.stop()]);
});

const handle = (event: unknown, config: Partial<InvokerConfig> = {}) =>
  invokerHandler({ client: server.client, config: { ...CONFIG, ...config }, storeInput })(event, CONTEXT);
const invoke = (event: object, config?: Partial<InvokerConfig>) => handle({ InferenceId: 'order-1', ...event }, config);
const location = () => String(server.received[0]?.headers[LOCATION]);
const stored = () => s3.objects.get(location().replace('s3://', ''));

describe('by size', () => {
  test('128,000 bytes go inline and one more goes through S3', async () => {
    await invoke({ Body: 'x'.repeat(128_000) });
    expect(s3.calls).toEqual([]);
    expect(server.received[0]!.headers).not.toHaveProperty(LOCATION);
    server.clear();
    await invoke({ Body: 'x'.repeat(128_001), ContentType: 'text/csv' });
    expect(stored()).toEqual({ body: Buffer.from('x'.repeat(128_001)), contentType: 'text/csv' });
    expect(server.received[0]!.body).toHaveLength(0);
  });

  test('callers through HTTP and SQS send payloads of any size too', async () => {
    expect(await handle(httpApiEvent({ body: LARGE }))).toMatchObject({ statusCode: 202 });
    expect(stored()?.body.toString()).toBe(LARGE);
    server.clear();
    expect(await handle(sqsEvent([{ body: LARGE }]))).toEqual({ batchItemFailures: [] });
    expect(stored()?.body.toString()).toBe(LARGE);
  });

  test('an empty payload is rejected', async () => {
    await expect(invoke({ Body: '' })).rejects.toThrow('the payload is empty');
    expect(s3.calls).toEqual([]);
  });

  test('the payload of an invalid request is not uploaded', async () => {
    await expect(invoke({ Body: LARGE, RequestTTLSeconds: 1 })).rejects.toThrow('RequestTTLSeconds');
    expect(s3.calls).toEqual([]);
  });
});

test('always through S3: only the location of the payload differs', async () => {
  const event = {
    Body: { text: 'hé' },
    Accept: 'text/plain',
    CustomAttributes: 'trace=7',
    RequestTTLSeconds: 60,
    Filename: 'f',
  };
  await invoke(event, { inputPolicy: 'inline' });
  await invoke(event, { inputPolicy: 'always-s3' });
  const [inline, throughS3] = server.received.map(({ headers, body }) => ({
    members: Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amzn-sagemaker-'))),
    body,
  }));
  const { [LOCATION]: where, ...members } = throughS3!.members;
  expect(members).toEqual(inline!.members);
  expect(s3.objects.get(String(where).replace('s3://', ''))).toEqual({
    body: inline!.body,
    contentType: 'application/json',
  });
});

describe('the key', () => {
  test('has the date and the InferenceId, and is unique for each upload', async () => {
    await invoke({ Body: LARGE });
    await invoke({ Body: LARGE });
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    expect([...s3.objects.keys()]).toHaveLength(2);
    for (const key of s3.objects.keys())
      expect(key).toMatch(new RegExp(`^inputs/summaries/${today}/order-1/[0-9a-f-]{36}$`));
  });

  test.each(['../x', 'a/b', 'a b', 'a?b#c', '.'])(
    'has a hash of an InferenceId that is not a safe name: %s',
    async (InferenceId) => {
      await invoke({ Body: LARGE, InferenceId });
      expect(location().split('/').at(-2)).toBe(createHash('sha256').update(InferenceId).digest('hex'));
      expect(stored()).toBeDefined();
    },
  );

  test('has no prefix if none is given', async () => {
    await invoke({ Body: LARGE }, { inputPrefix: undefined });
    expect(location()).toMatch(/^s3:\/\/inputs\/\d{4}\//);
  });
});

describe('an upload whose request fails', () => {
  test.each<[string, Answer]>([
    ['is refused', refuse(400, 'ValidationError')],
    ['is denied', refuse(403, 'AccessDeniedException')],
  ])('is removed if the request %s', async (_, answer) => {
    server.answerWith(answer);
    await expect(invoke({ Body: LARGE })).rejects.toThrow();
    expect(s3.calls).toEqual(['PUT', 'DELETE']);
    expect(s3.objects.size).toBe(0);
  });

  test.each<[string, Answer]>([
    ['fails at the service', refuse(500, 'InternalFailure')],
    ['finds the service unavailable', refuse(503, 'ServiceUnavailable')],
    ['fails in a way that is not tried again', refuse(501, 'NotImplemented')],
    ['loses its connection', (response) => response.socket?.destroy()],
    ['gets no answer', () => undefined],
    ['gets an unreadable answer', (response) => response.writeHead(202).end('<html>')],
    ['gets no location', (response) => response.writeHead(202).end('{}')],
    [
      'is refused after an attempt without an answer',
      (response, request) => {
        if (server.received.length === 1) response.socket?.destroy();
        else refuse(400, 'ValidationError')(response, request);
      },
    ],
  ])('stays if the request %s, since it may have been accepted', async (_, answer) => {
    server.answerWith(answer);
    await expect(invoke({ Body: LARGE })).rejects.toThrow();
    expect(s3.calls).toEqual(['PUT']);
    expect(s3.objects.size).toBe(1);
  });

  test('and cannot be removed does not hide the error', async () => {
    server.answerWith((response, request) => {
      s3.refuseWith(403, 'AccessDenied');
      refuse(400, 'ValidationError')(response, request);
    });
    await expect(invoke({ Body: LARGE })).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

test.each([
  [403, 'AccessDenied', 502],
  [503, 'SlowDown', 503],
])('an upload that fails with status %d sends nothing to the endpoint', async (status, code, answered) => {
  s3.refuseWith(status, code);
  await expect(invoke({ Body: LARGE })).rejects.toMatchObject({ name: code });
  expect(await handle(httpApiEvent({ body: LARGE }))).toMatchObject({ statusCode: answered });
  expect(server.received).toEqual([]);
});

test('a direct caller may give an InputLocation under the allowed prefixes, and nowhere else', async () => {
  const config: Partial<InvokerConfig> = {
    inputPolicy: 'inline',
    inputLocationPrefixes: ['s3://kept/a/', 's3://kept/b/'],
  };
  await invoke({ InputLocation: 's3://kept/b/1.json' }, config);
  expect(location()).toBe('s3://kept/b/1.json');
  await expect(invoke({ InputLocation: 's3://kept/c/1.json' }, config)).rejects.toThrow(
    'give an object under s3://kept/a/ or s3://kept/b/',
  );
  await expect(invoke({ InputLocation: 's3://kept/b/1.json', Body: 'x' }, config)).rejects.toThrow(
    'Body and InputLocation are mutually exclusive: give one of',
  );
});

test('the log has the path and its metric, and nothing of the payload', async () => {
  await invoke({ Body: LARGE });
  await invoke({ Body: 'canary' });
  expect(log.requests()).toMatchObject([
    { path: 's3', bytes: LARGE.length, S3Fallbacks: 1, Invocations: 1 },
    { path: 'inline', bytes: 6, InlineBytes: [6], Invocations: 1 },
  ]);
  expect(log.text()).not.toContain('canary');
});
