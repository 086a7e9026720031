import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from 'selfsigned';

/** SageMaker's and S3's side of the wire, which accept everything after a while and count it. */
export async function startService(protocol: 'http' | 'https') {
  const counts = { invocations: 0, uploads: 0 };
  const state = { delayMs: 0 };
  const signed = new Set<string>();
  const accept: RequestListener = (request, response) => {
    const { method, headers } = request;
    counts[method === 'PUT' ? 'uploads' : 'invocations'] += 1;
    signed.add(/SignedHeaders=([^,]*)/.exec(headers.authorization!)![1]!);
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
  };
  const tls = protocol === 'https' ? await makeCertificate() : undefined;
  const server = tls ? createTlsServer(tls, accept) : createServer(accept);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    /** What leads a function's clients here. */
    environment: {
      ENDPOINT_NAME: 'summaries',
      DEFAULT_CONTENT_TYPE: 'text/plain',
      // The construct always sets both.
      DEFAULT_REQUEST_TTL_SECONDS: '21600',
      DEFAULT_INVOCATION_TIMEOUT_SECONDS: '900',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: url,
      AWS_ENDPOINT_URL_S3: url,
      ...(tls && { NODE_EXTRA_CA_CERTS: tls.path }),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    answerAfter: (delayMs: number) => {
      state.delayMs = delayMs;
    },
    /** What came since the last call, and the lists of headers that it signed. */
    count: () => {
      const { invocations, uploads } = counts;
      const signedHeaders = [...signed].sort();
      Object.assign(counts, { invocations: 0, uploads: 0 });
      signed.clear();
      return { invocations, uploads, signedHeaders };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      if (tls) rmSync(dirname(tls.path), { recursive: true });
    },
  };
}

/** A certificate that is its own authority, and where it lies for those who are to trust it. */
async function makeCertificate(): Promise<{ readonly cert: string; readonly key: string; readonly path: string }> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const path = join(mkdtempSync(join(tmpdir(), 'bench-service-')), 'certificate.pem');
  writeFileSync(path, cert);
  return { cert, key, path };
}

export type Service = Awaited<ReturnType<typeof startService>>;
