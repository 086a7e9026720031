import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { FunctionBlueprint } from '../../../local/app/blueprint';
import { LambdaFunction } from '../../../local/aws/lambda-function';

const SIX_MEGABYTES = 6 * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'lambda-'));
const functions: LambdaFunction[] = [];

afterAll(async () => {
  await Promise.all(functions.map((each) => each.close()));
  rmSync(folder, { recursive: true });
});

/** A function whose handler has this body; `state` is what it keeps between invocations. */
function aFunction(body: string, blueprint: Partial<FunctionBlueprint> = {}): LambdaFunction {
  const code = mkdtempSync(join(folder, 'code-'));
  writeFileSync(
    join(code, 'index.js'),
    `const state = { count: 0 }; exports.handler = async (event, context) => { ${body} };`,
  );
  const lambda = new LambdaFunction(
    {
      name: 'invoker',
      arn: 'arn:aws:lambda:eu-west-1:000000000000:function:invoker',
      region: 'eu-west-1',
      code,
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      environment: { ENDPOINT_NAME: 'languages' },
      timeoutSeconds: 30,
      memoryMegabytes: 256,
      roleArn: 'arn:aws:iam::000000000000:role/invoker',
      ...blueprint,
    },
    { accessKeyId: 'KEY', secretAccessKey: 'SECRET' },
    { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
  );
  functions.push(lambda);
  return lambda;
}

test('runs the code of an archive, and leaves nothing of it behind', async () => {
  const code = join(folder, 'code.zip');
  writeFileSync(
    code,
    zipSync({
      'index.js': strToU8('exports.handler = require("./lib/handler").handler'),
      'lib/handler.js': strToU8('exports.handler = async () => __dirname'),
    }),
  );
  const lambda = aFunction('', { code });
  const unpacked = (await lambda.invoke({})) as string;
  expect(existsSync(unpacked)).toBe(true);
  await lambda.close();
  expect(existsSync(unpacked)).toBe(false);
});

test('refuses an archive whose files would land elsewhere', async () => {
  const code = join(folder, 'escape.zip');
  writeFileSync(code, zipSync({ '../escaped.js': strToU8('') }));
  await expect(aFunction('', { code }).invoke({})).rejects.toThrow(
    "holds ../escaped.js, which is outside of the function's folder",
  );
});

test('answers with what the handler returns', async () => {
  const echo = aFunction('return event');
  expect(await echo.invoke({ a: ['é', null] })).toEqual({ a: ['é', null] });
  expect(await aFunction('').invoke({})).toBeNull();
});

test("gives the handler the template's environment, what Lambda sets, and nothing of ours", async () => {
  const environment = (await aFunction('return process.env').invoke({})) as Record<string, string>;
  expect(environment).toMatchObject({
    ENDPOINT_NAME: 'languages',
    AWS_REGION: 'eu-west-1',
    AWS_LAMBDA_FUNCTION_NAME: 'invoker',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_ACCESS_KEY_ID: 'KEY',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
  });
  expect(environment).not.toHaveProperty('HOME');
  expect(environment).not.toHaveProperty('NODE_ENV');
});

test('gives the handler a context', async () => {
  const context = await aFunction('return { ...context, left: context.getRemainingTimeInMillis() }').invoke({});
  expect(context).toMatchObject({
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    functionName: 'invoker',
    memoryLimitInMB: '256',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:invoker',
  });
  const { left } = context as { left: number };
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(30_000);
});

test('keeps a process warm, and starts another for a call at the same time', async () => {
  const counting = aFunction(
    'await new Promise((resolve) => setTimeout(resolve, event.wait ?? 0)); return [process.pid, ++state.count]',
  );
  const [first] = (await counting.invoke({})) as [number];
  expect(await counting.invoke({})).toEqual([first, 2]);
  const both = (await Promise.all([counting.invoke({ wait: 500 }), counting.invoke({ wait: 500 })])) as [
    number,
    number,
  ][];
  expect(new Set(both.map(([pid]) => pid)).size).toBe(2);
});

test('fails with the name and the message of what the handler throws, and stays warm', async () => {
  const throwing = aFunction(`
    state.count++;
    if (event.count) return state.count;
    throw Object.assign(new Error("too much"), { name: "PayloadTooLargeError" });
  `);
  await expect(throwing.invoke({})).rejects.toMatchObject({
    errorType: 'PayloadTooLargeError',
    errorMessage: 'too much',
    trace: expect.arrayContaining([expect.stringContaining('too much')]),
  });
  expect(await throwing.invoke({ count: true })).toBe(2);
});

test.each([
  ['nothing.handler', 'Runtime.ImportModuleError'],
  ['index.nothing', 'Runtime.HandlerNotFound'],
])('fails when there is no handler %s', async (handler, errorType) => {
  await expect(aFunction('', { handler }).invoke({})).rejects.toMatchObject({ errorType });
});

test('fails when the handler does not end in time, and starts anew', async () => {
  const slow = aFunction('if (event.hang) for (;;); return ++state.count', { timeoutSeconds: 1 });
  await expect(slow.invoke({ hang: true })).rejects.toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: .* Error: Task timed out after 1\.00 seconds$/),
  });
  expect(await slow.invoke({})).toBe(1);
});

test('fails when the process ends, or runs out of memory, and starts anew', async () => {
  const exiting = aFunction('if (event.exit) process.exit(1); return ++state.count');
  await expect(exiting.invoke({ exit: true })).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(await exiting.invoke({})).toBe(1);
  const greedy = aFunction('const kept = []; for (;;) kept.push(new Array(1e6).fill(state))', { memoryMegabytes: 128 });
  await expect(greedy.invoke({})).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
});

test('takes an event, and gives an answer, of 6 MB and no more', async () => {
  const sizing = aFunction('return "x".repeat(event.size ?? 0)');
  const quotes = 2;
  expect(await sizing.invoke({ size: SIX_MEGABYTES - quotes })).toHaveLength(SIX_MEGABYTES - quotes);
  await expect(sizing.invoke({ size: SIX_MEGABYTES })).rejects.toMatchObject({
    errorType: 'Function.ResponseSizeTooLarge',
  });
  await expect(sizing.invoke('x'.repeat(SIX_MEGABYTES))).rejects.toMatchObject({
    errorType: 'RequestEntityTooLargeException',
  });
});

test('keeps what the handler logs', async () => {
  const logging = aFunction('console.log("said"); console.error("warned")');
  await logging.invoke({});
  await logging.close();
  expect(logging.log).toMatch(/said/);
  expect(logging.log).toMatch(/warned/);
});
