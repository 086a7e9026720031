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
  test('ends its task with the result and its location, and is forgotten', async () => {
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

  test('does so with the response in the notification, without a look into the bucket', async () => {
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
    ['what nobody labelled', undefined, '1', '"BodyBase64":"MQ=="'],
  ])('takes %s as what it is', async (_, contentType, body, member) => {
    const output = await outputFor(body, contentType);
    expect(output).toContain(`,${member}}`);
    expect(() => {
      JSON.parse(output);
    }).not.toThrow();
  });

  test('the content type is that of the object where the notification tells none', async () => {
    store.objects.set(OBJECT, { body: '1', contentType: 'application/json' });
    await deliver([{ ...aNotification(ID), responseParameters: { outputLocation: `s3://${OBJECT}` } }]);
    expect(JSON.parse(services.answers[0]!.output!)).toMatchObject({ Body: 1 });
  });

  test('any text comes through as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.boolean(), async (text, json) => {
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
      { numRuns: 50 },
    );
  });

  test.each([
    [1_000, 1_002, true],
    [1_000, 1_001, false],
  ])('a result of %i bytes goes into the state up to the limit, as JSON: %i', async (size, limit, fits) => {
    const output = await outputFor('x'.repeat(size), 'text/plain', limit);
    expect('Body' in (JSON.parse(output) as object)).toBe(fits);
    expect(output).toContain(OBJECT);
  });

  test('JSON of exactly the limit goes into the state, as it came from S3 or in the notification', async () => {
    const body = JSON.stringify('x'.repeat(98));
    expect(JSON.parse(await outputFor(body, 'application/json', 100))).toMatchObject({ Body: 'x'.repeat(98) });
    await waits(ID);
    expect(JSON.parse(await outputFor(body, 'application/json', 99))).not.toHaveProperty('Body');
    await waits(ID);
    const responseBody = { content: Buffer.from(body).toString('base64'), encoding: 'BASE64' };
    await deliver([{ ...aNotification(ID), responseBody }], 100);
    expect(JSON.parse(services.answers[0]!.output!)).toMatchObject({ Body: 'x'.repeat(98) });
  });

  test('the output of a larger one has its location alone, and its connection is closed', async () => {
    const closed = new Promise((resolve) => {
      store.faults.push((response) => {
        response.once('close', resolve);
        response.writeHead(200, { 'content-length': 10_000_000 }).write('x');
      });
    });
    expect(JSON.parse(await outputFor('x', 'text/plain'))).toEqual(BY_LOCATION);
    await closed;
  });

  test('results are not read where no result goes inline', async () => {
    await outputFor('x', 'text/plain', 0);
    expect(store.reads).toEqual([]);
  });

  test('what Step Functions finds too large goes by its location', async () => {
    services.failNext('SendTaskSuccess', 'InvalidOutput');
    expect(JSON.parse(await outputFor('1', 'application/json', MAX_INLINE_RESULT_BYTES))).not.toHaveProperty('Body');
  });
});

describe('a result is read under the output prefix of its own endpoint alone', () => {
  const SECRET = 'shared/other-tenant/secret.out';
  const outputAt = async (outputLocation: string) => {
    store.reads.length = 0;
    await deliver([{ ...aNotification(ID), responseParameters: { outputLocation } }]);
    return JSON.parse(services.answers[0]!.output!) as object;
  };

  test.each([
    's3://shared/other-tenant/secret.out',
    'https://s3.eu-west-1.amazonaws.com/shared/other-tenant/secret.out',
    's3://results/output-of-another/secret.out',
    's3://results/output/../other-tenant/secret.out',
    's3://results/output/%2e%2e/other-tenant/secret.out',
    'https://results.s3.eu-west-1.amazonaws.com/output/..%2Fother-tenant/secret.out',
    's3://results',
    'no location at all',
  ])('a notification that names %s completes the task by that location, and nothing is read', async (location) => {
    store.objects.set(SECRET, { body: CANARY, contentType: 'text/plain' });
    expect(await outputAt(location)).toEqual({ InferenceId: ID, OutputLocation: location });
    expect(store.reads).toEqual([]);
  });

  test.each([`s3://${OBJECT}`, `https://results.s3.eu-west-1.amazonaws.com/${OBJECT.slice('results/'.length)}`])(
    'its own is read in either form: %s',
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

  test('nothing is read where the prefix is not known', async () => {
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
  ])('that are permanent complete the task by the location at once: %i %s', async (status, code) => {
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

  test('a result that hangs sends its message back before the function times out, and no other', async () => {
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
  ])('%s ends its task with %s', async (status, error) => {
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

  test('the cause stays within what Step Functions takes, whatever the reason is', async () => {
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

  test('one of another endpoint has none, and leaves the task to wait for its own', async () => {
    expect(await deliver([aNotification(ID, 'other')])).toEqual([]);
    expect(services.answers).toEqual([]);
    expect(log.records()).toEqual([expect.objectContaining({ level: 'WARN', message: 'result of another endpoint' })]);
    await deliver([aFailure(ID, 'Failed', 'LANGUAGES')]);
    expect(services.answers).toHaveLength(1);
  });

  test('what others sent to the endpoint has none, without a look at the table', async () => {
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

  test('one of an unknown id has none', async () => {
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

  test('with 160 kB as the location of a failure ends its task without it', async () => {
    const failureLocation = `s3://b/${'k'.repeat(160_000)}`;
    expect(await deliver([{ ...aFailure(ID), responseParameters: { failureLocation } }])).toEqual([]);
    expect(JSON.parse(services.answers[0]!.cause!)).not.toHaveProperty('FailureLocation');
  });

  test('with every nonsense for a location ends in time', async () => {
    const locations = ['https://' + 'a.s3.'.repeat(30_000), 's3://' + '/'.repeat(160_000)];
    const started = performance.now();
    for (const outputLocation of locations)
      expect(await deliver([{ ...aNotification(ID), responseParameters: { outputLocation } }])).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

test('a task that the table deleted before its time is left to its own timeout', async () => {
  services.items.clear();
  expect(await deliver([aNotification(ID), aFailure(ID)])).toEqual([]);
  expect(services.answers).toEqual([]);
  expect(log.records().map(({ message }) => message)).toEqual(['no task is waiting', 'no task is waiting']);
});

describe('what passes is tried again', () => {
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

  test('DeleteItem: the answer is given once all the same', async () => {
    services.failNext('DeleteItem', 'ProvisionedThroughputExceededException');
    expect(await deliver([aFailure(ID)])).toEqual(['0']);
    expect(await deliver([aFailure(ID)])).toEqual([]);
    expect(services.answers).toHaveLength(1);
    expect(services.items.size).toBe(0);
  });
});

test('nothing that a model or a user said is logged', async () => {
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
