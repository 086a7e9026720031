import { execFile, fork } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { LocalServer } from '../../../local/aws/local-server';
import { afterTests } from '../../support/after-tests';
import { sqsEvent } from '../../support/events';
import { aFailure, aNotification } from '../../support/notifications';
import { startObjectStore } from '../../support/object-store';
import { startTaskServices } from '../../support/task-services';
import type { ReceivedRequest, Server } from '../../support/sagemaker-runtime-server';
import { ACCEPT, refuse, startServer } from '../../support/sagemaker-runtime-server';

const ROOT = join(__dirname, '../../..');
const TSX = pathToFileURL(require.resolve('tsx')).href;
const execute = promisify(execFile);

/** Runs a module in a process of its own, since esbuild does not work inside Jest. */
const run = (script: string) =>
  execute(process.execPath, ['--import', TSX, '--input-type=module', '--eval', script], { cwd: ROOT });

/** The expression for a module of this project. */
const load = (file: string) =>
  `(await import('node:module')).createRequire(import.meta.url)(${JSON.stringify(join(ROOT, file))})`;

/** What the invoker's bundle must hold nothing of. */
const LEFT_OUT = [
  /nested-clients/,
  /credential-provider-login/,
  /token-providers/,
  /signature-v4-multi-region/, // what SSO, INI, process and web identity use
  /credential-provider-imds/,
  /shared-ini-file-loader\/(?!getProfileName)/,
  /eventstream/i,
  /xml/i,
  /\/query\//,
  /cbor/i,
  /Sha256Js/,
  /http2/,
];

const TASK = { EndpointName: 'languages', OutputLocationPrefix: 's3://results/output/' };
const IDENTITY = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
beforeEach(() => {
  server.clear();
});
afterAll(() => server.stop());

/** What a bundle answers to an event, or the error that it ends with, in a process whose environment is a function's. */
function call(bundle: string, event: unknown, environment: Record<string, string> = IDENTITY): Promise<unknown> {
  const script = join(__dirname, '../../support/call-bundle.cjs');
  const env = {
    ENDPOINT_NAME: 'summaries',
    DEFAULT_CONTENT_TYPE: 'text/plain',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
    ...environment,
  };
  const child = fork(script, [join(ROOT, `lambda/dist/${bundle}/index.js`), JSON.stringify(event)], {
    env,
    execArgv: [],
    silent: true,
  });
  afterTests(() => child.kill());
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => {
      reject(new Error(`the child ended with ${code}`));
    });
  });
}

test('the invoker contains nothing that a Lambda function never runs', async () => {
  const script = `
const { bundle } = ${load('tools/bundle/bundle.ts')};
const { isStubbed } = ${load('tools/bundle/sdk-stubs.ts')};
const { inputs } = (await bundle()).metafile.outputs['lambda/dist/invoker/index.js'];
const held = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0 && !isStubbed(path));
console.log(JSON.stringify(held));`;
  const { stdout } = await run(script);
  const held = JSON.parse(stdout) as string[];
  expect(held.length).toBeGreaterThan(100);
  expect(held.filter((path) => LEFT_OUT.some((pattern) => pattern.test(path)))).toEqual([]);
});

test('a stub of a module that the SDK no longer has fails the build', async () => {
  const script = `
import { build } from 'esbuild';
const { stubModules } = ${load('tools/bundle/sdk-stubs.ts')};
await build({ stdin: { contents: '' }, write: false, bundle: true, plugins: [stubModules], logLevel: 'silent' });`;
  await expect(run(script)).rejects.toThrow('is stubbed but was not found in the bundle');
});

