import { request } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** The longest response time of `/ping`, even if the container is busy. */
const PING_MILLISECONDS = 2_000;
/** The longest time until the first successful ping. */
const STARTUP_MILLISECONDS = 240_000;

/** The response of a container. */
export interface ContainerResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A client of a model container that calls it as SageMaker does: `GET /ping` until it is healthy, then `POST /invocations`. */
export class Container {
  constructor(
    /** The URL of the container, without a path. */
    private readonly url: string,
  ) {}

  /**
   * Waits until the container is healthy.
   *
   * @param signal ends the wait
   * @throws Error if this takes more than four minutes, which is the default limit of SageMaker
   */
  public async becomeHealthy(signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + STARTUP_MILLISECONDS;
    while (!signal?.aborted && !(await this.isHealthy())) {
      if (Date.now() > deadline) throw new Error(`The container at ${this.url} did not respond to /ping in time.`);
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
      return false; // The container does not listen yet, or it is too slow.
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
        buffer(response).then(
          (content) => resolve({ status: response.statusCode!, headers: response.headers, body: content }),
          reject,
        );
      })
        .on('error', reject)
        .end(body);
    });
  }
}
