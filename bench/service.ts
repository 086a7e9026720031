import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** SageMaker's and S3's side of the wire, which accept everything after a while and count it. */
export async function startService() {
  const counts = { invocations: 0, uploads: 0 };
  const state = { delayMs: 0 };
  const server = createServer((request, response) => {
    const { method, headers } = request;
    counts[method === 'PUT' ? 'uploads' : 'invocations'] += 1;
    request.resume().on('end', () => {
      void (state.delayMs === 0 ? Promise.resolve() : sleep(state.delayMs)).then(() => {
        if (method === 'PUT') return response.writeHead(200, { etag: '"1"' }).end();
        const id = String(headers['x-amzn-sagemaker-inference-id']);
        response.writeHead(202, {
          'content-type': 'application/json',
          'x-amzn-sagemaker-outputlocation': `s3://results/${id}.out`,
          'x-amzn-sagemaker-failurelocation': `s3://results/failures/${id}.out`,
        });
        return response.end(JSON.stringify({ InferenceId: id }));
      });
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    /** What leads a function's clients here. */
    environment: {
      ENDPOINT_NAME: 'summaries',
      DEFAULT_CONTENT_TYPE: 'text/plain',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: url,
      AWS_ENDPOINT_URL_S3: url,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    answerAfter: (delayMs: number) => { state.delayMs = delayMs; },
    /** What came since the last call. */
    count: () => {
      const { invocations, uploads } = counts;
      Object.assign(counts, { invocations: 0, uploads: 0 });
      return { invocations, uploads };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export type Service = Awaited<ReturnType<typeof startService>>;
