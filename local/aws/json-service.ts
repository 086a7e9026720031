import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** An error as the service answers it, by its type. */
export class ServiceError extends Error {
  constructor(public readonly type: string) {
    super(type);
  }
}

/** What a service does when it is asked for an operation. */
export type Operations = Readonly<Record<string, (request: never) => object>>;

/** A service of AWS on this machine that speaks AWS JSON 1.0, as DynamoDB and Step Functions do. */
export class JsonService {
  public static async start(operations: Operations): Promise<JsonService> {
    const server = createServer((request, response) => {
      void json(request).then((body) => {
        const operation = operations[String(request.headers['x-amz-target']).split('.')[1]!];
        try {
          if (!operation) throw new ServiceError('UnknownOperationException');
          reply(response, 200, operation(body as never));
        } catch (error) {
          reply(response, 400, {
            __type: error instanceof ServiceError ? error.type : 'SerializationException',
            message: String(error),
          });
        }
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new JsonService(server);
  }

  private constructor(private readonly server: Server) {}

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
