import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { toCallbackEnvironment } from '../../../lib/contract/callback';
import { toEnvironment } from '../../../lib/contract/invoker';
import { sqsEvent } from '../../support/events';
import type { Server } from '../../support/sagemaker-runtime-server';
import { startServer } from '../../support/sagemaker-runtime-server';

const CALL = join(__dirname, '../../support/call-bundle.cjs');
const LOAD = join(__dirname, '../../support/load-bundle.cjs');
const DIST = join(__dirname, '../../../lambda/dist');
const BUNDLE = join(DIST, 'invoker/index.js');

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test('the function writes lines of JSON and nothing else, even if every connection of a batch breaks', async () => {
  server.answerWith((response) => response.socket?.destroy());
  const event = sqsEvent(Array.from({ length: 30 }, () => ({ body: 'x' })));
  const child = fork(CALL, [BUNDLE, JSON.stringify(event)], {
    env: {
      ...toEnvironment({ endpointName: 'summaries', defaultContentType: 'text/plain' }),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
      // The function runs on a version of Node.js of which the SDK does not warn. The tests run on older ones too.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    silent: true,
  });
  try {
    const [[answer], output, errors] = await Promise.all([
      once(child, 'message') as Promise<[{ batchItemFailures: unknown[] }]>,
      text(child.stdout!),
      text(child.stderr!),
    ]);
    expect(answer.batchItemFailures).toHaveLength(30);
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { level: string; requests: object[] });
    expect(new Set(lines.map(({ level }) => level))).toEqual(new Set(['ERROR']));
    expect(lines.flatMap(({ requests }) => requests)).toHaveLength(30);
    expect(errors).toBe('');
  } finally {
    child.kill();
  }
});

describe.each(['invoker', 'invoker-with-s3-and-sqs', 'starter', 'callback'])('while %s loads', (bundle) => {
  test('it connects to nothing, reads no credentials and keeps nothing open', async () => {
    const child = fork(LOAD, [join(DIST, bundle, 'index.js')], {
      env: {
        ...toEnvironment({ endpointName: 'summaries', defaultContentType: 'text/plain' }),
        ...toCallbackEnvironment({ tableName: 'tasks', maxInlineResultBytes: 0 }),
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_SESSION_TOKEN: 'token',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [[report], [code]] = (await Promise.all([once(child, 'message'), once(child, 'exit')])) as [
      [{ connections: string[]; variables: string[]; open: string[] }],
      [number],
    ];
    expect(code).toBe(0);
    expect(report.connections).toEqual([]);
    expect(report.open.filter((resource) => /socket|tls|dns/i.test(resource))).toEqual([]);
    expect(report.variables.filter((name) => /^AWS_(ACCESS|SECRET|SESSION|CONTAINER)/.test(name))).toEqual([]);
    expect(report.variables.length).toBeGreaterThan(0);
  });
});
