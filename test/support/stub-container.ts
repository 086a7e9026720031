import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that reached the container, and the response that waits to be given. */
export interface Invocation {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

/** A model container that does as a test wants; by default it answers with what it was sent. */
export class StubContainer {
  public static async start(): Promise<StubContainer> {
    const container = new StubContainer();
    container.server.listen(0, '127.0.0.1');
    await once(container.server, 'listening');
    return container;
  }

  public answer: (invocation: Invocation) => void = ({ body, headers, response }) => {
    response.writeHead(200, {
      'content-type': headers['content-type'] ?? 'application/octet-stream',
      'content-length': body.length,
    });
    response.end(body);
  };
  public readonly invocations: Invocation[] = [];
  public readonly pings: number[] = [];
  /** What the next pings answer; then 200. */
  public readonly unhealthy: number[] = [];
  private waiting: (() => void)[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      if (request.url === '/ping') {
        const status = this.unhealthy.shift() ?? 200;
        this.pings.push(status);
        response.writeHead(status).end();
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const invocation = { headers: request.headers, body: Buffer.concat(chunks), response };
        this.invocations.push(invocation);
        for (const wake of this.waiting.splice(0)) wake();
        this.answer(invocation);
      });
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until so many invocations have come in all. */
  public async invoked(count: number): Promise<void> {
    while (this.invocations.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
