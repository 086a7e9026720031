import fc from 'fast-check';
import type { FailedInference } from '../../runtime';
import { parseNotification } from '../../runtime';

const COMPLETED = {
  awsRegion: 'eu-west-1',
  eventTime: '2026-11-22T10:00:01.000Z',
  receivedTime: '2026-11-22T10:00:00.000Z',
  invocationStatus: 'Completed',
  requestParameters: { endpointName: 'Languages', customAttributes: 'trace=7' },
  responseParameters: { contentType: 'application/json', outputLocation: 's3://results/output/a.out' },
  inferenceId: 'id-1',
  eventVersion: '1.0',
  eventSource: 'aws:sagemaker',
  eventName: 'InferenceResult',
};
const FAILED = {
  ...COMPLETED,
  invocationStatus: 'Failed',
  failureReason: 'ClientError: 500 from the container',
  responseParameters: { failureLocation: 's3://results/failure/a.out' },
};
const TEST = { eventVersion: '1.0', eventSource: 'aws:sagemaker', eventName: 'TestNotification' };

const ENVELOPES: Record<string, (message: object) => unknown> = {
  'as it is': (message) => message,
  'as text': (message) => JSON.stringify(message),
  'in a record of SNS': (message) => ({
    EventSource: 'aws:sns',
    Sns: { Type: 'Notification', Message: JSON.stringify(message) },
  }),
  'in an HTTP delivery of SNS': (message) => JSON.stringify({ Type: 'Notification', Message: JSON.stringify(message) }),
  'in a record of SQS, raw': (message) => ({ eventSource: 'aws:sqs', body: JSON.stringify(message) }),
  'in a record of SQS, with the envelope of SNS': (message) => ({
    eventSource: 'aws:sqs',
    body: JSON.stringify({ Type: 'Notification', Message: JSON.stringify(message) }),
  }),
  'in a message of the SQS client': (message) => ({ MessageId: 'm', Body: JSON.stringify(message) }),
  'in the text of a record of SQS, of SNS, of EventBridge': (message) =>
    JSON.stringify({
      eventSource: 'aws:sqs',
      body: JSON.stringify({ Type: 'Notification', Message: JSON.stringify({ detail: message }) }),
    }),
  'in an event of EventBridge': (message) => ({
    source: 'results',
    'detail-type': 'Async Inference Result',
    detail: message,
  }),
};

test.each(Object.entries(ENVELOPES))('reads a result %s', (_, envelope) => {
  expect(parseNotification(envelope(COMPLETED))).toEqual({
    status: 'completed',
    inferenceId: 'id-1',
    endpointName: 'Languages',
    customAttributes: 'trace=7',
    receivedTime: COMPLETED.receivedTime,
    eventTime: COMPLETED.eventTime,
    contentType: 'application/json',
    outputLocation: 's3://results/output/a.out',
  });
  expect(parseNotification(envelope(TEST))).toBeUndefined();
});

test('reads a failure, with its reason and location', () => {
  expect(parseNotification(FAILED)).toMatchObject({
    status: 'failed',
    failureReason: FAILED.failureReason,
    failureLocation: 's3://results/failure/a.out',
    inferenceId: 'id-1',
  });
});

test('reads the location of a failure at either level of the notification', () => {
  const { responseParameters, ...notification } = FAILED;
  expect(parseNotification({ ...notification, ...responseParameters })).toMatchObject({
    failureLocation: 's3://results/failure/a.out',
  });
  expect(parseNotification({ ...FAILED, failureLocation: 's3://results/other' })).toMatchObject({
    failureLocation: 's3://results/failure/a.out',
  });
});

test('ignores locations that are longer than any of S3', () => {
  const location = (length: number) => `s3://bucket/${'k'.repeat(length - 12)}`;
  const failed = (failureLocation: string) =>
    parseNotification({ ...FAILED, responseParameters: { failureLocation } }) as FailedInference;
  expect(failed(location(4_096)).failureLocation).toHaveLength(4_096);
  expect(failed(location(4_097)).failureLocation).toBeUndefined();
  expect(
    parseNotification({ ...COMPLETED, responseParameters: { outputLocation: location(160_000) } }),
  ).toBeUndefined();
  expect(
    parseNotification({
      ...COMPLETED,
      requestParameters: { endpointName: 'e', inputLocation: location(160_000) },
    })?.inputLocation,
  ).toBeUndefined();
});

