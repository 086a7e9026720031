import type { ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { LocalServer } from '../../local/aws/local-server';

interface StoredObject {
  readonly body: Buffer;
  readonly contentType?: string;
}

/** As much of S3 as takes and removes objects, by path-style URLs, or refuses to. */
export async function startS3() {
  const objects = new Map<string, StoredObject>();
  const calls: string[] = [];
  const state: { refusal?: (response: ServerResponse) => void } = {};
  const server = await LocalServer.start((request, response) => {
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
  return {
    url: server.url,
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
    stop: () => server.close(),
  };
}

export type S3Server = Awaited<ReturnType<typeof startS3>>;
