import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { callbackHandler } from '../../../lambda/callback/handler';
import { resultReader } from '../../../lambda/callback/result-reader';
import { taskClient } from '../../../lambda/callback/task-client';
import { waitingTasksIn } from '../../../lambda/shared/waiting-tasks';
import { MAX_INLINE_RESULT_BYTES } from '../../../lib/contract/callback';
import { TASK_ID_PREFIX } from '../../../lib/contract/invoker';
import { aFailure, aNotification, TEST_NOTIFICATION } from '../../support/notifications';
import { fault, startObjectStore } from '../../support/object-store';
import { startTaskServices } from '../../support/task-services';
import { captureLog } from '../../support/log-capture';
import { CHARACTER } from '../../support/character';

const ID = `${TASK_ID_PREFIX}1`;
const OBJECT = `results/output/${ID}.out`;
const OTHER = `${TASK_ID_PREFIX}2`;
const PREFIX = 's3://results/output/';
const BY_LOCATION = { InferenceId: ID, OutputLocation: `s3://${OBJECT}`, ContentType: 'text/plain' };
const CANARY = 'canary-7c1d';

let services: Awaited<ReturnType<typeof startTaskServices>>;
let store: Awaited<ReturnType<typeof startObjectStore>>;
let log: ReturnType<typeof captureLog>;
beforeAll(async () => {
  [services, store] = await Promise.all([startTaskServices(), startObjectStore()]);
  log = captureLog();
});
afterAll(async () => {
  log.release();
  await Promise.all([services.stop(), store.stop()]);
});
beforeEach(async () => {
  services.clear();
  store.objects.clear();
  store.reads.length = 0;
  store.faults.length = 0;
  log.clear();
  await waits(ID);
});

const tasks = () => waitingTasksIn(services.dynamodb, 'Tasks');

async function waits(inferenceId: string, outputLocationPrefix: string | undefined = PREFIX) {
  await tasks().add({
    inferenceId,
    taskToken: `token of ${inferenceId}`,
    endpointName: 'languages',
    outputLocationPrefix,
    expiresAt: 4_000_000_000,
  });
  services.waiting.add(`token of ${inferenceId}`);
}

