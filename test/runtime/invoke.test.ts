import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import { MAX_INLINE_PAYLOAD_BYTES, PayloadTooLargeError, invokeAsync } from '../../runtime';
import type { InferenceRequest } from '../../runtime';
import type { Server } from '../support/sagemaker-runtime-server';
import { startServer } from '../support/sagemaker-runtime-server';
import { startObjectStore } from '../support/object-store';

let server: Server;
let store: Awaited<ReturnType<typeof startObjectStore>>;
let sagemaker: SageMakerRuntime;
beforeAll(async () => {
  [server, store] = await Promise.all([startServer(), startObjectStore()]);
  sagemaker = new SageMakerRuntime({
    region: 'eu-west-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
});
afterAll(async () => {
  sagemaker.destroy();
  await Promise.all([server.stop(), store.stop()]);
});
beforeEach(() => {
  server.clear();
  store.objects.clear();
});

const request = (Body: InferenceRequest['Body'], members: Partial<InferenceRequest> = {}) => ({
  EndpointName: 'languages',
  Body,
  ...members,
});

test('sends a payload inline, with the members that it is given', async () => {
  const accepted = await invokeAsync(
    request('grüezi', { InferenceId: 'id-1', ContentType: 'text/plain', Filename: 'a.json' }),
    { sagemaker },
  );
  expect(accepted).toMatchObject({
    InferenceId: 'id-1',
    OutputLocation: 's3://results/id-1.out',
    FailureLocation: 's3://results/failures/id-1.out',
  });
  expect(server.received).toHaveLength(1);
  const { path, headers, body } = server.received[0]!;
  expect(path).toBe('/endpoints/languages/async-invocations');
  expect(body.toString()).toBe('grüezi');
  expect(headers).toMatchObject({
    'x-amzn-sagemaker-content-type': 'text/plain',
    'x-amzn-sagemaker-filename': 'a.json',
  });
});

test('each request has an InferenceId of its own', async () => {
  await invokeAsync(request('x'), { sagemaker });
  await invokeAsync(request('x', { InferenceId: undefined }), { sagemaker });
  const ids = server.received.map(({ headers }) => headers['x-amzn-sagemaker-inference-id']);
  expect(new Set(ids).size).toBe(2);
  ids.forEach((id) => expect(id).toMatch(/^[0-9a-f-]{36}$/));
});

test('returns the last moment at which a result may come', async () => {
  const { AnswerBy } = await invokeAsync(request('x', { RequestTTLSeconds: 60, InvocationTimeoutSeconds: 30 }), {
    sagemaker,
  });
  expect(Math.abs(Date.parse(AnswerBy!) - Date.now() - 150_000)).toBeLessThan(10_000);
  const byDefault = await invokeAsync(request('x'), { sagemaker });
  expect(Math.abs(Date.parse(byDefault.AnswerBy!) - Date.now() - (21_600 + 900 + 60) * 1000)).toBeLessThan(10_000);
});

describe('the limit counts bytes', () => {
  const large = () => ({ s3: store.client, prefix: 's3://inputs/some/' });

  test.each([
    [MAX_INLINE_PAYLOAD_BYTES - 1, 'x'],
    [MAX_INLINE_PAYLOAD_BYTES, 'x'],
    [MAX_INLINE_PAYLOAD_BYTES / 2, 'é'],
  ])('%i times %s goes inline', async (times, character) => {
    await invokeAsync(request(character.repeat(times)), { sagemaker, large: large() });
    expect(server.received[0]!.body.length).toBe(Buffer.byteLength(character) * times);
    expect(store.objects.size).toBe(0);
  });

  test.each([
    [MAX_INLINE_PAYLOAD_BYTES + 1, 'x'],
    [MAX_INLINE_PAYLOAD_BYTES / 2 + 1, 'é'],
  ])('%i times %s goes through S3', async (times, character) => {
    await invokeAsync(request(character.repeat(times), { ContentType: 'text/plain' }), { sagemaker, large: large() });
    const [[name, object]] = [...store.objects] as [[string, { body: Buffer; contentType?: string }]];
    expect(object.body.toString()).toBe(character.repeat(times));
    expect(object.contentType).toBe('text/plain');
    expect(server.received[0]!.body.length).toBe(0);
    expect(server.received[0]!.headers['x-amzn-sagemaker-inputlocation']).toBe(`s3://${name}`);
    expect(name).toMatch(/^inputs\/some\/[0-9a-f-]{36}$/);
  });

  test.each(['s3://inputs/../other/', 's3://inputs/a/./', 's3://inputs/%2e%2e/'])(
    'a prefix with a dot segment is rejected: %s',
    async (prefix) => {
      const sent = invokeAsync(request(new Uint8Array(MAX_INLINE_PAYLOAD_BYTES + 1)), {
        sagemaker,
        large: { s3: store.client, prefix },
      });
      await expect(sent).rejects.toThrow(`must not have "." or ".." as a segment, got ${prefix}`);
      expect(store.objects.size).toBe(0);
    },
  );

  test('a larger payload is rejected without the option large, with its size and what to do', async () => {
    const sent = invokeAsync(request(new Uint8Array(MAX_INLINE_PAYLOAD_BYTES + 1)), { sagemaker });
    await expect(sent).rejects.toThrow(PayloadTooLargeError);
    await expect(sent).rejects.toThrow(
      /128001 bytes and at most 128000 go inline: shorten it, or give the option "large"/,
    );
    expect(server.received).toHaveLength(0);
  });
});

test('fails on text that UTF-8 cannot represent, and sends none of it', async () => {
  await expect(invokeAsync(request('a\ud800b'), { sagemaker })).rejects.toThrow('half a surrogate pair');
  expect(server.received).toHaveLength(0);
});

test('without a failure path there is no failure location', async () => {
  server.answerWith((response) => {
    response.writeHead(202, { 'x-amzn-sagemaker-outputlocation': 's3://results/1.out' });
    response.end('{"InferenceId":null}');
  });
  const accepted = await invokeAsync(request('x', { InferenceId: 'id-1' }), { sagemaker });
  expect(accepted).toMatchObject({ InferenceId: 'id-1', OutputLocation: 's3://results/1.out' });
  expect(accepted).not.toHaveProperty('FailureLocation');
});

test('fails on an empty payload, and on a response without an OutputLocation', async () => {
  await expect(invokeAsync(request(''), { sagemaker })).rejects.toThrow('the payload is empty');
  server.answerWith((response) => response.writeHead(202).end('{}'));
  await expect(invokeAsync(request('x', { InferenceId: 'id-1' }), { sagemaker })).rejects.toThrow(
    /inference id-1 .* success topic/,
  );
});
