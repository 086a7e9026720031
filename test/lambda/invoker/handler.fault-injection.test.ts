import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { invokerHandler } from '../../../lambda/invoker/handler';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { httpApiEvent, sqsEvent } from '../../support/events';
import { captureLog } from '../../support/log-capture';
import type { Answer, Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, clientOf, refuse, startServer } from '../../support/sagemaker-runtime-server';

const CONFIG: InvokerConfig = { endpointName: 'summaries', defaultContentType: 'text/plain' };
interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const CANARY = 'canary-5f2a';
const requestHandler = { requestTimeout: 300, socketTimeout: 300, throwOnRequestTimeout: true };

const contextOf = (milliseconds: number) => {
  const end = performance.now() + milliseconds;
  return { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => Math.round(end - performance.now()) };
};

let server: Server;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  server = await startServer({ requestHandler });
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

const lost: Answer = (response) => response.socket?.destroy();
const cutOff: Answer = (response) => {
  response.writeHead(202, { 'content-length': '100', 'x-amzn-sagemaker-outputlocation': 's3://results/1.out' });
  response.write('{"Inf', () => response.socket?.destroy());
};
const stuck: Answer = (response) => {
  response.writeHead(202, { 'content-length': '100' }).write('{');
};
const silent: Answer = () => undefined;

describe('the deadline', () => {
  const handlerOf = (client = server.client) => invokerHandler({ client, config: CONFIG });
  const slow: [string, Answer][] = [
    ['never answers', silent],
    ['stops in the middle of its answer', stuck],
    ['asks for a long pause', (response) => response.writeHead(503, { 'x-amz-retry-after': '20000' }).end()],
  ];

  test.each(slow)('ends a call in time for a response, if the service %s', async (_, answer) => {
    const endless = clientOf(server.url);
    server.answerWith(answer);
    const context = contextOf(900);
    await expect(handlerOf(endless)({ Body: 'x' }, context)).rejects.toMatchObject({
      name: 'DeadlineExceededError',
      message: expect.stringContaining('retry with the same InferenceId') as string,
    });
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(100);
    expect(log.records()).toMatchObject([{ error: 'DeadlineExceededError', level: 'ERROR' }]);
    expect(await handlerOf(endless)(httpApiEvent({ body: 'x' }), contextOf(900))).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': '1' },
    });
    expect(await handlerOf(endless)(sqsEvent([{ body: 'x', messageId: 'm' }]), contextOf(900))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm' }],
    });
    endless.destroy();
  });

  test('closes the connection of a call that it ends', async () => {
    const closed = new Promise((resolve) => {
      server.answerWith((response) => response.once('close', resolve));
    });
    const endless = clientOf(server.url);
    await expect(handlerOf(endless)({ Body: 'x' }, contextOf(600))).rejects.toMatchObject({
      name: 'DeadlineExceededError',
    });
    await closed;
    endless.destroy();
  });

  test('does not abort a response that comes in time', async () => {
    server.answerWith((response, request) => {
      setTimeout(() => {
        ACCEPT(response, request);
      }, 150);
    });
    expect(await handlerOf()({ Body: 'x' }, contextOf(900))).toMatchObject({
      OutputLocation: expect.any(String) as string,
    });
    expect(log.records()).toHaveLength(1);
  });
});

describe('connections', () => {
  const invoke = () =>
    invokerHandler({ client: server.client, config: CONFIG })({ Body: 'x', InferenceId: 'order-1' }, contextOf(30_000));

  test('are reused', async () => {
    const sockets = new Set<unknown>();
    server.answerWith((response, request) => {
      sockets.add(response.socket);
      ACCEPT(response, request);
    });
    for (let call = 0; call < 20; call += 1) await invoke();
    expect(sockets.size).toBe(1);
  });

  test('that went stale while the function was frozen are replaced', async () => {
    await invoke();
    const stale = new Set<unknown>();
    server.answerWith((response, request) => {
      (stale.add(response.socket).size === 1 ? lost : ACCEPT)(response, request);
    });
    expect(await invoke()).toMatchObject({ InferenceId: 'order-1' });
    expect(stale.size).toBe(2);
  });

  test('that are refused make a call fail as one to retry', async () => {
    const closed = createServer();
    await new Promise<void>((listening) => closed.listen(0, '127.0.0.1', listening));
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    const handler = invokerHandler({ client: clientOf(`http://127.0.0.1:${port}`), config: CONFIG });
    expect(await handler(httpApiEvent({ body: 'x' }), contextOf(30_000))).toMatchObject({ statusCode: 503 });
  });
});