/** The messages that went back to the queue. */
async function deliver(
  messages: readonly unknown[],
  maxInlineResultBytes = 1_000,
  getRemainingTimeInMillis = () => 30_000,
): Promise<string[]> {
  const handler = callbackHandler({
    tasks: tasks(),
    stepFunctions: taskClient(services.stepFunctions),
    results: resultReader(store.client),
    maxInlineResultBytes,
  });
  const bodies = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
  const Records = bodies.map((body, index) => ({ messageId: String(index), body }));
  const { batchItemFailures } = await handler({ Records }, { awsRequestId: 'request-1', getRemainingTimeInMillis });
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

async function outputFor(body: Buffer | string, contentType?: string, maxInlineResultBytes?: number) {
  store.objects.set(OBJECT, { body, contentType });
  const {
    responseParameters: { outputLocation },
    ...rest
  } = aNotification(ID);
  expect(
    await deliver([{ ...rest, responseParameters: { outputLocation, contentType } }], maxInlineResultBytes),
  ).toEqual([]);
  return services.answers.splice(0)[0]!.output!;
}

describe('a completed inference', () => {
  test('completes its task with the result and its location, and its task is removed', async () => {
    const output = await outputFor('[{"label":"fr","score":0.99}]', 'application/json');
    expect(JSON.parse(output)).toEqual({
      InferenceId: ID,
      OutputLocation: `s3://${OBJECT}`,
      ContentType: 'application/json',
      Body: [{ label: 'fr', score: 0.99 }],
    });
    expect(services.items.size).toBe(0);
    expect(log.records()).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'task completed', requestId: 'request-1', inferenceId: ID }),
    ]);
  });

  test('completes its task with the response in the notification, without a read of the bucket', async () => {
    const responseBody = { content: Buffer.from('"hi"').toString('base64'), message: '', encoding: 'BASE64' };
    await deliver([{ ...aNotification(ID), responseBody }]);
    expect(JSON.parse(services.answers[0]!.output!)).toMatchObject({ Body: 'hi' });
    expect(store.reads).toEqual([]);
  });

  test.each([
    [
      'JSON',
      'application/json; charset=utf-8',
      '{"n":12345678901234567890.10}',
      '"Body":{"n":12345678901234567890.10}',
    ],
    ['JSON of another name', 'application/geo+json', '[1]', '"Body":[1]'],
    ['what is called JSON and is not', 'application/json', '{"n":', '"Body":"{\\"n\\":"'],
    ['text', 'text/plain', 'grüß "dich"\n', '"Body":"grüß \\"dich\\"\\n"'],
    ['lines of JSON', 'application/jsonlines', '1\n2', '"Body":"1\\n2"'],
    ['text that is none', 'text/plain', Buffer.from([0xff]), '"BodyBase64":"/w=="'],
    ['bytes', 'application/octet-stream', 'text by chance', '"BodyBase64":"dGV4dCBieSBjaGFuY2U="'],
    ['what is not quite JSON', 'application/json5', '1', '"BodyBase64":"MQ=="'],
    ['what is not quite XML', 'application/xml-dtd', '1', '"BodyBase64":"MQ=="'],
    ['XML of another name', 'image/svg+xml', '<svg/>', '"Body":"<svg/>"'],
    ['what is not quite XML of another name', 'image/svg+xmlx', '1', '"BodyBase64":"MQ=="'],
    ['text whose type resembles JSON', 'text/jsonx', '1', '"Body":"1"'],
    ['what nobody labelled', undefined, '1', '"BodyBase64":"MQ=="'],
  ])('returns %s in its own form', async (_, contentType, body, member) => {
    const output = await outputFor(body, contentType);
    expect(output).toContain(`,${member}}`);
    expect(() => {
      JSON.parse(output);
    }).not.toThrow();
  });

  test('has the content type of the object if the notification has none', async () => {
    store.objects.set(OBJECT, { body: '1', contentType: 'application/json' });
    await deliver([{ ...aNotification(ID), responseParameters: { outputLocation: `s3://${OBJECT}` } }]);
    expect(JSON.parse(services.answers[0]!.output!)).toMatchObject({ Body: 1 });
  });

  test('returns any text unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: CHARACTER }), fc.boolean(), async (text, json) => {
        await waits(ID);
        const output = await outputFor(
          json ? JSON.stringify(text) : text,
          json ? 'application/json' : 'text/plain',
          100_000,
        );
        expect((JSON.parse(output) as { Body: string }).Body).toBe(
          text.toWellFormed().replace(json ? /(?!)/ : /^\ufeff/, ''),
        );
      }),
    );
  });

  test.each([
    [1_000, 1_002, true],
    [1_000, 1_001, false],
  ])('a result of %i bytes goes inline if its JSON fits: %i', async (size, limit, fits) => {
    const output = await outputFor('x'.repeat(size), 'text/plain', limit);
    expect('Body' in (JSON.parse(output) as object)).toBe(fits);
    expect(output).toContain(OBJECT);
  });

  test('JSON of exactly the limit goes inline, from S3 or from the notification', async () => {
    const body = JSON.stringify('x'.repeat(98));
    expect(JSON.parse(await outputFor(body, 'application/json', 100))).toMatchObject({ Body: 'x'.repeat(98) });
    await waits(ID);
    expect(JSON.parse(await outputFor(body, 'application/json', 99))).not.toHaveProperty('Body');
    await waits(ID);
    const responseBody = { content: Buffer.from(body).toString('base64'), encoding: 'BASE64' };
    await deliver([{ ...aNotification(ID), responseBody }], 100);
    expect(JSON.parse(services.answers[0]!.output!)).toMatchObject({ Body: 'x'.repeat(98) });
  });

  test('a larger one is returned by its location, and its connection is closed', async () => {
    const closed = new Promise((resolve) => {
      store.faults.push((response) => {
        response.once('close', resolve);
        response.writeHead(200, { 'content-length': 10_000_000 }).write('x');
      });
    });
    expect(JSON.parse(await outputFor('x', 'text/plain'))).toEqual(BY_LOCATION);
    await closed;
  });

  test('is not read if no result goes inline', async () => {
    await outputFor('x', 'text/plain', 0);
    expect(store.reads).toEqual([]);
  });

  test('is returned by its location if Step Functions rejects it as too large', async () => {
    services.failNext('SendTaskSuccess', 'InvalidOutput');
    expect(JSON.parse(await outputFor('1', 'application/json', MAX_INLINE_RESULT_BYTES))).not.toHaveProperty('Body');
  });
});

