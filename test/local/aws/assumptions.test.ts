import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { InvokerResponse } from '../../../lib/contract/invoker';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../../lib/contract/invoker';
import { readBlueprint } from '../../../local/app/blueprint';
import { Deployment } from '../../../local/aws/deployment';
import type { LambdaFunction } from '../../../local/aws/lambda-function';
import { defaultApp, synthesize } from '../../../local/app/synthesis';
import { LIKELIEST } from '../../../local/aws/assumptions';
import type { Uncertainties } from '../../../local/aws/assumptions';
import { StubContainer } from '../../support/stub-container';

/** The example, from its template and with its Lambda from the bundle, whatever the service turns out to do. */
const uncertainties = { ...LIKELIEST };
const folder = mkdtempSync(join(tmpdir(), 'uncertainties-'));
let container: StubContainer;
let deployment: Deployment;
let invoker: LambdaFunction;

beforeAll(async () => {
  container = await StubContainer.start();
  const echo = container.answer;
  container.answer = (invocation) => {
    if (!invocation.body.includes('fail')) return echo(invocation);
    invocation.response.writeHead(400, { 'content-length': 2 }).end('no');
  };
  deployment = await Deployment.start(readBlueprint(await synthesize(defaultApp(), folder)), {
    containerUrl: container.url,
    uncertainties,
  });
  invoker = deployment.functions[0]!;
});

afterAll(async () => {
  await deployment.close();
  await container.close();
  rmSync(folder, { recursive: true });
});

async function submit(event: object): Promise<InvokerResponse> {
  return (await invoker.invoke(event)) as InvokerResponse;
}

/** What holds end to end, for requests that are on their way together. */
async function verify(): Promise<void> {
  await Promise.all([succeeds(), isLarge(), fails(), areRefused()]);
}

async function succeeds(): Promise<void> {
  const own = randomUUID();
  const { InferenceId, OutputLocation } = await submit({
    Body: { inputs: 'Hej' },
    InferenceId: own,
    CustomAttributes: 'trace=1',
  });
  const { invocationStatus, responseParameters } = await deployment.notificationOf(InferenceId);
  expect(InferenceId).toBe(own);
  expect(invocationStatus).toBe('Completed');
  expect(responseParameters?.outputLocation).toBe(OutputLocation);
  expect(String(await deployment.read(OutputLocation))).toBe('{"inputs":"Hej"}');
}

async function isLarge(): Promise<void> {
  const { InferenceId, OutputLocation } = await submit({
    Body: 'x'.repeat(MAX_INLINE_PAYLOAD_BYTES),
    ContentType: 'text/plain',
    Filename: 'largest',
    S3OutputPathExtension: 'a',
  });
  await deployment.notificationOf(InferenceId);
  expect(await deployment.read(OutputLocation)).toHaveLength(MAX_INLINE_PAYLOAD_BYTES);
}

async function fails(): Promise<void> {
  const { InferenceId, FailureLocation } = await submit({ Body: 'fail', ContentType: 'text/plain' });
  const { invocationStatus, responseParameters } = await deployment.notificationOf(InferenceId);
  expect(invocationStatus).toBe('Failed');
  expect(String(await deployment.read(responseParameters!.failureLocation!))).toBe('no');
  if (FailureLocation !== undefined) expect(responseParameters?.failureLocation).toBe(FailureLocation);
}

async function areRefused(): Promise<void> {
  await expect(submit({ Body: '' })).rejects.toMatchObject({ errorType: 'InvalidRequestError' });
  await expect(submit({ Body: 'x'.repeat(MAX_INLINE_PAYLOAD_BYTES + 1) })).rejects.toMatchObject({
    errorType: 'PayloadTooLargeError',
  });
}

const names = Object.keys(LIKELIEST) as (keyof Uncertainties)[];

test('holds under the likeliest answers', async () => {
  await verify();
  expect(invoker.log).toContain(
    deployment.notifications.flatMap((message) => ('inferenceId' in message ? [message.inferenceId] : []))[0],
  );
  expect(invoker.log).not.toMatch(/Hej|trace=1|xxxx/);
});

test.each(names)('holds with the other answer to %s', async (name) => {
  Object.assign(uncertainties, LIKELIEST, { [name]: !LIKELIEST[name] });
  await verify();
});

test('holds under any answers together', async () => {
  const answers = fc.record(Object.fromEntries(names.map((name) => [name, fc.boolean()])));
  await fc.assert(
    fc.asyncProperty(answers, async (chosen) => {
      Object.assign(uncertainties, chosen);
      await verify();
    }),
    { numRuns: 20 },
  );
});
