import { toCallbackEnvironment } from '../../../lib/contract/callback';
import { sqsEvent } from '../../support/events';
import { aFailure, aNotification } from '../../support/notifications';
import { startObjectStore } from '../../support/object-store';
import { FunctionUnderClient } from '../../support/runtime-client';
import { startTaskServices } from '../../support/task-services';

const CANARY = 'canary-3d0e';

let services: Awaited<ReturnType<typeof startTaskServices>>;
let store: Awaited<ReturnType<typeof startObjectStore>>;
let callback: FunctionUnderClient;
let log: Awaited<ReturnType<FunctionUnderClient['stop']>> | undefined;
beforeAll(async () => {
  [services, store] = await Promise.all([startTaskServices(), startObjectStore()]);
  callback = await FunctionUnderClient.start('callback', {
    ...toCallbackEnvironment({ tableName: 'Tasks', maxInlineResultBytes: 1_000 }),
    AWS_ENDPOINT_URL_DYNAMODB: services.url,
    AWS_ENDPOINT_URL_SFN: services.url,
    // S3 has the bucket in the path if the host is an address.
    AWS_ENDPOINT_URL_S3: store.url,
  });
});
afterAll(async () => {
  await (log ?? callback.stop());
  await Promise.all([store.stop(), services.stop()]);
});
afterEach(() => services.clear());

const waits = (id: string) => {
  services.waiting.add(`token-${id}`);
  services.items.set(id, {
    inferenceId: { S: id },
    taskToken: { S: `token-${id}` },
    endpointName: { S: 'languages' },
    outputLocationPrefix: { S: 's3://results/output/' },
    expiresAt: { N: '4000000000' },
  });
};
const complete = (...notifications: object[]) =>
  callback.invoke(
    sqsEvent(
      notifications.map((notification, index) => ({ body: JSON.stringify(notification), messageId: `${index}` })),
    ),
  );

test('a result completes its task, and a failure fails it', async () => {
  waits('sfn-task-1');
  waits('sfn-task-2');
  store.objects.set('results/output/sfn-task-1.out', {
    body: `{"label":"${CANARY}","id":12345678901234567890}`,
    contentType: 'application/json',
  });
  expect(await complete(aNotification('sfn-task-1'), aFailure('sfn-task-2'))).toEqual({
    response: { batchItemFailures: [] },
  });
  expect(services.answers.find(({ output }) => output)?.output).toContain(
    `"Body":{"label":"${CANARY}","id":12345678901234567890}`,
  );
  expect(services.answers.find(({ error }) => error)).toMatchObject({ error: 'InferenceFailed' });
});

test('of a batch, only the message whose task could not be completed goes back to the queue', async () => {
  waits('sfn-task-3');
  waits('sfn-task-4');
  // The clients make three attempts.
  for (let attempt = 0; attempt < 3; attempt += 1) services.failNext('SendTaskFailure', 'InternalError', 500);
  expect(await complete(aNotification('sfn-task-3'), aFailure('sfn-task-4'))).toEqual({
    response: { batchItemFailures: [{ itemIdentifier: '1' }] },
  });
  expect([...services.items.keys()]).toEqual(['sfn-task-4']);
});

test('a notification of another endpoint has no effect', async () => {
  waits('sfn-task-5');
  expect(await complete(aNotification('sfn-task-5', 'other'))).toEqual({ response: { batchItemFailures: [] } });
  expect(services.answers).toEqual([]);
});

test('a batch that is not one of SQS fails', async () => {
  expect(await callback.invoke({ [CANARY]: 1 })).toEqual({ errorType: 'TypeError' });
});

test('the log is lines of JSON without anything of a result', async () => {
  log = await callback.stop();
  expect(log.lines.map((line) => JSON.parse(line) as object)).not.toEqual([]);
  expect(log.stderr).toBe('');
  expect(log.lines.join()).not.toContain(CANARY);
});
