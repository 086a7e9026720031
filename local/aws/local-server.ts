import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on a free port of 127.0.0.1. */
export class LocalServer {
  public static async start(listener: RequestListener): Promise<LocalServer> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    // A busy machine can pause for longer than the five seconds after which Node.js closes idle connections under their clients.
    server.keepAliveTimeout = 120_000;
    await once(server, 'listening');
    return new LocalServer(server);
  }

  public readonly url: string;

  private constructor(private readonly server: Server) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
