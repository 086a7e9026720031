import { InvokeEndpointAsyncCommand, ValidationError } from '@aws-sdk/client-sagemaker-runtime';
import type {
  InvokeEndpointAsyncCommandInput,
  InvokeEndpointAsyncCommandOutput,
} from '@aws-sdk/client-sagemaker-runtime';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../../lib/contract/invoker';
import { DEFAULT_ASSUMPTIONS } from '../../../local/aws/assumptions';
import { afterTests } from '../../support/after-tests';
import { CALLER, startDataPlane } from '../../support/data-plane-fixture';
import type { DataPlaneFixture } from '../../support/data-plane-fixture';
import { ENDPOINT } from '../../support/endpoint-configuration';
import type { Invocation } from '../../support/stub-container';

let fixture: DataPlaneFixture;
let echo: (invocation: Invocation) => void;

beforeAll(async () => {
  fixture = await startDataPlane();
  afterTests(() => fixture.close());
  echo = fixture.container.respond;
});

beforeEach(() => {
  fixture.container.respond = echo;
  fixture.container.invocations.length = 0;
  fixture.dataPlane.calls.length = 0;
});

function send(input: Partial<InvokeEndpointAsyncCommandInput>): Promise<InvokeEndpointAsyncCommandOutput> {
  return fixture.client.send(new InvokeEndpointAsyncCommand({ EndpointName: ENDPOINT.name, ...input }));
}

/** Responds with a status and a text. */
function respondWith(status: number, text: string): (invocation: Invocation) => void {
  return ({ response }) => {
    response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
}

describe('an accepted request', () => {
  test('a request gets status 202 with its locations, and its result is at the output location', async () => {
    const response = await send({ Body: '{"inputs":"Hej"}', ContentType: 'application/json' });
    expect(response.$metadata.httpStatusCode).toBe(202);
    expect(response.OutputLocation).toMatch(/^s3:\/\/results\/output\/[0-9a-f-]{36}\.out$/);
    expect(response.FailureLocation).toMatch(/^s3:\/\/results\/failure\/[0-9a-f-]{36}-error\.out$/);
    await fixture.notificationOf(response.InferenceId);
    expect(await fixture.read(response.OutputLocation)).toBe('{"inputs":"Hej"}');
  });

  test('the container receives the bytes of the payload and the headers of SageMaker', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    const { InferenceId } = await send({
      Body: bytes,
      ContentType: 'application/x-tensor',
      Accept: 'application/json',
      CustomAttributes: 'trace=1',
      InferenceId: 'mine',
    });
    await fixture.notificationOf(InferenceId);
    const [{ body, headers }] = fixture.container.invocations as [Invocation];
    expect(body).toEqual(bytes);
    expect(headers).toMatchObject({
      'content-type': 'application/x-tensor',
      accept: 'application/json',
      'content-length': '5',
      'x-amzn-sagemaker-custom-attributes': 'trace=1',
      'x-amzn-sagemaker-inference-id': 'mine',
    });
  });

  test('the container receives no headers of members that the request does not have', async () => {
    const { InferenceId } = await send({ Body: 'x' });
    await fixture.notificationOf(InferenceId);
    const [{ headers }] = fixture.container.invocations as [Invocation];
    expect(Object.keys(headers).sort()).toEqual([
      'connection',
      'content-length',
      'host',
      'x-amzn-sagemaker-inference-id',
    ]);
  });

  test('the input of a request can be in S3', async () => {
    await fixture.services.session(ENDPOINT.region).putObject('s3://results/in/a.json', Buffer.from('from S3'));
    const { OutputLocation, InferenceId } = await send({ InputLocation: 's3://results/in/a.json' });
    expect(await fixture.notificationOf(InferenceId)).toMatchObject({
      requestParameters: { inputLocation: 's3://results/in/a.json' },
    });
    expect(await fixture.read(OutputLocation)).toBe('from S3');
  });

  test('a request can choose the location of its result', async () => {
    const { OutputLocation, InferenceId } = await send({
      Body: 'x',
      S3OutputPathExtension: 'a/b',
      Filename: 'mine.json',
    });
    expect(OutputLocation).toBe('s3://results/output/a/b/mine.json');
    await fixture.notificationOf(InferenceId);
    expect(await fixture.read(OutputLocation)).toBe('x');
  });
});