test.each([
  ['InvalidOutput', 0],
  ['ValidationException', 1_000],
])('a task that Step Functions rejects with %s is not sent twice with a limit of %i bytes', async (type, limit) => {
  services.failNext('SendTaskSuccess', type);
  store.objects.set(OBJECT, { body: '1', contentType: 'application/json' });
  expect(await deliver([aNotification(ID)], limit)).toEqual(['0']);
  expect(services.calls.filter((call) => call === 'SendTaskSuccess')).toHaveLength(1);
  expect(services.answers).toEqual([]);
});

describe('only results under the output prefix of the endpoint are read', () => {
  const SECRET = 'shared/other-tenant/secret.out';
  const outputAt = async (outputLocation: string) => {
    store.reads.length = 0;
    await deliver([{ ...aNotification(ID), responseParameters: { outputLocation } }]);
    return JSON.parse(services.answers[0]!.output!) as object;
  };

  test.each([
    's3://shared/other-tenant/secret.out',
    'https://s3.eu-west-1.amazonaws.com/shared/other-tenant/secret.out',
    's3://shared/output/secret.out',
    's3://results/output-of-another/secret.out',
    's3://results/output/../other-tenant/secret.out',
    's3://results/output/%2e%2e/other-tenant/secret.out',
    'https://results.s3.eu-west-1.amazonaws.com/output/..%2Fother-tenant/secret.out',
    's3://results',
    'no location at all',
  ])('a notification with %s completes the task by that location, without a read', async (location) => {
    store.objects.set(SECRET, { body: CANARY, contentType: 'text/plain' });
    expect(await outputAt(location)).toEqual({ InferenceId: ID, OutputLocation: location });
    expect(store.reads).toEqual([]);
  });

  test.each([`s3://${OBJECT}`, `https://results.s3.eu-west-1.amazonaws.com/${OBJECT.slice('results/'.length)}`])(
    'a result of the endpoint is read in either form: %s',
    async (location) => {
      store.objects.set(OBJECT, { body: '1', contentType: 'application/json' });
      expect(await outputAt(location)).toMatchObject({ Body: 1 });
    },
  );

  test('the prefix may be a whole bucket', async () => {
    await waits(ID, 's3://results/');
    store.objects.set(OBJECT, { body: '1', contentType: 'application/json' });
    expect(await outputAt(`s3://${OBJECT}`)).toMatchObject({ Body: 1 });
  });

  test('a bucket alone is no result', async () => {
    await waits(ID, 's3://results/');
    expect(await outputAt('s3://results/')).toEqual({ InferenceId: ID, OutputLocation: 's3://results/' });
    expect(store.reads).toEqual([]);
  });

  test('nothing is read if the prefix is not known', async () => {
    await tasks().add({ inferenceId: ID, taskToken: `token of ${ID}`, endpointName: 'languages', expiresAt: 1 });
    store.objects.set(OBJECT, { body: '1', contentType: 'application/json' });
    expect(await outputAt(`s3://${OBJECT}`)).not.toHaveProperty('Body');
    expect(store.reads).toEqual([]);
  });
});

