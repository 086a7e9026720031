import { DeleteQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { QueuePoller } from '../../../local/aws/queue-poller';
import { Services } from '../../../local/aws/services';
import type { Session } from '../../../local/aws/services';
import { afterTests } from '../../support/after-tests';

let session: Session;

beforeAll(async () => {
  const services = await Services.start();
  afterTests(() => services.close());
  session = services.session('us-east-1');
});

test('a poller processes messages until it is closed', async () => {
  const queueUrl = await session.createQueue('processed');
  const bodies: string[] = [];
  let received: () => void;
  const both = new Promise<void>((resolve) => (received = resolve));
  const poller = new QueuePoller(session, queueUrl, (messages) => {
    bodies.push(...messages.map(({ Body }) => Body!));
    if (bodies.length === 2) received();
    return Promise.resolve(messages);
  });
  afterTests(() => poller.close());
  for (const MessageBody of ['a', 'b']) {
    await session.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
  }
  await both;
  await poller.close();
  await poller.ended;
  expect(bodies.sort()).toEqual(['a', 'b']);
});

test('a poller whose processing fails ends with the error, and can be closed', async () => {
  const queueUrl = await session.createQueue('failed');
  const poller = new QueuePoller(session, queueUrl, () => Promise.reject(new Error('broken')));
  afterTests(() => poller.close());
  await session.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'a' }));
  await expect(poller.ended).rejects.toThrow('broken');
  await poller.close();
});

test('a poller of a queue that does not exist ends with the error of SQS', async () => {
  const queueUrl = await session.createQueue('deleted');
  await session.sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
  const poller = new QueuePoller(session, queueUrl, () => Promise.resolve([]));
  afterTests(() => poller.close());
  await expect(poller.ended).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});
