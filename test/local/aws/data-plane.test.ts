import { InvokeEndpointAsyncCommand, ValidationError } from '@aws-sdk/client-sagemaker-runtime';
import type {
  InvokeEndpointAsyncCommandInput,
  InvokeEndpointAsyncCommandOutput,
} from '@aws-sdk/client-sagemaker-runtime';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../../lib/contract/invoker';
import { LIKELIEST } from '../../../local/aws/assumptions';
import { ENDPOINT } from '../../support/blueprint-factory';
import { aDataPlane, CALLER } from '../../support/data-plane-factory';
import type { Setting } from '../../support/data-plane-factory';
import type { Invocation } from '../../support/stub-container';

let setting: Setting;
let echo: (invocation: Invocation) => void;

beforeAll(async () => {
  setting = await aDataPlane();
  echo = setting.container.answer;
});

afterAll(() => setting.close());

beforeEach(() => {
  setting.container.answer = echo;
  setting.container.invocations.length = 0;
  setting.dataPlane.calls.length = 0;
});

function send(input: Partial<InvokeEndpointAsyncCommandInput>): Promise<InvokeEndpointAsyncCommandOutput> {
  return setting.client.send(new InvokeEndpointAsyncCommand({ EndpointName: ENDPOINT.name, ...input }));
}

/** Answers with a status and a text. */
function answering(status: number, text: string): (invocation: Invocation) => void {
  return ({ response }) => {
    response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
}

describe('a request', () => {
  test('is answered 202 with its locations, and its result is where it was said to be', async () => {
    const answer = await send({ Body: '{"inputs":"Hej"}', ContentType: 'application/json' });
    expect(answer.$metadata.httpStatusCode).toBe(202);
    expect(answer.OutputLocation).toMatch(/^s3:\/\/results\/output\/[0-9a-f-]{36}\.out$/);
    expect(answer.FailureLocation).toMatch(/^s3:\/\/results\/failure\/[0-9a-f-]{36}-error\.out$/);
    await setting.notificationOf(answer.InferenceId);
    expect(await setting.read(answer.OutputLocation)).toBe('{"inputs":"Hej"}');
  });

  test('reaches the container byte for byte, with the headers that a container gets', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 128]);
    const { InferenceId } = await send({
      Body: bytes,
      ContentType: 'application/x-tensor',
      Accept: 'application/json',
      CustomAttributes: 'trace=1',
      InferenceId: 'mine',
    });
    await setting.notificationOf(InferenceId);
    const [{ body, headers }] = setting.container.invocations as [Invocation];
    expect(body).toEqual(bytes);
    expect(headers).toMatchObject({
      'content-type': 'application/x-tensor',
      accept: 'application/json',
      'content-length': '5',
      'x-amzn-sagemaker-custom-attributes': 'trace=1',
      'x-amzn-sagemaker-inference-id': 'mine',
    });
  });

  test('that says little reaches the container with little', async () => {
    const { InferenceId } = await send({ Body: 'x' });
    await setting.notificationOf(InferenceId);
    const [{ headers }] = setting.container.invocations as [Invocation];
    expect(Object.keys(headers).sort()).toEqual([
      'connection',
      'content-length',
      'host',
      'x-amzn-sagemaker-inference-id',
    ]);
  });

  test('takes its input from S3', async () => {
    await setting.services.session(ENDPOINT.region).putObject('s3://results/in/a.json', Buffer.from('from S3'));
    const { OutputLocation, InferenceId } = await send({ InputLocation: 's3://results/in/a.json' });
    expect(await setting.notificationOf(InferenceId)).toMatchObject({
      requestParameters: { inputLocation: 's3://results/in/a.json' },
    });
    expect(await setting.read(OutputLocation)).toBe('from S3');
  });

  test('chooses the place and the name of its result', async () => {
    const { OutputLocation, InferenceId } = await send({
      Body: 'x',
      S3OutputPathExtension: 'a/b',
      Filename: 'mine.json',
    });
    expect(OutputLocation).toBe('s3://results/output/a/b/mine.json');
    await setting.notificationOf(InferenceId);
    expect(await setting.read(OutputLocation)).toBe('x');
  });
});

