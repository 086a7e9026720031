import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FunctionBlueprint } from '../app/blueprint';
import { guard } from '../app/child';
import type { Credentials } from './principals';
import { openTaskRoot } from './task-root';
import type { TaskRoot } from './task-root';

/** The most bytes that a synchronous invocation takes, and that it answers. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** An error of a Lambda function as its caller sees it. */
export class FunctionError extends Error {
  constructor(
    public readonly errorType: string,
    public readonly errorMessage: string,
    public readonly trace: readonly string[] = [],
  ) {
    super(`${errorType}: ${errorMessage}`);
  }
}

/** An execution environment: a process that serves one invocation at a time. */
interface Sandbox {
  readonly process: ChildProcess;
  end(this: void): Promise<void>;
}

type Reply =
  | { readonly result: string }
  | {
      readonly error: { readonly errorType: string; readonly errorMessage: string; readonly trace: readonly string[] };
    };

/** A Lambda function, run from its asset in processes of its own: each new one is a cold start, and is kept warm after. */
export class LambdaFunction {
  private readonly idle: Sandbox[] = [];
  private readonly sandboxes = new Set<Sandbox>();
  private readonly printed: Buffer[] = [];
  private taskRoot: TaskRoot | undefined;

  constructor(
    public readonly blueprint: FunctionBlueprint,
    private readonly credentials: Credentials,
    /** Where AWS is: variables such as `AWS_ENDPOINT_URL_S3`. */
    private readonly endpoints: Readonly<Record<string, string>>,
  ) {}

  /** What the function logged so far. */
  public get log(): string {
    return Buffer.concat(this.printed).toString();
  }

  /**
   * Invokes the function and waits for what it returns.
   *
   * @throws FunctionError what the function threw, or what Lambda says of one that broke a limit
   */
  public async invoke(event: unknown): Promise<unknown> {
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError('RequestEntityTooLargeException', `the event has more than ${MAX_PAYLOAD_BYTES} bytes`);
    }
    const sandbox = this.idle.pop() ?? this.start();
    const reply = await this.converse(sandbox, payload);
    this.idle.push(sandbox);
    if ('error' in reply) throw new FunctionError(reply.error.errorType, reply.error.errorMessage, reply.error.trace);
    if (Buffer.byteLength(reply.result) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError('Function.ResponseSizeTooLarge', `the response has more than ${MAX_PAYLOAD_BYTES} bytes`);
    }
    return JSON.parse(reply.result);
  }

  public async close(): Promise<void> {
    await Promise.all([...this.sandboxes].map(({ end }) => end()));
    this.taskRoot?.remove();
  }

  private converse(sandbox: Sandbox, event: string): Promise<Reply> {
    const requestId = randomUUID();
    const { timeoutSeconds } = this.blueprint;
    const deadline = Date.now() + timeoutSeconds * 1000;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        void sandbox.end();
        reject(
          new FunctionError(
            'Sandbox.Timedout',
            `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
          ),
        );
      }, timeoutSeconds * 1000);
      const exited = (): void => {
        clearTimeout(timer);
        reject(
          new FunctionError(
            'Runtime.ExitError',
            `RequestId: ${requestId} Error: Runtime exited without providing a reason`,
          ),
        );
      };
      sandbox.process.once('exit', exited);
      sandbox.process.once('message', (reply) => {
        clearTimeout(timer);
        sandbox.process.off('exit', exited);
        resolve(reply as Reply);
      });
      sandbox.process.send({ event, deadline, context: this.context(requestId) });
    });
  }

  private start(): Sandbox {
    const { code, memoryMegabytes } = this.blueprint;
    const { path } = (this.taskRoot ??= openTaskRoot(code));
    const process = fork(join(__dirname, 'lambda-host.mjs'), {
      cwd: path,
      env: this.environment(path),
      execArgv: [`--max-old-space-size=${memoryMegabytes}`],
      silent: true,
    });
    for (const stream of [process.stdout!, process.stderr!])
      stream.on('data', (chunk: Buffer) => this.printed.push(chunk));
    const end = guard(process);
    const sandbox = { process, end };
    this.sandboxes.add(sandbox);
    process.once('exit', () => {
      this.sandboxes.delete(sandbox);
      const position = this.idle.indexOf(sandbox);
      if (position >= 0) this.idle.splice(position, 1);
    });
    return sandbox;
  }

  // The template's variables and those that Lambda sets, and nothing of the environment of this process.
  private environment(taskRoot: string): NodeJS.ProcessEnv {
    const { name, region, handler, runtime, memoryMegabytes, environment } = this.blueprint;
    return {
      ...environment,
      ...this.endpoints,
      _HANDLER: handler,
      LAMBDA_TASK_ROOT: taskRoot,
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: this.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.credentials.secretAccessKey,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
      TZ: ':UTC',
    };
  }

  private context(awsRequestId: string): object {
    const { name, arn, memoryMegabytes } = this.blueprint;
    return {
      awsRequestId,
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memoryMegabytes),
      callbackWaitsForEmptyEventLoop: true,
    };
  }
}
