import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { LocalServer } from '../../local/aws/local-server';
import type { TaskRoot } from '../../local/aws/task-root';
import { openTaskRoot } from '../../local/aws/task-root';

const API = '/2018-06-01/runtime';
/** The time that an invocation may take, in milliseconds. */
const LIMIT = 30_000;

/** What the function told Lambda of an invocation. */
export interface Invocation {
  readonly response?: unknown;
  readonly errorType?: string;
}

/** Returns a variable that the part of the gate sets, which brings the client and its Node.js. */
function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run npx tsx tools/checks/lambda-runtime.ts`);
  return value;
}

/** A shipped function under AWS's runtime interface client. It serves one invocation at a time, as on Lambda. */
export class FunctionUnderClient {
  /** Starts the function of an archive in `lambda/dist`. */
  public static async start(name: string, environment: Readonly<Record<string, string>>): Promise<FunctionUnderClient> {
    const [node, client] = [setting('LAMBDA_NODE'), setting('RUNTIME_INTERFACE_CLIENT')];
    const taskRoot = openTaskRoot(join(__dirname, `../../lambda/dist/${name}.zip`));
    return new FunctionUnderClient(taskRoot, (runtimeApi) =>
      spawn(node, [client, 'index.handler'], {
        cwd: taskRoot.path,
        env: {
          ...environment,
          _HANDLER: 'index.handler',
          LAMBDA_TASK_ROOT: taskRoot.path,
          AWS_LAMBDA_RUNTIME_API: runtimeApi,
          AWS_LAMBDA_FUNCTION_NAME: name,
          AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
          AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
          AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
          AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/24/[$LATEST]0123456789abcdef',
          AWS_LAMBDA_LOG_FORMAT: 'JSON',
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
          AWS_SECRET_ACCESS_KEY: 'secret',
        },
      }),
    ).listen();
  }

  private server!: LocalServer;
  private child!: ChildProcess;
  private ended!: Promise<undefined>;
  private stdout!: Promise<string>;
  private stderr!: Promise<string>;
  private readonly events: unknown[] = [];
  /** The client, while it waits for an event. */
  private idle: ServerResponse | undefined;
  private report: ((invocation: Invocation) => void) | undefined;

  private constructor(
    private readonly taskRoot: TaskRoot,
    private readonly spawn: (runtimeApi: string) => ChildProcess,
  ) {}

  /** Invokes the function, and fails if it ends instead. */
  public async invoke(event: unknown): Promise<Invocation> {
    const reported = new Promise<Invocation>((resolve) => (this.report = resolve));
    this.events.push(event);
    this.deliver();
    const outcome = await Promise.race([reported, this.ended]);
    if (!outcome) throw new Error(`the function ended:\n${await this.stdout}\n${await this.stderr}`);
    return outcome;
  }

  /** Ends the function and returns what it wrote: the lines of its log, and its standard error. */
  public async stop(): Promise<{ readonly lines: readonly string[]; readonly stderr: string }> {
    this.child.kill();
    await this.ended;
    const [stdout, stderr] = await Promise.all([this.stdout, this.stderr]);
    await this.server.close();
    this.taskRoot.remove();
    return { lines: stdout.trimEnd().split('\n'), stderr };
  }

  private async listen(): Promise<this> {
    this.server = await LocalServer.start((request, response) => void this.serve(request, response));
    this.child = this.spawn(new URL(this.server.url).host);
    this.ended = once(this.child, 'exit').then(() => undefined);
    this.stdout = text(this.child.stdout!);
    this.stderr = text(this.child.stderr!);
    return this;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === `${API}/invocation/next`) {
      this.idle = response;
      return this.deliver();
    }
    const body = await json(request);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    const isError = request.url!.endsWith('/error');
    this.report?.(isError ? { errorType: (body as { errorType: string }).errorType } : { response: body });
  }

  private deliver(): void {
    if (!this.idle || this.events.length === 0) return;
    this.idle.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': '8f5f3c5e-4f3b-4a7e-9f0b-2d1c0a9e7b11',
      'lambda-runtime-deadline-ms': String(Date.now() + LIMIT),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:111122223333:function:invoker',
    });
    this.idle.end(JSON.stringify(this.events.shift()));
    this.idle = undefined;
  }
}