test.each([
  ['an event of SQS or SNS', { Records: [{ body: JSON.stringify(COMPLETED) }] }, 1],
  ['a batch of EventBridge Pipes', [COMPLETED, COMPLETED], 2],
])('fails for %s, which is a batch', (_, event, size) => {
  expect(() => parseNotification(event)).toThrow(
    new TypeError(`the message is a batch of ${size}: call parseNotification for each of its records`),
  );
});

test('a batch in an envelope is the message of another sender', () => {
  expect(parseNotification({ body: JSON.stringify({ Records: [{ s3: {} }] }) })).toBeUndefined();
  expect(parseNotification('[1]')).toBeUndefined();
  expect(parseNotification({ Records: 'text' })).toBeUndefined();
});

test('a result that is neither completed nor expired is a failure, with or without a reason and a location', () => {
  const bare = { ...FAILED, responseParameters: undefined };
  expect(parseNotification({ ...bare, invocationStatus: 'Expired', failureReason: undefined })).toMatchObject({
    status: 'expired',
  });
  expect(parseNotification({ ...bare, invocationStatus: 'Melted' })).toMatchObject({
    status: 'failed',
    inferenceId: 'id-1',
  });
});

test('has the bytes of the response if the notification includes it', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const responseBody = {
        content: Buffer.from(bytes).toString('base64'),
        message: 'Content included',
        encoding: 'BASE64',
      };
      expect(new Uint8Array(parseNotification({ ...COMPLETED, responseBody })!.response!)).toEqual(
        new Uint8Array(bytes),
      );
    }),
  );
  const text = parseNotification({ ...FAILED, responseBody: { content: 'zu groß', message: '' } })!.response!;
  expect(Buffer.from(text).toString()).toBe('zu groß');
  expect(parseNotification({ ...COMPLETED, responseBody: { message: 'too large' } })!.response).toBeUndefined();
});

test('accepts only the notifications of the given endpoint, in any case of its name', () => {
  expect(parseNotification(COMPLETED, { endpointName: 'languages' })).toBeDefined();
  expect(parseNotification(COMPLETED, { endpointName: 'language' })).toBeUndefined();
});

test.each(
  Object.entries({
    'without an id': { ...COMPLETED, inferenceId: undefined },
    'with an empty id': { ...COMPLETED, inferenceId: '' },
    'without an endpoint': { ...COMPLETED, requestParameters: null },
    'without a status': { ...COMPLETED, invocationStatus: 7 },
    'without the location of its result': { ...COMPLETED, responseParameters: {} },
    'of another service': { ...COMPLETED, eventSource: 'aws:s3' },
    'of another event': { ...COMPLETED, eventName: 'EndpointDeleted' },
  }),
)('rejects one %s', (_, notification) => {
  expect(parseNotification(notification)).toBeUndefined();
  expect(parseNotification({ body: JSON.stringify(notification) })).toBeUndefined();
});

test.each([null, undefined, 'null', { detail: null }, { Records: null }])('rejects %j', (message) => {
  expect(parseNotification(message)).toBeUndefined();
});

test('reads seven levels of texts and objects, and no more', () => {
  const texts = (levels: number) => {
    let message: unknown = COMPLETED;
    for (let level = 1; level < levels; level += 1) message = JSON.stringify(message);
    return message;
  };
  expect(parseNotification(texts(7))).toBeDefined();
  expect(parseNotification(texts(8))).toBeUndefined();
});

test('rejects anything else, and throws for a batch alone', () => {
  const names = fc.constantFrom(
    'Sns',
    'Message',
    'body',
    'Body',
    'detail',
    'eventSource',
    'eventName',
    'requestParameters',
    'responseBody',
  );
  const mess = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('aws:sagemaker', 'InferenceResult', '{'),
      fc.anything(),
      tie('value').map((value) => JSON.stringify(value)),
      fc.dictionary(names, tie('value')),
    ),
  })).value;
  fc.assert(
    fc.property(mess, (message) => {
      fc.pre(!Array.isArray(message) && !Array.isArray((message as { Records?: unknown } | undefined | null)?.Records));
      expect(parseNotification(message)).toBeUndefined();
    }),
  );
  expect(parseNotification({ body: { body: { body: { body: { body: { body: COMPLETED } } } } } })).toBeDefined();
  expect(
    parseNotification({ body: { body: { body: { body: { body: { body: { body: COMPLETED } } } } } } }),
  ).toBeUndefined();
  let deep: unknown = COMPLETED;
  for (let level = 0; level < 50_000; level += 1) deep = { body: deep };
  expect(parseNotification(deep)).toBeUndefined();
});
