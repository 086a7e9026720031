import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Container } from '../../local/aws/container';
import { LocalServer } from '../../local/aws/local-server';
import { afterTests } from './after-tests';

/** A model server of an example in a process of its own, as in its container. */
export class ServerProcess {
  public static async start(
    file: string,
    env: Readonly<Record<string, string>> = {},
    { isHealthy = true }: { readonly isHealthy?: boolean } = {},
  ): Promise<ServerProcess> {
    const free = await LocalServer.start(() => undefined);
    await free.close();
    const { hostname: HOST, port: PORT } = new URL(free.url);
    // SageMaker runs the image with the argument "serve".
    const child = spawn(process.execPath, [file, 'serve'], { env: { PATH: process.env.PATH, ...env, HOST, PORT } });
    afterTests(() => child.kill('SIGKILL'));
    const server = new ServerProcess(free.url, child);
    child.stderr.on('data', (chunk) => {
      server.errors += String(chunk);
    });
    if (isHealthy) await server.container.becomeHealthy();
    return server;
  }

  public readonly container: Container;
  public readonly exitCode: Promise<number | null>;
  public errors = '';
  public readonly invoke = async (body: Buffer | string, contentType: string) => {
    const headers = { 'content-type': contentType };
    const response = await this.container.invoke(Buffer.from(body), headers, AbortSignal.timeout(30_000));
    return { ...response, body: response.body.toString() };
  };

  private constructor(
    public readonly url: string,
    private readonly child: ChildProcess,
  ) {
    this.container = new Container(url);
    this.exitCode = once(child, 'exit').then(([code]) => code as number | null);
  }

  public async ping(): Promise<number> {
    return (await fetch(`${this.url}/ping`)).status;
  }

  public stop(): void {
    this.child.kill('SIGTERM');
  }
}