test('a request whose response was lost is sent again with the same InferenceId and file name', async () => {
  server.answerWith((response, request) => {
    (server.received.length < 3 ? cutOff : ACCEPT)(response, request);
  });
  const answer = await invokerHandler({ client: server.client, config: CONFIG })(
    sqsEvent([{ body: 'x' }]),
    contextOf(30_000),
  );
  expect(answer).toEqual({ batchItemFailures: [] });
  const names = server.received.map(({ headers }) => [
    headers['x-amzn-sagemaker-inference-id'],
    headers['x-amzn-sagemaker-filename'],
  ]);
  expect(names).toHaveLength(3);
  expect(new Set(names.map(String)).size).toBe(1);
});

describe('the clock', () => {
  /** A service whose clock is ahead by this much. It refuses a signature that is five minutes old, or early. */
  const serviceAheadBy =
    (milliseconds: number): Answer =>
    (response, request) => {
      const signed = String(request.headers['x-amz-date']);
      const time = Date.parse(signed.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:'));
      const now = Date.now() + milliseconds;
      response.setHeader('date', new Date(now).toUTCString());
      (Math.abs(time - now) > 300_000 ? refuse(403, 'InvalidSignatureException') : ACCEPT)(response, request);
    };

  test.each([3_600_000, -3_600_000])(
    'is corrected within the call if it is wrong by %i milliseconds',
    async (ahead) => {
      const client = clientOf(server.url);
      server.answerWith(serviceAheadBy(ahead));
      const handler = invokerHandler({ client, config: CONFIG });
      for (const attempts of [2, 1]) {
        expect(await handler({ Body: 'x' }, contextOf(30_000))).toHaveProperty('OutputLocation');
        expect(server.received.splice(0)).toHaveLength(attempts);
      }
      client.destroy();
    },
  );

  test.each([600_000, -600_000])('may jump by %i milliseconds during a call, which ends in time', async (jump) => {
    const now = Date.now.bind(Date);
    const clock = jest.spyOn(Date, 'now');
    server.answerWith(() => clock.mockImplementation(() => now() + jump));
    const client = clientOf(server.url);
    const context = contextOf(900);
    const outcome = await invokerHandler({ client, config: CONFIG })({ Body: 'x' }, context).catch(
      (error: Error) => error.name,
    );
    clock.mockRestore();
    client.destroy();
    expect(outcome).toBe('DeadlineExceededError');
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(100);
  });
});

test('messages that fail with expired credentials are accepted with the same InferenceId and file name after a rotation', async () => {
  const rotated = 'AKIDROTATED';
  server.answerWith((response, request) => {
    const isValid = request.headers.authorization!.includes(`Credential=${rotated}/`);
    (isValid ? ACCEPT : refuse(403, 'ExpiredTokenException'))(response, request);
  });
  const event = sqsEvent([{ body: 'a' }, { body: 'b' }]);
  const before = await invokerHandler({ client: server.client, config: CONFIG })(event, contextOf(30_000));
  expect(before).toMatchObject({
    batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
  });
  const refused = server.received.splice(0);
  const client = clientOf(server.url, { credentials: { accessKeyId: rotated, secretAccessKey: 'secret' } });
  expect(await invokerHandler({ client, config: CONFIG })(event, contextOf(30_000))).toEqual({ batchItemFailures: [] });
  client.destroy();
  const names = (requests: typeof refused) =>
    requests.map(
      ({ headers }) =>
        `${String(headers['x-amzn-sagemaker-inference-id'])} ${String(headers['x-amzn-sagemaker-filename'])}`,
    );
  expect(new Set(names(refused))).toEqual(new Set(names(server.received)));
});

describe('10,000 messages, with an injected failure in three of ten responses', () => {
  /** What the service does wrong, and whether it has accepted the request by then. */
  const FAULTS: readonly (readonly [Answer, boolean])[] = [
    [lost, false],
    [refuse(429, 'ThrottlingException'), false],
    [refuse(500, 'InternalFailure'), false],
    [refuse(503, 'ServiceUnavailable'), false],
    [(response) => response.writeHead(502).end('<html>'), false],
    [lost, true],
    [cutOff, true],
    [
      (response) => response.writeHead(202, { 'x-amzn-sagemaker-outputlocation': 's3://results/1.out' }).end('{"Infe'),
      true,
    ],
    [(response) => response.writeHead(202).end('{}'), true],
    [refuse(500, 'InternalFailure'), true],
  ];
  const MESSAGES = 10_000;

  /** The queue, which gives again what failed, and as many functions at it as there are clients. */
  async function drain(clients: readonly SageMakerRuntimeClient[]): Promise<number> {
    const redelivered = new Set<string>();
    let batches = 0;
    const waiting: { readonly body: string; readonly messageId: string }[] = Array.from({ length: MESSAGES }, () => ({
      body: `${CANARY} ${randomUUID()}`,
      messageId: randomUUID(),
    }));
    const byId = new Map(waiting.map((message) => [message.messageId, message]));
    await Promise.all(
      clients.map(async (client) => {
        const handler = invokerHandler({ client, config: CONFIG });
        while (waiting.length > 0) {
          const batch = waiting.splice(0, 10);
          const { batchItemFailures } = (await handler(sqsEvent(batch), contextOf(30_000))) as BatchAnswer;
          const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
          waiting.push(...[...failed].map((messageId) => byId.get(messageId)!));
          // SQS delivers at least once: now and then a message comes again although it was accepted.
          batches += 1;
          const again = batch.find(({ messageId }) => !failed.has(messageId) && !redelivered.has(messageId));
          if (batches % 10 === 0 && again) {
            redelivered.add(again.messageId);
            waiting.push(again);
          }
        }
      }),
    );
    return redelivered.size;
  }

  test('none is lost, none has two names, every duplicate has a cause, and nothing is leaked', async () => {
    const accepted = new Map<string, { count: number; names: Set<string> }>();
    // What lies in S3 in the end: where a name that comes again overwrites, and where it does not
    const overwriting = new Map<string, string>();
    const keeping = new Map<string, string[]>();
    const heaps: number[] = [];
    let [answers, unheard] = [0, 0];
    server.answerWith((response, request) => {
      server.received.length = 0;
      answers += 1;
      if (answers % 4_000 === 0) heaps.push(heapUsed());
      const [answer, isAccepted] =
        answers % 10 < 3 ? FAULTS[Math.floor(answers / 10 + answers) % FAULTS.length]! : [ACCEPT, true];
      if (isAccepted) {
        const body = request.body.toString();
        const [id, filename] = ['inference-id', 'filename'].map((header) =>
          String(request.headers[`x-amzn-sagemaker-${header}`]),
        ) as [string, string];
        overwriting.set(filename, body);
        keeping.set(id, [...(keeping.get(id) ?? []), body]);
        const { count, names } = accepted.get(body) ?? { count: 0, names: new Set() };
        names.add(`${id} ${filename}`);
        accepted.set(body, { count: count + 1, names });
        if (answer !== ACCEPT) unheard += 1;
      }
      answer(response, request);
    });
    const clients = Array.from({ length: 30 }, () => clientOf(server.url));
    const redelivered = await drain(clients);
    for (const client of clients) client.destroy();

    expect(accepted.size).toBe(MESSAGES);
    const all = [...accepted.values()];
    expect(all.filter(({ names }) => names.size !== 1)).toEqual([]);
    expect(new Set(all.map(({ names }) => [...names][0])).size).toBe(MESSAGES);
    // A message is accepted again if an acceptance was not received or the queue delivered it again, and for no other reason.
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(MESSAGES + unheard + redelivered);
    expect(unheard).toBeGreaterThan(0);
    expect(redelivered).toBeGreaterThan(50);
    // If names overwrite, there is one result per message. If not, there is one per acceptance, and each InferenceId has one message.
    expect(overwriting.size).toBe(MESSAGES);
    expect([...keeping.values()].flat()).toHaveLength(MESSAGES + unheard + redelivered);
    expect([...keeping.values()].filter((bodies) => new Set(bodies).size !== 1)).toEqual([]);
    expect(keeping.size).toBe(MESSAGES);
    expect(log.text()).not.toContain(CANARY);
    // What the test itself keeps of 10,000 messages is about 10 MB
    expect(Math.max(...heaps) - heaps[0]!).toBeLessThan(20_000_000);
  }, 300_000);

  function heapUsed(): number {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    return process.memoryUsage().heapUsed;
  }
});
