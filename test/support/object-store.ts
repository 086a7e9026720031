import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { S3 } from '@aws-sdk/client-s3';
import { LocalServer } from '../../local/aws/local-server';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export interface StoredObject {
  readonly body: Buffer | string;
  readonly contentType?: string;
}

/** An error in the form of S3's protocol. */
export const fault =
  (status: number, code: string): Answer =>
  (response) => {
    response
      .writeHead(status, { 'content-type': 'application/xml' })
      .end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
  };

/** S3's side of the wire, for GetObject and PutObject: it keeps objects by bucket/key, and fails on demand. */
export async function startObjectStore() {
  const objects = new Map<string, StoredObject>();
  const reads: string[] = [];
  /** What becomes of the next reads, one after the other, whatever there is. */
  const faults: Answer[] = [];
  const server = await LocalServer.start((request, response) => {
    const name = decodeURIComponent(new URL(request.url!, 'http://localhost').pathname.slice(1));
    void buffer(request).then((body) => {
      if (request.method === 'PUT') {
        objects.set(name, { body, contentType: request.headers['content-type'] });
        return response.end();
      }
      reads.push(name);
      const object = objects.get(name);
      const misbehave = faults.shift();
      if (misbehave) return misbehave(response, request);
      if (!object) return fault(404, 'NoSuchKey')(response, request);
      return response
        .writeHead(200, {
          'content-length': Buffer.byteLength(object.body),
          ...(object.contentType && { 'content-type': object.contentType }),
        })
        .end(object.body);
    });
  });
  const client = new S3({
    region: 'eu-west-1',
    endpoint: server.url,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  return {
    url: server.url,
    client,
    objects,
    reads,
    faults,
    stop: async () => {
      client.destroy();
      await server.close();
    },
  };
}
