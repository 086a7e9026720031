import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { FunctionConfiguration } from '../../../local/app/resources';
import { LambdaFunction } from '../../../local/aws/lambda-function';
import { afterTests } from '../../support/after-tests';

const SIX_MEGABYTES = 6 * 1024 * 1024;
const folder = mkdtempSync(join(os.tmpdir(), 'lambda-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** A function whose handler has this body. `state` lives between invocations. */
function aFunction(body: string, configuration: Partial<FunctionConfiguration> = {}): LambdaFunction {
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
      ...configuration,
    },
    { accessKeyId: 'KEY', secretAccessKey: 'SECRET' },
    { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
  );
  afterTests(() => lambda.close());
  return lambda;
}

test('a function runs from an archive, whose files are removed when it is closed', async () => {
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

test('an archive with a file outside its folder is an error, and no files of it remain', async () => {
  const code = join(folder, 'escape.zip');
  writeFileSync(code, zipSync({ '../escaped.js': strToU8('') }));
  const temporary = mkdtempSync(join(folder, 'temporary-'));
  jest.spyOn(os, 'tmpdir').mockReturnValueOnce(temporary);
  await expect(aFunction('', { code }).invoke({})).rejects.toThrow(
    'contains ../escaped.js, which is outside the folder of the function',
  );
  expect(readdirSync(temporary)).toEqual([]);
});

test('the response is the value that the handler returns, or null', async () => {
  const echo = aFunction('return event');
  expect(await echo.invoke({ a: ['é', null] })).toEqual({ a: ['é', null] });
  expect(await aFunction('').invoke({})).toBeNull();
});

test('the environment has the variables of the template and of Lambda, and none of this process', async () => {
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

test('the handler receives the context of Lambda', async () => {
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

test('an idle process is used again, and a concurrent invocation starts another', async () => {
  const counting = aFunction(
    'await new Promise((resolve) => setTimeout(resolve, event.wait ?? 0)); return [process.pid, ++state.count]',
  );
  const [first] = (await counting.invoke({})) as [number];
  expect(await counting.invoke({})).toEqual([first, 2]);
  const concurrent = (await Promise.all([counting.invoke({ wait: 500 }), counting.invoke({ wait: 500 })])) as [
    number,
    number,
  ][];
  expect(new Set(concurrent.map(([pid]) => pid)).size).toBe(2);
});

test('an error of the handler becomes the error of the invocation, and the process stays warm', async () => {
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
])('the missing handler %s is the error %s', async (handler, errorType) => {
  await expect(aFunction('', { handler }).invoke({})).rejects.toMatchObject({ errorType });
});

test('an invocation that exceeds the timeout fails, and the next one is a cold start', async () => {
  const slow = aFunction('if (event.hang) for (;;); return ++state.count', { timeoutSeconds: 1 });
  await expect(slow.invoke({ hang: true })).rejects.toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/^RequestId: .* Error: Task timed out after 1\.00 seconds$/),
  });
  expect(await slow.invoke({})).toBe(1);
});

test('an invocation fails if the process exits or runs out of memory, and the next one is a cold start', async () => {
  const exiting = aFunction('if (event.exit) process.exit(1); return ++state.count');
  await expect(exiting.invoke({ exit: true })).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(await exiting.invoke({})).toBe(1);
  const greedy = aFunction('const kept = []; for (;;) kept.push(new Array(1e6).fill(state))', { memoryMegabytes: 128 });
  await expect(greedy.invoke({})).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
});

test('an event and a response have at most 6 MB', async () => {
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

test('the log has the output of the handler', async () => {
  const logging = aFunction('console.log("said"); console.error("warned")');
  await logging.invoke({});
  await logging.close();
  expect(logging.log).toMatch(/said/);
  expect(logging.log).toMatch(/warned/);
});
