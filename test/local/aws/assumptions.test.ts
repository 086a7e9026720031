import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { InvokerResponse } from '../../../lib/contract/invoker';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../../lib/contract/invoker';
import { readAppResources } from '../../../local/app/resources';
import { defaultApp, synthesize } from '../../../local/app/synthesis';
import { DEFAULT_ASSUMPTIONS } from '../../../local/aws/assumptions';
import type { Assumptions } from '../../../local/aws/assumptions';
import { Deployment } from '../../../local/aws/deployment';
import type { LambdaFunction } from '../../../local/aws/lambda-function';
import { afterTests } from '../../support/after-tests';
import { StubContainer } from '../../support/stub-container';

/** The example app with the bundle of its invoker must work with any behavior of the service. */
const assumptions = { ...DEFAULT_ASSUMPTIONS };
const folder = mkdtempSync(join(tmpdir(), 'assumptions-'));
let deployment: Deployment;
let invoker: LambdaFunction;

beforeAll(async () => {
  const container = await StubContainer.start();
  afterTests(() => container.close());
  const echo = container.respond;
  container.respond = (invocation) => {
    if (!invocation.body.includes('fail')) return echo(invocation);
    invocation.response.writeHead(400, { 'content-length': 2 }).end('no');
  };
  const resources = readAppResources(await synthesize(defaultApp(), folder));
  deployment = await Deployment.start(resources, { containerUrl: container.url, assumptions });
  afterTests(() => deployment.close());
  invoker = deployment.invokerOf(resources.endpoints[0]!.name);
});

afterAll(() => rmSync(folder, { recursive: true }));

async function submit(event: object): Promise<InvokerResponse> {
  return (await invoker.invoke(event)) as InvokerResponse;
}

/** Sends requests of all kinds at the same time and checks their results. */
async function verify(): Promise<void> {
  await Promise.all([checkResult(), checkLargestPayload(), checkFailure(), checkRejections()]);
}

async function checkResult(): Promise<void> {
  const id = randomUUID();
  const { InferenceId, OutputLocation } = await submit({
    Body: { inputs: 'Hej' },
    InferenceId: id,
    CustomAttributes: 'trace=1',
  });
  const { invocationStatus, responseParameters } = await deployment.notificationOf(InferenceId);
  expect(InferenceId).toBe(id);
  expect(invocationStatus).toBe('Completed');
  expect(responseParameters?.outputLocation).toBe(OutputLocation);
  expect(String(await deployment.read(OutputLocation))).toBe('{"inputs":"Hej"}');
}

async function checkLargestPayload(): Promise<void> {
  const { InferenceId, OutputLocation } = await submit({
    Body: 'x'.repeat(MAX_INLINE_PAYLOAD_BYTES),
    ContentType: 'text/plain',
    Filename: 'largest',
    S3OutputPathExtension: 'a',
  });
  await deployment.notificationOf(InferenceId);
  expect(await deployment.read(OutputLocation)).toHaveLength(MAX_INLINE_PAYLOAD_BYTES);
}

async function checkFailure(): Promise<void> {
  const { InferenceId, FailureLocation } = await submit({ Body: 'fail', ContentType: 'text/plain' });
  const { invocationStatus, responseParameters } = await deployment.notificationOf(InferenceId);
  expect(invocationStatus).toBe('Failed');
  expect(String(await deployment.read(responseParameters!.failureLocation!))).toBe('no');
  if (FailureLocation !== undefined) expect(responseParameters?.failureLocation).toBe(FailureLocation);
}

async function checkRejections(): Promise<void> {
  await expect(submit({ Body: '' })).rejects.toMatchObject({ errorType: 'InvalidRequestError' });
  await expect(submit({ Body: 'x'.repeat(MAX_INLINE_PAYLOAD_BYTES + 1) })).rejects.toMatchObject({
    errorType: 'PayloadTooLargeError',
  });
}

const names = Object.keys(DEFAULT_ASSUMPTIONS) as (keyof Assumptions)[];

test('all requests end as expected under the default assumptions, and no payload is in the log', async () => {
  await verify();
  expect(invoker.log).toContain(
    deployment.notifications.flatMap((message) => ('inferenceId' in message ? [message.inferenceId] : []))[0],
  );
  expect(invoker.log).not.toMatch(/Hej|trace=1|xxxx/);
});

test.each(names)('all requests end as expected under the opposite of the assumption %s', async (name) => {
  Object.assign(assumptions, DEFAULT_ASSUMPTIONS, { [name]: !DEFAULT_ASSUMPTIONS[name] });
  await verify();
});

test('all requests end as expected under any combination of assumptions', async () => {
  const combinations = fc.record(Object.fromEntries(names.map((name) => [name, fc.boolean()])));
  await fc.assert(
    fc.asyncProperty(combinations, async (chosen) => {
      Object.assign(assumptions, chosen);
      await verify();
    }),
    { numRuns: 20 },
  );
});
