import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface StoredObject {
  readonly body: Buffer;
  readonly contentType?: string;
}

/** As much of S3 as takes and removes objects, by path-style URLs, or refuses to. */
export async function startS3() {
  const objects = new Map<string, StoredObject>();
  const calls: string[] = [];
  const state: { refusal?: (response: ServerResponse) => void } = {};
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const key = decodeURIComponent(new URL(request.url!, 'http://s3').pathname).slice(1);
      calls.push(request.method!);
      if (state.refusal) {
        state.refusal(response);
        return;
      }
      if (request.method === 'PUT') objects.set(key, { body, contentType: request.headers['content-type'] });
      if (request.method === 'DELETE') objects.delete(key);
      response.writeHead(request.method === 'DELETE' ? 204 : 200).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** By bucket and key. */
    objects,
    calls,
    refuseWith: (status: number, code: string) => {
      state.refusal = (response) =>
        response.writeHead(status).end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
    },
    clear: () => {
      objects.clear();
      calls.length = 0;
      state.refusal = undefined;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export type S3Server = Awaited<ReturnType<typeof startS3>>;