test('the schemas with literal keys are the same', async () => {
  const script = `
import { build } from 'esbuild';
import { createRequire } from 'node:module';
const { literalKeys } = ${load('tools/bundle/literal-keys.ts')};
const clients = ['dynamodb', 's3', 'sagemaker-runtime', 'sfn'].map((name) => 'export * from "@aws-sdk/client-' + name + '/dist-es/schemas/schemas_0.js";');
for (const contents of clients) {
  const texts = await Promise.all([[], [literalKeys]].map(async (plugins) => {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: ${JSON.stringify(ROOT)} }, write: false, bundle: true, platform: 'node', format: 'cjs', plugins,
    });
    const module = { exports: {} };
    new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
    return JSON.stringify(Object.entries(module.exports), (key, value) => (typeof value === 'function' ? 'function' : value));
  }));
  console.log(texts[0] === texts[1] && texts[0].length > 1_000);
}`;
  const { stdout } = await run(script);
  expect(stdout.trim().split('\n')).toEqual(Array(4).fill('true'));
});

test.each(['invoker-with-s3-and-sqs', 'callback'])(
  '%s holds no schema of an operation of S3 that it does not call',
  (bundle) => {
    const code = readFileSync(join(ROOT, `lambda/dist/${bundle}/index.js`), 'utf8');
    expect(code).toContain('?x-id=');
    expect(
      ['ListBuckets', 'AnalyticsConfiguration', 'LifecycleRule', 'GetBucketAcl'].filter((shape) =>
        code.includes(shape),
      ),
    ).toEqual([]);
  },
);

test('it signs with the credentials of the environment', async () => {
  await call('invoker', { Body: 'hällo', InferenceId: 'a b' });
  expect(server.received).toHaveLength(1);
  const [request] = server.received;
  expect(request!.headers['x-amz-security-token']).toBe('session');
  expect(signatureOf(request!)).toBe(expectedSignature(request!, 'secret'));
});

test.each([
  ['', { AWS_CONTAINER_AUTHORIZATION_TOKEN: 'key' }],
  [
    ' and a token from a file',
    { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(__dirname, '../../support/authorization-token') },
  ],
])('it signs with credentials from the address that the environment names%s', async (_, authorization) => {
  const tokens: (string | undefined)[] = [];
  const agent = await LocalServer.start((request, response) => {
    tokens.push(request.headers.authorization);
    response.end(
      JSON.stringify({
        AccessKeyId: 'AKIDOTHER',
        SecretAccessKey: 'other',
        Token: 'lent',
        Expiration: '2099-01-01T00:00:00Z',
      }),
    );
  });
  afterTests(() => agent.close());
  const url = `${agent.url}/credentials`;
  await call('invoker', { Body: 'hi' }, { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, ...authorization });
  expect(tokens).toEqual(['key']);
  expect(server.received[0]!.headers['x-amz-security-token']).toBe('lent');
  expect(signatureOf(server.received[0]!)).toBe(expectedSignature(server.received[0]!, 'other'));
});

test('it signs with new credentials as soon as the former ones expire', async () => {
  let lent = 0;
  const agent = await LocalServer.start((_, response) => {
    lent += 1;
    response.end(
      JSON.stringify({
        AccessKeyId: 'AKIDOTHER',
        SecretAccessKey: `secret ${lent}`,
        Token: `token ${lent}`,
        Expiration: new Date().toISOString(),
      }),
    );
  });
  afterTests(() => agent.close());
  const oneAfterTheOther = sqsEvent(Array(2).fill({ body: 'hi', group: 'a' }), 'requests.fifo');
  await call('invoker', oneAfterTheOther, {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.url}/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'key',
  });
  const [former, latter] = server.received.map((request) => ({
    token: String(request.headers['x-amz-security-token']),
    isSigned: (secret: string) => signatureOf(request) === expectedSignature(request, secret),
  }));
  expect(latter!.token).not.toBe(former!.token);
  for (const { token, isSigned } of [former!, latter!]) expect(isSigned(token.replace('token', 'secret'))).toBe(true);
});

test('without credentials it fails at once, without a request', async () => {
  const error = { name: 'CredentialsProviderError', message: 'Could not load credentials from any providers' };
  expect(await call('invoker', { Body: 'hi' }, {})).toMatchObject(error);
  expect(server.received).toEqual([]);
});