describe('a request is refused with a ValidationError', () => {
  test.each<[string, Partial<InvokeEndpointAsyncCommandInput>]>([
    ['of one byte too many', { Body: Buffer.alloc(MAX_INLINE_PAYLOAD_BYTES + 1) }],
    ['of far too many bytes', { Body: Buffer.alloc(20 * MAX_INLINE_PAYLOAD_BYTES) }],
    ['of characters that are more bytes', { Body: 'é'.repeat(MAX_INLINE_PAYLOAD_BYTES / 2 + 1) }],
    ['with both inputs', { Body: 'x', InputLocation: 's3://results/in' }],
    ['with neither input', {}],
    ['with an empty body', { Body: '' }],
    ['for an endpoint that is not there', { EndpointName: 'Nowhere', Body: 'x' }],
    ['with a member beyond its limit', { Body: 'x', RequestTTLSeconds: 59 }],
  ])('%s, and reaches no container', async (_name, input) => {
    await expect(send(input)).rejects.toThrow(ValidationError);
    await expect(send(input)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
    expect(setting.container.invocations).toEqual([]);
  });

  test.each([MAX_INLINE_PAYLOAD_BYTES - 1, MAX_INLINE_PAYLOAD_BYTES])('but not at %d bytes', async (size) => {
    const { InferenceId, OutputLocation } = await send({ Body: Buffer.alloc(size, 'a') });
    await setting.notificationOf(InferenceId);
    expect(await setting.read(OutputLocation)).toHaveLength(size);
  });
});

describe('a request is turned away', () => {
  const invoke = (
    headers: Record<string, string>,
    path = `/endpoints/${ENDPOINT.name}/async-invocations`,
  ): Promise<Response> => fetch(setting.dataPlane.url + path, { method: 'POST', body: 'x', headers });
  const signedFor = (service: string): Record<string, string> => ({
    authorization: `AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  });

  test('without a signature', async () => {
    expect((await invoke({})).headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });

  test('with a signature for another service', async () => {
    expect((await invoke(signedFor('s3'))).status).toBe(403);
    expect((await invoke(signedFor('sagemaker'))).status).toBe(202);
  });

  test('for another operation', async () => {
    expect((await invoke(signedFor('sagemaker'), `/endpoints/${ENDPOINT.name}/invocations`)).status).toBe(404);
  });
});

describe('the notification', () => {
  test('of a success has the documented shape', async () => {
    const { InferenceId, OutputLocation } = await send({
      Body: 'x',
      ContentType: 'text/plain',
      Accept: 'text/plain',
      CustomAttributes: 'trace=1',
    });
    expect(await setting.notificationOf(InferenceId)).toEqual({
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

  test('of a failure has the documented shape, and the failure is where it was said to be', async () => {
    setting.container.answer = answering(400, 'I cannot read this');
    const { InferenceId, FailureLocation } = await send({ Body: 'x', ContentType: 'text/plain' });
    expect(await setting.notificationOf(InferenceId)).toEqual({
      awsRegion: 'eu-west-1',
      eventTime: '2026-01-01T00:00:00.000Z',
      receivedTime: '2026-01-01T00:00:00.000Z',
      invocationStatus: 'Failed',
      failureReason: 'ClientError: the model answered with status 400',
      requestParameters: { endpointName: ENDPOINT.name, contentType: 'text/plain' },
      responseParameters: { failureLocation: FailureLocation },
      inferenceId: InferenceId,
      eventVersion: '1.0',
      eventSource: 'aws:sagemaker',
      eventName: 'InferenceResult',
    });
    expect(await setting.read(FailureLocation)).toBe('I cannot read this');
  });

  test('carries the response where the configuration wants it, and it fits', async () => {
    await setting.create({
      name: 'Telling',
      includeInferenceResponseIn: ['SUCCESS_NOTIFICATION_TOPIC', 'ERROR_NOTIFICATION_TOPIC'],
    });
    const bodyOf = async (answer: (invocation: Invocation) => void): Promise<unknown> => {
      setting.container.answer = answer;
      const { InferenceId } = await send({ EndpointName: 'Telling', Body: 'x' });
      return (await setting.notificationOf(InferenceId)).responseBody;
    };
    expect(await bodyOf(echo)).toEqual({ content: 'eA==', encoding: 'BASE64', message: expect.any(String) });
    expect(await bodyOf(answering(500, 'broken'))).toEqual({ content: 'broken', message: expect.any(String) });
    expect(await bodyOf(answering(200, 'x'.repeat(128 * 1024)))).toHaveProperty('content');
    expect(await bodyOf(answering(200, 'x'.repeat(128 * 1024 + 1)))).toEqual({ message: expect.any(String) });
  });

  test('that tests the topics comes at creation, on each topic once', async () => {
    await setting.create({ name: 'New', executionRoleArn: 'arn:aws:iam::000000000000:role/new' });
    expect(setting.dataPlane.calls).toEqual(
      [ENDPOINT.successTopicArn, ENDPOINT.errorTopicArn].map((resource) => ({
        principal: 'arn:aws:iam::000000000000:role/new',
        action: 'sns:Publish',
        resource,
      })),
    );
    const { InferenceId } = await send({ Body: 'x' });
    await setting.notificationOf(InferenceId);
    expect(setting.inbox.messages).toContainEqual({
      eventVersion: '1.0',
      eventSource: 'aws:sagemaker',
      eventName: 'TestNotification',
    });
  });
});

describe('a request fails', () => {
  const failureOf = async (input: Partial<InvokeEndpointAsyncCommandInput> = {}): Promise<string | undefined> => {
    const { InferenceId } = await send({ Body: 'x', ...input });
    const { invocationStatus, failureReason } = await setting.notificationOf(InferenceId);
    expect(invocationStatus).toBe('Failed');
    return failureReason;
  };

  test('when the model answers without a Content-Length', async () => {
    setting.container.answer = ({ response }) => {
      response.write('one chunk, ');
      response.end('another');
    };
    expect(await failureOf()).toBe("the model's response did not specify the required Content-Length header");
  });

  test('when the model breaks off', async () => {
    setting.container.answer = ({ response }) => response.destroy();
    expect(await failureOf()).toMatch(/^the model could not be reached/);
  });

  test('when there is nothing at the input location', async () => {
    expect(await failureOf({ Body: undefined, InputLocation: 's3://results/nothing' })).toBe(
      'the input could not be read from S3: NoSuchKey',
    );
  });

  test('when the model takes longer than the invocation timeout', async () => {
    setting.container.answer = () => undefined;
    const { InferenceId } = await send({ Body: 'x', InvocationTimeoutSeconds: 7 });
    await setting.container.invoked(1);
    setting.clock.advance(7);
    expect(await setting.notificationOf(InferenceId)).toMatchObject({
      invocationStatus: 'Failed',
      failureReason: 'the model did not answer within 7 seconds',
    });
  });

  test('without a failure object where no failure path is configured', async () => {
    await setting.create({ name: 'Pathless', failurePath: undefined });
    setting.container.answer = answering(500, 'broken');
    setting.dataPlane.calls.length = 0;
    const { InferenceId, FailureLocation } = await send({ EndpointName: 'Pathless', Body: 'x' });
    expect(FailureLocation).toBeUndefined();
    expect(await setting.notificationOf(InferenceId)).not.toHaveProperty('responseParameters');
    expect(setting.dataPlane.calls.map(({ action }) => action)).not.toContain('s3:PutObject');
  });
});

test('an endpoint serves as many requests at once as its instances take, and expires those that wait too long', async () => {
  await setting.create({ name: 'Narrow', instances: 2, maxConcurrentInvocationsPerInstance: 2 });
  setting.container.answer = () => undefined;
  const answers = [];
  for (let count = 0; count < 5; count++)
    answers.push(await send({ EndpointName: 'Narrow', Body: String(count), RequestTTLSeconds: 60 }));
  await setting.container.invoked(4);
  setting.clock.advance(61);
  expect(await setting.notificationOf(answers[4]!.InferenceId)).toMatchObject({ invocationStatus: 'Expired' });
  for (const invocation of setting.container.invocations) echo(invocation);
  for (const { InferenceId } of answers.slice(0, 4)) {
    expect(await setting.notificationOf(InferenceId)).toMatchObject({ invocationStatus: 'Completed' });
  }
  expect(setting.container.invocations).toHaveLength(4);
});

test('an endpoint comes into service when its container is healthy', async () => {
  setting.container.unhealthy.push(503, 503);
  setting.container.pings.length = 0;
  await setting.create({ name: 'Slow' });
  expect(setting.container.pings).toEqual([503, 503, 200]);
});

test('each call is recorded with who made it and on what', async () => {
  const { InferenceId, OutputLocation } = await send({ InputLocation: 's3://results/in/a.json' });
  await setting.notificationOf(InferenceId);
  await expect(send({ EndpointName: 'Nowhere', Body: 'x' })).rejects.toThrow(ValidationError);
  const execution = ENDPOINT.executionRoleArn;
  expect(setting.dataPlane.calls).toEqual([
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

test('it listens on this machine only', () => {
  expect(setting.dataPlane.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(setting.services.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

describe('what is unconfirmed can be otherwise', () => {
  afterEach(() => {
    Object.assign(setting.uncertainties, LIKELIEST);
  });

  const complete = async (input: Partial<InvokeEndpointAsyncCommandInput> = {}) => {
    const answer = await send({ Body: 'x', ...input });
    return { ...answer, notification: await setting.notificationOf(answer.InferenceId) };
  };

  test('answersFailureLocation', async () => {
    setting.uncertainties.answersFailureLocation = false;
    expect((await complete()).FailureLocation).toBeUndefined();
  });

  test('namesResultsAfterUuid', async () => {
    setting.uncertainties.namesResultsAfterUuid = false;
    expect((await complete({ InferenceId: 'by-id' })).OutputLocation).toBe('s3://results/output/by-id.out');
  });

  test('marksFailureNames', async () => {
    setting.uncertainties.marksFailureNames = false;
    expect((await complete()).FailureLocation).toMatch(/failure\/[0-9a-f-]{36}\.out$/);
  });

  test('suffixesFilename', async () => {
    setting.uncertainties.suffixesFilename = true;
    expect((await complete({ Filename: 'mine' })).OutputLocation).toBe('s3://results/output/mine.out');
  });

  test('reusesFilename', async () => {
    setting.uncertainties.reusesFilename = false;
    const [one, two] = [await complete({ Filename: 'mine' }), await complete({ Filename: 'mine' })];
    expect(one.OutputLocation).not.toBe(two.OutputLocation);
  });

  test('filenameNamesFailures, extensionExtendsFailures', async () => {
    Object.assign(setting.uncertainties, { filenameNamesFailures: true, extensionExtendsFailures: true });
    expect((await complete({ Filename: 'mine', S3OutputPathExtension: 'a' })).FailureLocation).toBe(
      's3://results/failure/a/mine',
    );
  });

  test('notifiesInlineInputLocation', async () => {
    setting.uncertainties.notifiesInlineInputLocation = true;
    expect((await complete()).notification.requestParameters.inputLocation).toMatch(/^s3:/);
  });

  test('failuresRepeatParameters', async () => {
    setting.uncertainties.failuresRepeatParameters = false;
    setting.container.answer = answering(400, 'no');
    expect((await complete({ ContentType: 'text/plain' })).notification.requestParameters).toEqual({
      endpointName: ENDPOINT.name,
    });
  });

  test('notifiesExpired', async () => {
    setting.uncertainties.notifiesExpired = false;
    await setting.create({ name: 'Single', maxConcurrentInvocationsPerInstance: 1 });
    setting.container.answer = () => undefined;
    await send({ EndpointName: 'Single', Body: 'first' });
    const { InferenceId } = await send({ EndpointName: 'Single', Body: 'second', RequestTTLSeconds: 60 });
    await setting.container.invoked(1);
    setting.clock.advance(60);
    expect(await setting.notificationOf(InferenceId)).toMatchObject({ invocationStatus: 'Failed' });
  });

  test('ordersNotificationMembers', async () => {
    setting.uncertainties.ordersNotificationMembers = false;
    expect(Object.keys((await complete()).notification)[0]).toBe('responseParameters');
  });

  test('deliversOnce', async () => {
    setting.uncertainties.deliversOnce = false;
    const { InferenceId } = await complete();
    setting.uncertainties.deliversOnce = true;
    await complete();
    expect(
      setting.inbox.messages.filter((message) => 'inferenceId' in message && message.inferenceId === InferenceId),
    ).toHaveLength(2);
  });

  test('servesInOrder', async () => {
    setting.uncertainties.servesInOrder = false;
    await setting.create({ name: 'Reversed', maxConcurrentInvocationsPerInstance: 1 });
    setting.container.answer = () => undefined;
    for (const Body of ['first', 'second', 'third']) await send({ EndpointName: 'Reversed', Body });
    await setting.container.invoked(1);
    echo(setting.container.invocations[0]!);
    await setting.container.invoked(2);
    expect(String(setting.container.invocations[1]!.body)).toBe('third');
  });

  test('answersFirst', async () => {
    setting.uncertainties.answersFirst = false;
    const { InferenceId } = await send({ Body: 'x' });
    expect(setting.dataPlane.calls.at(-1)).toMatchObject({ action: 'sns:Publish' });
    await setting.notificationOf(InferenceId);
  });

  test('repeatsAreRequests', async () => {
    setting.uncertainties.repeatsAreRequests = false;
    const [one, two] = [await complete({ InferenceId: 'again' }), await complete({ InferenceId: 'again' })];
    expect(two.OutputLocation).toBe(one.OutputLocation);
    expect(setting.container.invocations).toHaveLength(1);
  });

  test('emptyBodyIsNone', async () => {
    setting.uncertainties.emptyBodyIsNone = false;
    const { OutputLocation } = await complete({ Body: '' });
    expect(await setting.read(OutputLocation)).toBe('');
  });

  test('validatesMissingInput, validatesEndpointName', async () => {
    Object.assign(setting.uncertainties, { validatesMissingInput: false, validatesEndpointName: false });
    await expect(send({})).rejects.toMatchObject({ name: 'BadRequest' });
    await expect(send({ EndpointName: 'Nowhere', Body: 'x' })).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  test('explainsErrors', async () => {
    setting.uncertainties.explainsErrors = false;
    await expect(send({})).rejects.toMatchObject({ message: 'ValidationError' });
  });
});
