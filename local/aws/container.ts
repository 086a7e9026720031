import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** How long a container may take to answer a ping, busy or not. */
const PING_MILLISECONDS = 2_000;
/** How long a container may take until it answers its first ping. */
const STARTUP_MILLISECONDS = 240_000;

/** What a container answers. */
export interface ContainerResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A model container as SageMaker uses it: `GET /ping` until it is healthy, then `POST /invocations`. */
export class Container {
  constructor(
    /** Where it listens, without a path. */
    private readonly url: string,
  ) {}

  /**
   * Waits until the container is healthy.
   *
   * @throws Error when it is not within the four minutes that SageMaker waits
   */
  public async becomeHealthy(): Promise<void> {
    const deadline = AbortSignal.timeout(STARTUP_MILLISECONDS);
    while (!(await this.isHealthy())) {
      if (deadline.aborted) throw new Error(`the container at ${this.url} did not answer /ping with 200 in time`);
      await wait(50);
    }
  }

  public invoke(body: Buffer, headers: OutgoingHttpHeaders, signal: AbortSignal): Promise<ContainerResponse> {
    return this.send('POST', '/invocations', signal, { ...headers, 'content-length': body.length }, body);
  }

  private async isHealthy(): Promise<boolean> {
    try {
      return (await this.send('GET', '/ping', AbortSignal.timeout(PING_MILLISECONDS))).status === 200;
    } catch {
      return false; // not listening yet, or too slow: that is what is asked
    }
  }

  private send(
    method: string,
    path: string,
    signal: AbortSignal,
    headers?: OutgoingHttpHeaders,
    body?: Buffer,
  ): Promise<ContainerResponse> {
    return new Promise((resolve, reject) => {
      request(new URL(path, this.url), { method, headers, signal }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      })
        .on('error', reject)
        .end(body);
    });
  }
}