test('it reads the settings of the environment', async () => {
  server.answerWith(refuse(500, 'InternalFailure'));
  await call('invoker', { Body: 'hi' }, { ...IDENTITY, AWS_MAX_ATTEMPTS: '2' });
  expect(server.received).toHaveLength(2);
});

test('it retries errors of the service, and distinguishes the errors that the service models', async () => {
  const answers = [refuse(503, 'ServiceUnavailable'), refuse(429, 'ThrottlingException'), ACCEPT];
  server.answerWith((response, request) => {
    answers.shift()!(response, request);
  });
  expect(await call('invoker', { Body: 'hi' })).toMatchObject({ InferenceId: 'request-1' });
  expect(server.received).toHaveLength(3);
  expect(new Set(server.received.map(({ headers }) => headers['amz-sdk-invocation-id'])).size).toBe(1);

  server.answerWith(refuse(400, 'ValidationError', 'no such endpoint'));
  expect(await call('invoker', { Body: 'hi' })).toMatchObject({
    name: 'ValidationError',
    fault: 'client',
    status: 400,
    message: 'no such endpoint',
  });
  server.answerWith(refuse(500, 'InternalFailure'));
  expect(await call('invoker', { Body: 'hi' })).toMatchObject({
    name: 'InternalFailure',
    fault: 'server',
    status: 500,
    attempts: 3,
  });
});

test('the starter and the callback serve a task from their bundles', async () => {
  const [services, store] = await Promise.all([startTaskServices(), startObjectStore()]);
  afterTests(() => Promise.all([services.stop(), store.stop()]));
  const environment = {
    ...IDENTITY,
    TABLE_NAME: 'Tasks',
    MAX_INLINE_RESULT_BYTES: '1000',
    AWS_ENDPOINT_URL_DYNAMODB: services.url,
    AWS_ENDPOINT_URL_SFN: services.url,
    AWS_ENDPOINT_URL_S3: store.url,
  };
  const start = (TaskToken: string) => {
    services.waiting.add(TaskToken);
    return call('starter', { ...TASK, TaskToken, Request: { Body: 'hi' } }, environment) as Promise<{
      InferenceId: string;
    }>;
  };
  const [one, other] = [await start('token-1'), await start('token-2')];
  store.objects.set(`results/output/${one.InferenceId}.out`, {
    body: '{"label":"en"}',
    contentType: 'application/json',
  });
  const notifications = [aNotification(one.InferenceId), aFailure(other.InferenceId)];
  const Records = notifications.map((body, index) => ({ messageId: `${index}`, body: JSON.stringify(body) }));
  expect(await call('callback', { Records }, environment)).toEqual({ batchItemFailures: [] });
  expect(
    services.answers.map(({ output, ...answer }) =>
      output === undefined ? answer : { ...answer, output: JSON.parse(output) as unknown },
    ),
  ).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ taskToken: 'token-1', output: expect.objectContaining({ Body: { label: 'en' } }) }),
      expect.objectContaining({ taskToken: 'token-2', error: 'InferenceFailed' }),
    ]),
  );
});

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

function signatureOf({ headers }: ReceivedRequest) {
  return /Signature=(\w+)$/.exec(headers.authorization!)![1];
}

/** Signature Version 4, from what the service receives. */
function expectedSignature({ method, path, headers, body }: ReceivedRequest, secret: string): string {
  const [, scope, signed] = /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+),/.exec(headers.authorization!)!;
  const canonicalHeaders = signed!
    .split(';')
    .map((name) => `${name}:${String(headers[name])}\n`)
    .join('');
  const canonical = [method, path, '', canonicalHeaders, signed, sha256(body)].join('\n');
  const key = scope!.split('/').reduce<Buffer | string>(hmac, `AWS4${secret}`);
  return hmac(key, `AWS4-HMAC-SHA256\n${String(headers['x-amz-date'])}\n${scope}\n${sha256(canonical)}`).toString(
    'hex',
  );
}