describe('a ValidationError', () => {
  test.each<[string, Partial<InvokeEndpointAsyncCommandInput>]>([
    ['with one byte more than the limit', { Body: Buffer.alloc(MAX_INLINE_PAYLOAD_BYTES + 1) }],
    ['with far more bytes than the limit', { Body: Buffer.alloc(20 * MAX_INLINE_PAYLOAD_BYTES) }],
    ['with few characters but too many bytes', { Body: 'é'.repeat(MAX_INLINE_PAYLOAD_BYTES / 2 + 1) }],
    ['with two inputs', { Body: 'x', InputLocation: 's3://results/in' }],
    ['without an input', {}],
    ['with an empty body', { Body: '' }],
    ['to an unknown endpoint', { EndpointName: 'Nowhere', Body: 'x' }],
    ['with a member that exceeds its limit', { Body: 'x', RequestTTLSeconds: 59 }],
  ])('a request %s is a ValidationError and does not reach the container', async (_name, input) => {
    await expect(send(input)).rejects.toThrow(ValidationError);
    await expect(send(input)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    expect(fixture.container.invocations).toEqual([]);
  });

  test.each([MAX_INLINE_PAYLOAD_BYTES - 1, MAX_INLINE_PAYLOAD_BYTES])(
    'a payload of %d bytes is accepted',
    async (size) => {
      const { InferenceId, OutputLocation } = await send({ Body: Buffer.alloc(size, 'a') });
      await fixture.notificationOf(InferenceId);
      expect(await fixture.read(OutputLocation)).toHaveLength(size);
    },
  );
});

describe('an unauthorized request', () => {
  const post = (
    headers: Record<string, string>,
    path = `/endpoints/${ENDPOINT.name}/async-invocations`,
  ): Promise<Response> => fetch(fixture.dataPlane.url + path, { method: 'POST', body: 'x', headers });
  const signedFor = (service: string): Record<string, string> => ({
    authorization: `AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  });

  test('a request without a signature is rejected', async () => {
    expect((await post({})).headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });

  test('a request that is signed for another service is rejected', async () => {
    expect((await post(signedFor('s3'))).status).toBe(403);
    expect((await post(signedFor('sagemaker'))).status).toBe(202);
  });

  test('a request for another operation is rejected', async () => {
    expect((await post(signedFor('sagemaker'), `/endpoints/${ENDPOINT.name}/invocations`)).status).toBe(404);
  });
});

describe('a notification', () => {
  test('the notification of a result has the documented members', async () => {
    const { InferenceId, OutputLocation } = await send({
      Body: 'x',
      ContentType: 'text/plain',
      Accept: 'text/plain',
      CustomAttributes: 'trace=1',
    });
    expect(await fixture.notificationOf(InferenceId)).toEqual({
      awsRegion: 'eu-west-1',
      eventTime: '2026-01-01T00:00:00.000Z',
      receivedTime: '2026-01-01T00:00:00.000Z',
      invocationStatus: 'Completed',
      requestParameters: {
        endpointName: ENDPOINT.name,
        accept: 'text/plain',
        contentType: 'text/plain',
        customAttributes: 'trace=1',
      },
      responseParameters: { contentType: 'text/plain', outputLocation: OutputLocation },
      inferenceId: InferenceId,
      eventVersion: '1.0',
      eventSource: 'aws:sagemaker',
      eventName: 'InferenceResult',
    });
  });

  test('the notification of a failure has the documented members, and the failure is at the failure location', async () => {
    fixture.container.respond = respondWith(400, 'I cannot read this');
    const { InferenceId, FailureLocation } = await send({ Body: 'x', ContentType: 'text/plain' });
    expect(await fixture.notificationOf(InferenceId)).toEqual({
      awsRegion: 'eu-west-1',
      eventTime: '2026-01-01T00:00:00.000Z',
      receivedTime: '2026-01-01T00:00:00.000Z',
      invocationStatus: 'Failed',
      failureReason: 'ClientError: the model responded with status 400.',
      requestParameters: { endpointName: ENDPOINT.name, contentType: 'text/plain' },
      responseParameters: { failureLocation: FailureLocation },
      inferenceId: InferenceId,
      eventVersion: '1.0',
      eventSource: 'aws:sagemaker',
      eventName: 'InferenceResult',
    });
    expect(await fixture.read(FailureLocation)).toBe('I cannot read this');
  });

  test('a notification includes the response if the configuration asks for it and it is small enough', async () => {
    await fixture.create({
      name: 'Telling',
      includeInferenceResponseIn: ['SUCCESS_NOTIFICATION_TOPIC', 'ERROR_NOTIFICATION_TOPIC'],
    });
    const bodyOf = async (respond: (invocation: Invocation) => void): Promise<unknown> => {
      fixture.container.respond = respond;
      const { InferenceId } = await send({ EndpointName: 'Telling', Body: 'x' });
      return (await fixture.notificationOf(InferenceId)).responseBody;
    };
    expect(await bodyOf(echo)).toEqual({ content: 'eA==', encoding: 'BASE64', message: expect.any(String) });
    expect(await bodyOf(respondWith(500, 'broken'))).toEqual({ content: 'broken', message: expect.any(String) });
    expect(await bodyOf(respondWith(200, 'x'.repeat(128 * 1024)))).toHaveProperty('content');
    expect(await bodyOf(respondWith(200, 'x'.repeat(128 * 1024 + 1)))).toEqual({ message: expect.any(String) });
  });

  test('each topic receives one test notification when an endpoint is created', async () => {
    await fixture.create({ name: 'New', executionRoleArn: 'arn:aws:iam::000000000000:role/new' });
    expect(fixture.dataPlane.calls).toEqual(
      [ENDPOINT.successTopicArn, ENDPOINT.errorTopicArn].map((resource) => ({
        principal: 'arn:aws:iam::000000000000:role/new',
        action: 'sns:Publish',
        resource,
      })),
    );
    const { InferenceId } = await send({ Body: 'x' });
    await fixture.notificationOf(InferenceId);
    expect(fixture.subscriber.messages).toContainEqual({
      eventVersion: '1.0',
      eventSource: 'aws:sagemaker',
      eventName: 'TestNotification',
    });
  });
});

describe('a failure', () => {
  const failureOf = async (input: Partial<InvokeEndpointAsyncCommandInput> = {}): Promise<string | undefined> => {
    const { InferenceId } = await send({ Body: 'x', ...input });
    const { invocationStatus, failureReason } = await fixture.notificationOf(InferenceId);
    expect(invocationStatus).toBe('Failed');
    return failureReason;
  };

  test('a request fails if the model responds without a Content-Length header', async () => {
    fixture.container.respond = ({ response }) => {
      response.write('one chunk, ');
      response.end('another');
    };
    expect(await failureOf()).toBe("The model's response did not specify the required Content-Length header.");
  });

  test('a request fails if the model closes the connection', async () => {
    fixture.container.respond = ({ response }) => response.destroy();
    expect(await failureOf()).toMatch(/^The model could not be reached/);
  });

  test('a request fails if its input does not exist', async () => {
    expect(await failureOf({ Body: undefined, InputLocation: 's3://results/nothing' })).toBe(
      'The input could not be read from S3: NoSuchKey',
    );
  });

  test('a request fails if the model exceeds the invocation timeout', async () => {
    fixture.container.respond = () => undefined;
    const { InferenceId } = await send({ Body: 'x', InvocationTimeoutSeconds: 7 });
    await fixture.container.invoked(1);
    fixture.clock.advance(7);
    expect(await fixture.notificationOf(InferenceId)).toMatchObject({
      invocationStatus: 'Failed',
      failureReason: 'The model did not respond within 7 seconds.',
    });
  });

  test('a request fails if its result cannot be stored', async () => {
    await fixture.create({ name: 'Bucketless', outputPath: 's3://missing/output' });
    expect(await failureOf({ EndpointName: 'Bucketless' })).toMatch(/^The result could not be stored: NoSuchBucket/);
  });

  test('a failure is not stored if the endpoint has no failure path', async () => {
    await fixture.create({ name: 'Pathless', failurePath: undefined });
    fixture.container.respond = respondWith(500, 'broken');
    fixture.dataPlane.calls.length = 0;
    const { InferenceId, FailureLocation } = await send({ EndpointName: 'Pathless', Body: 'x' });
    expect(FailureLocation).toBeUndefined();
    expect(await fixture.notificationOf(InferenceId)).not.toHaveProperty('responseParameters');
    expect(fixture.dataPlane.calls.map(({ action }) => action)).not.toContain('s3:PutObject');
  });
});

test('an endpoint processes as many requests as its instances can, and those that wait too long expire', async () => {
  await fixture.create({ name: 'Narrow', instances: 2, maxConcurrentInvocationsPerInstance: 2 });
  fixture.container.respond = () => undefined;
  const responses = [];
  for (let count = 0; count < 5; count++)
    responses.push(await send({ EndpointName: 'Narrow', Body: String(count), RequestTTLSeconds: 60 }));
  await fixture.container.invoked(4);
  fixture.clock.advance(61);
  expect(await fixture.notificationOf(responses[4]!.InferenceId)).toMatchObject({ invocationStatus: 'Expired' });
  for (const invocation of fixture.container.invocations) echo(invocation);
  for (const { InferenceId } of responses.slice(0, 4)) {
    expect(await fixture.notificationOf(InferenceId)).toMatchObject({ invocationStatus: 'Completed' });
  }
  expect(fixture.container.invocations).toHaveLength(4);
});

test('an endpoint is in service as soon as its container is healthy', async () => {
  fixture.container.unhealthy.push(503, 503);
  fixture.container.pings.length = 0;
  await fixture.create({ name: 'Slow' });
  expect(fixture.container.pings).toEqual([503, 503, 200]);
});

test('each call is recorded with its principal, action and resource', async () => {
  const { InferenceId, OutputLocation } = await send({ InputLocation: 's3://results/in/a.json' });
  await fixture.notificationOf(InferenceId);
  await expect(send({ EndpointName: 'Nowhere', Body: 'x' })).rejects.toThrow(ValidationError);
  const execution = ENDPOINT.executionRoleArn;
  expect(fixture.dataPlane.calls).toEqual([
    { principal: CALLER, action: 'sagemaker:InvokeEndpointAsync', resource: ENDPOINT.arn },
    { principal: execution, action: 's3:GetObject', resource: 'arn:aws:s3:::results/in/a.json' },
    { principal: execution, action: 's3:PutObject', resource: OutputLocation!.replace('s3://', 'arn:aws:s3:::') },
    { principal: execution, action: 'sns:Publish', resource: ENDPOINT.successTopicArn },
    {
      principal: CALLER,
      action: 'sagemaker:InvokeEndpointAsync',
      resource: 'arn:aws:sagemaker:eu-west-1:000000000000:endpoint/nowhere',
    },
  ]);
});

test('the data plane and the services listen on 127.0.0.1 only', () => {
  expect(fixture.dataPlane.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(fixture.services.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

describe('an assumption can be changed', () => {
  afterEach(() => {
    Object.assign(fixture.assumptions, DEFAULT_ASSUMPTIONS);
  });

  const complete = async (input: Partial<InvokeEndpointAsyncCommandInput> = {}) => {
    const response = await send({ Body: 'x', ...input });
    return { ...response, notification: await fixture.notificationOf(response.InferenceId) };
  };

  test('the 202 response has no failure location: returnsFailureLocation', async () => {
    fixture.assumptions.returnsFailureLocation = false;
    expect((await complete()).FailureLocation).toBeUndefined();
  });

  test('the name of a result is the inference ID: namesResultsByUuid', async () => {
    fixture.assumptions.namesResultsByUuid = false;
    expect((await complete({ InferenceId: 'by-id' })).OutputLocation).toBe('s3://results/output/by-id.out');
  });

  test('the name of a failure is like the name of a result: suffixesFailureNames', async () => {
    fixture.assumptions.suffixesFailureNames = false;
    expect((await complete()).FailureLocation).toMatch(/failure\/[0-9a-f-]{36}\.out$/);
  });

  test('the service appends .out to a filename: suffixesFilename', async () => {
    fixture.assumptions.suffixesFilename = true;
    expect((await complete({ Filename: 'mine' })).OutputLocation).toBe('s3://results/output/mine.out');
  });

  test('the service makes a repeated filename unique: overwritesSameFilename', async () => {
    fixture.assumptions.overwritesSameFilename = false;
    const [one, two] = [await complete({ Filename: 'mine' }), await complete({ Filename: 'mine' })];
    expect(one.OutputLocation).not.toBe(two.OutputLocation);
  });

  test('the filename and the path extension apply to failures: namesFailuresByFilename, extendsFailurePath', async () => {
    Object.assign(fixture.assumptions, { namesFailuresByFilename: true, extendsFailurePath: true });
    expect((await complete({ Filename: 'mine', S3OutputPathExtension: 'a' })).FailureLocation).toBe(
      's3://results/failure/a/mine',
    );
  });

  test('the notification of an inline request has an input location: notifiesInlineInputLocation', async () => {
    fixture.assumptions.notifiesInlineInputLocation = true;
    expect((await complete()).notification.requestParameters.inputLocation).toMatch(/^s3:/);
  });

  test('the notification of a failure does not repeat the parameters: repeatsParametersOfFailures', async () => {
    fixture.assumptions.repeatsParametersOfFailures = false;
    fixture.container.respond = respondWith(400, 'no');
    expect((await complete({ ContentType: 'text/plain' })).notification.requestParameters).toEqual({
      endpointName: ENDPOINT.name,
    });
  });

  test('the status of an expired request is Failed: usesExpiredStatus', async () => {
    fixture.assumptions.usesExpiredStatus = false;
    await fixture.create({ name: 'Single', maxConcurrentInvocationsPerInstance: 1 });
    fixture.container.respond = () => undefined;
    await send({ EndpointName: 'Single', Body: 'first' });
    const { InferenceId } = await send({ EndpointName: 'Single', Body: 'second', RequestTTLSeconds: 60 });
    await fixture.container.invoked(1);
    fixture.clock.advance(60);
    expect(await fixture.notificationOf(InferenceId)).toMatchObject({ invocationStatus: 'Failed' });
  });

  test('the members of a notification have another order: keepsMemberOrder', async () => {
    fixture.assumptions.keepsMemberOrder = false;
    expect(Object.keys((await complete()).notification)[0]).toBe('responseParameters');
  });

  test('a notification is delivered twice: deliversOnce', async () => {
    fixture.assumptions.deliversOnce = false;
    const { InferenceId } = await complete();
    fixture.assumptions.deliversOnce = true;
    await complete();
    expect(
      fixture.subscriber.messages.filter((message) => 'inferenceId' in message && message.inferenceId === InferenceId),
    ).toHaveLength(2);
  });

  test('the latest request is processed first: servesInOrder', async () => {
    fixture.assumptions.servesInOrder = false;
    await fixture.create({ name: 'Reversed', maxConcurrentInvocationsPerInstance: 1 });
    fixture.container.respond = () => undefined;
    for (const Body of ['first', 'second', 'third']) await send({ EndpointName: 'Reversed', Body });
    await fixture.container.invoked(1);
    echo(fixture.container.invocations[0]!);
    await fixture.container.invoked(2);
    expect(String(fixture.container.invocations[1]!.body)).toBe('third');
  });

  test('the notification is published before the 202 response: respondsBeforeNotifying', async () => {
    fixture.assumptions.respondsBeforeNotifying = false;
    const { InferenceId } = await send({ Body: 'x' });
    expect(fixture.dataPlane.calls.at(-1)).toMatchObject({ action: 'sns:Publish' });
    await fixture.notificationOf(InferenceId);
  });

  test('a request with a repeated inference ID is not processed again: processesRepeatedIds', async () => {
    fixture.assumptions.processesRepeatedIds = false;
    const [one, two] = [await complete({ InferenceId: 'again' }), await complete({ InferenceId: 'again' })];
    expect(two.OutputLocation).toBe(one.OutputLocation);
    expect(fixture.container.invocations).toHaveLength(1);
  });

  test('an empty body is an empty payload: ignoresEmptyBody', async () => {
    fixture.assumptions.ignoresEmptyBody = false;
    const { OutputLocation } = await complete({ Body: '' });
    expect(await fixture.read(OutputLocation)).toBe('');
  });

  test('a missing input and an unknown endpoint are other errors: validatesInput, validatesEndpointName', async () => {
    Object.assign(fixture.assumptions, { validatesInput: false, validatesEndpointName: false });
    await expect(send({})).rejects.toMatchObject({ name: 'BadRequest' });
    await expect(send({ EndpointName: 'Nowhere', Body: 'x' })).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  test('the message of an error is its type: describesErrors', async () => {
    fixture.assumptions.describesErrors = false;
    await expect(send({})).rejects.toMatchObject({ message: 'ValidationError' });
  });
});
