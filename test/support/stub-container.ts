import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { LocalServer } from '../../local/aws/local-server';

/** A request to the container, with its open response. */
export interface Invocation {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly response: ServerResponse;
}

/** A model container whose responses a test chooses. By default it responds with the request body. */
export class StubContainer {
  public static async start(): Promise<StubContainer> {
    const server = await LocalServer.start((request, response) => {
      if (request.url === '/ping') return container.ping(response);
      void buffer(request).then((body) => container.invoke({ headers: request.headers, body, response }));
    });
    const container = new StubContainer(server);
    return container;
  }

  public respond: (invocation: Invocation) => void = ({ body, headers, response }) => {
    response.writeHead(200, {
      'content-type': headers['content-type'] ?? 'application/octet-stream',
      'content-length': body.length,
    });
    response.end(body);
  };
  public readonly invocations: Invocation[] = [];
  public readonly pings: number[] = [];
  /** The status codes of the next pings. Later pings return 200. */
  public readonly unhealthy: number[] = [];
  private waiting: (() => void)[] = [];

  private constructor(private readonly server: LocalServer) {}

  public get url(): string {
    return this.server.url;
  }

  /** Waits until the container received this number of invocations in total. */
  public async invoked(count: number): Promise<void> {
    while (this.invocations.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  public close(): Promise<void> {
    return this.server.close();
  }

  private ping(response: ServerResponse): void {
    const status = this.unhealthy.shift() ?? 200;
    this.pings.push(status);
    response.writeHead(status).end();
  }

  private invoke(invocation: Invocation): void {
    this.invocations.push(invocation);
    for (const wake of this.waiting.splice(0)) wake();
    this.respond(invocation);
  }
}
