import { invokerHandler } from '../../../../lambda/invoker/handler';
import { loadBalancerEvent } from '../../../support/events';
import { captureLog } from '../../../support/log-capture';
import type { Server } from '../../../support/sagemaker-runtime-server';
import { startServer } from '../../../support/sagemaker-runtime-server';

// What a load balancer has in common with other HTTP callers is in http.test.ts.

const CONTEXT = { awsRequestId: '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11', getRemainingTimeInMillis: () => 30_000 };

let server: Server;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  server = await startServer();
  log = captureLog();
});
beforeEach(() => {
  server.clear();
});
afterAll(async () => {
  log.release();
  await server.stop();
});

const call = (event: unknown) =>
  invokerHandler({ client: server.client, config: { endpointName: 'summaries', defaultContentType: 'text/plain' } })(
    event,
    CONTEXT,
  );

test('the response has a status description and single headers', async () => {
  const headers = { 'x-amzn-sagemaker-inference-id': 'order-1' };
  expect(await call(loadBalancerEvent({ body: 'x', headers }))).toEqual({
    statusCode: 202,
    statusDescription: '202 Accepted',
    isBase64Encoded: false,
    headers: {
      'content-type': 'application/json',
      'x-amzn-sagemaker-outputlocation': 's3://results/order-1.out',
      'x-amzn-sagemaker-failurelocation': 's3://results/failures/order-1.out',
    },
    body: expect.stringContaining('order-1') as string,
  });
});

test.each([undefined, null])('multi-value headers that are %s are none', async (multiValueHeaders) => {
  const response = await call({ ...loadBalancerEvent({ body: 'x' }), multiValueHeaders });
  expect(response).toMatchObject({ headers: { 'content-type': 'application/json' } });
  expect(response).not.toHaveProperty('multiValueHeaders');
});

test('the response to a target group with multi-value headers has multi-value headers alone', async () => {
  expect(await call(loadBalancerEvent({}, true))).toEqual({
    statusCode: 400,
    statusDescription: '400 Bad Request',
    isBase64Encoded: false,
    multiValueHeaders: { 'content-type': ['application/problem+json'] },
    body: expect.stringContaining('the payload is empty') as string,
  });
});

test('the values of a header that is sent twice are joined', async () => {
  await call({ ...loadBalancerEvent({ body: 'x' }, true), multiValueHeaders: { accept: ['text/plain', 'text/csv'] } });
  expect(server.received[0]!.headers['x-amzn-sagemaker-accept']).toBe('text/plain, text/csv');
});

test('the InferenceId is the request ID of Lambda, since a load balancer has none', async () => {
  await call(loadBalancerEvent({ body: 'x' }));
  expect(server.received[0]!.headers['x-amzn-sagemaker-inference-id']).toBe(CONTEXT.awsRequestId);
});