describe('errors of S3', () => {
  test.each([
    [301, 'PermanentRedirect'],
    [400, 'KMS.DisabledException'],
    [400, 'KMS.KMSInvalidStateException'],
    [400, 'KMS.NotFoundException'],
    [403, 'AccessDenied'],
    [403, 'InvalidObjectState'],
    [404, 'NoSuchBucket'],
    [404, 'NoSuchKey'],
    [405, 'MethodNotAllowed'],
  ])('that are permanent complete the task by its location at once: %i %s', async (status, code) => {
    store.faults.push(fault(status, code));
    expect(JSON.parse(await outputFor('x', 'text/plain'))).toEqual(BY_LOCATION);
    expect(store.reads).toHaveLength(1);
  });

  test.each([
    [400, 'ExpiredToken'],
    [400, 'KMS.ThrottlingException'],
    [400, 'RequestTimeout'],
    [403, 'RequestTimeTooSkewed'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'SlowDown'],
  ])('that are transient send the message back to the queue: %i %s', async (status, code) => {
    store.faults.push(fault(status, code));
    store.objects.set(OBJECT, { body: '1', contentType: 'application/json' });
    expect(await deliver([aNotification(ID)])).toEqual(['0']);
    expect(services.answers).toEqual([]);
    expect(await deliver([aNotification(ID)])).toEqual([]);
    expect(JSON.parse(services.answers[0]!.output!)).toMatchObject({ Body: 1 });
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['at once', (response) => response.socket?.destroy()],
    [
      'in the middle of the result',
      (response) => {
        response.writeHead(200, { 'content-length': 100 }).write('{', () => response.socket?.destroy());
      },
    ],
  ])('a connection that breaks %s sends the message back to the queue', async (_, answer) => {
    store.faults.push(answer);
    expect(await deliver([aNotification(ID)])).toEqual(['0']);
    expect(services.answers).toEqual([]);
  });

  test('a read that hangs returns its own message to the queue before the function times out', async () => {
    store.faults.push(() => undefined);
    await waits(OTHER);
    const started = performance.now();
    expect(await deliver([aNotification(ID), aFailure(OTHER)], 1_000, () => 900)).toEqual(['0']);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(services.answers).toMatchObject([{ taskToken: `token of ${OTHER}` }]);
    expect(log.records()).toContainEqual(expect.objectContaining({ error: 'DeadlineExceededError' }));
  });
});

describe('an inference without a result', () => {
  test.each([
    ['Failed', 'InferenceFailed'],
    ['Expired', 'InferenceExpired'],
    ['Melted', 'InferenceFailed'],
  ])('%s fails its task with %s', async (status, error) => {
    expect(await deliver([aFailure(ID, status)])).toEqual([]);
    const [answer] = services.answers;
    expect(answer).toMatchObject({ taskToken: `token of ${ID}`, error });
    expect(JSON.parse(answer!.cause!)).toEqual({
      InferenceId: ID,
      Reason: 'ClientError: the model answered 500',
      FailureLocation: `s3://results/failure/${ID}.out`,
    });
    expect(services.items.size).toBe(0);
  });

  test('a failure without a reason fails its task too', async () => {
    expect(await deliver([{ ...aFailure(ID), failureReason: undefined }])).toEqual([]);
    expect(JSON.parse(services.answers[0]!.cause!)).not.toHaveProperty('Reason');
  });

  test('the cause fits the limit of Step Functions, whatever the reason is', async () => {
    await deliver([{ ...aFailure(ID), failureReason: '\u0001😀'.repeat(50_000) }]);
    expect(services.answers[0]!.cause!.length).toBeLessThan(32_768);
    // The limit is within a surrogate pair.
    expect((JSON.parse(services.answers[0]!.cause!) as { Reason: string }).Reason).toMatch(
      /^(\u0001😀){1666}\u0001\ufffd$/u,
    );
  });
});

describe('only the first notification of a waiting task has an effect', () => {
  test('a repeat has none, in the same batch or later', async () => {
    store.objects.set(OBJECT, { body: '1' });
    expect(await deliver([aNotification(ID), aNotification(ID), aFailure(ID)])).toEqual([]);
    expect(await deliver([aNotification(ID)])).toEqual([]);
    expect(services.answers).toHaveLength(1);
    expect(services.items.size).toBe(0);
  });

  test.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    'one that comes too late has none: %s',
    async (gone) => {
      services.failNext('SendTaskFailure', gone);
      expect(await deliver([aFailure(ID)])).toEqual([]);
      expect(services.answers).toEqual([]);
      expect(services.items.size).toBe(0);
      expect(log.records()).toEqual([expect.objectContaining({ message: 'no task is waiting' })]);
    },
  );

  test('one of another endpoint has none, and the task goes on waiting', async () => {
    expect(await deliver([aNotification(ID, 'other')])).toEqual([]);
    expect(services.answers).toEqual([]);
    expect(log.records()).toEqual([expect.objectContaining({ level: 'WARN', message: 'result of another endpoint' })]);
    await deliver([aFailure(ID, 'Failed', 'LANGUAGES')]);
    expect(services.answers).toHaveLength(1);
  });

  test('the result of another request has none, and the table is not read', async () => {
    services.calls.length = 0;
    expect(
      await deliver([aNotification('8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11'), TEST_NOTIFICATION, 'not JSON', '{}']),
    ).toEqual([]);
    expect(services.calls).toEqual([]);
    expect(log.records().map(({ message }) => message)).toEqual([
      'not the result of a task',
      'not a result',
      'not a result',
      'not a result',
    ]);
  });

  test('one with an ID that is longer than any has none, and the table is not read', async () => {
    const longest = TASK_ID_PREFIX.padEnd(64, '1');
    await waits(longest);
    services.calls.length = 0;
    expect(await deliver([aNotification(`${longest}1`), aNotification(`x${'1'.repeat(64)}`)])).toEqual([]);
    expect(services.calls).toEqual([]);
    expect(log.records().map(({ inferenceId }) => inferenceId as string)).toEqual([longest, `x${'1'.repeat(63)}`]);
    expect(await deliver([aNotification(longest)])).toEqual([]);
    expect(services.answers).toHaveLength(1);
  });

  test('one with an unknown ID has none', async () => {
    expect(await deliver([aNotification(`${TASK_ID_PREFIX}2`)])).toEqual([]);
    expect(services.answers).toEqual([]);
  });
});

