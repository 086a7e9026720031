import { submit } from '../../../lambda/invoker/submit';
import type { Server } from '../../support/sagemaker-runtime-server';
import { startServer } from '../../support/sagemaker-runtime-server';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test('a large payload fails in a function that has no client of S3, and is not sent', async () => {
  const config = { endpointName: 'summaries', defaultContentType: 'text/plain', inputPolicy: 'by-size' } as const;
  const request = {
    payload: Buffer.alloc(128_001, 'x'),
    members: { InferenceId: 'order-1', ContentType: 'text/plain' },
  };
  await expect(submit({ client: server.client, config }, request, new AbortController().signal)).rejects.toThrow(
    'large payloads cannot be put in S3 while a deployment changes the code and the settings of this function',
  );
  expect(server.received).toEqual([]);
});