describe('a hostile notification', () => {
  test.each([
    ['of a result', { ...aNotification(ID), responseParameters: { outputLocation: `s3://b/${'k'.repeat(160_000)}` } }],
    ['that is an ID', aNotification(`${TASK_ID_PREFIX}${'1'.repeat(160_000)}`)],
  ])('with 160 kB %s has no effect, and is not delivered again', async (_, notification) => {
    expect(await deliver([notification])).toEqual([]);
    expect(services.answers).toEqual([]);
    expect(services.items.size).toBe(1);
    expect(log.text().length).toBeLessThan(400);
  });

  test('with 160 kB as the location of a failure fails its task without it', async () => {
    const failureLocation = `s3://b/${'k'.repeat(160_000)}`;
    expect(await deliver([{ ...aFailure(ID), responseParameters: { failureLocation } }])).toEqual([]);
    expect(JSON.parse(services.answers[0]!.cause!)).not.toHaveProperty('FailureLocation');
  });

  test('with an adversarial location is handled in time', async () => {
    const locations = ['https://' + 'a.s3.'.repeat(30_000), 's3://' + '/'.repeat(160_000)];
    const started = performance.now();
    for (const outputLocation of locations)
      expect(await deliver([{ ...aNotification(ID), responseParameters: { outputLocation } }])).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

test('a task that the table deleted too early ends by its own timeout', async () => {
  services.items.clear();
  expect(await deliver([aNotification(ID), aFailure(ID)])).toEqual([]);
  expect(services.answers).toEqual([]);
  expect(log.records().map(({ message }) => message)).toEqual(['no task is waiting', 'no task is waiting']);
});

describe('transient errors are retried', () => {
  test.each([
    ['GetItem', 'ThrottlingException'],
    ['SendTaskFailure', 'ThrottlingException'],
    ['SendTaskFailure', 'InternalServerError'],
  ])('%s: %s', async (operation, type) => {
    services.failNext(operation, type);
    expect(await deliver([{ ...aFailure(ID), failureReason: CANARY }, TEST_NOTIFICATION])).toEqual(['0']);
    expect(services.answers).toEqual([]);
    expect(services.items.size).toBe(1);
    expect(log.records()).toContainEqual(
      expect.objectContaining({ level: 'ERROR', message: 'task not completed yet', error: type }),
    );
    expect(await deliver([aFailure(ID)])).toEqual([]);
    expect(services.answers).toHaveLength(1);
  });

  test('DeleteItem: the task is still completed once', async () => {
    services.failNext('DeleteItem', 'ProvisionedThroughputExceededException');
    expect(await deliver([aFailure(ID)])).toEqual(['0']);
    expect(await deliver([aFailure(ID)])).toEqual([]);
    expect(services.answers).toHaveLength(1);
    expect(services.items.size).toBe(0);
  });
});

test('nothing of a result, a failure or a request is logged', async () => {
  const secret = {
    ...aFailure(ID),
    failureReason: CANARY,
    requestParameters: { endpointName: 'languages', customAttributes: CANARY },
  };
  await deliver([
    secret,
    `{"${CANARY}"`,
    aNotification(ID, CANARY),
    { eventSource: 'aws:sagemaker', eventName: CANARY },
  ]);
  expect(services.answers).toHaveLength(1);
  expect(log.text()).not.toContain(CANARY);
});
