import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { killOnExit } from '../app/kill-on-exit';
import type { FunctionConfiguration } from '../app/resources';
import type { Credentials } from './principals';
import { openTaskRoot } from './task-root';
import type { TaskRoot } from './task-root';

/** The largest event and the largest response of a synchronous invocation. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** An error of a Lambda function, as its caller receives it. */
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
interface ExecutionEnvironment {
  readonly process: ChildProcess;
  end(this: void): Promise<void>;
}

type Reply =
  | { readonly result: string }
  | {
      readonly error: { readonly errorType: string; readonly errorMessage: string; readonly trace: readonly string[] };
    };

/** A Lambda function that runs from its asset. A new process is a cold start, and is then kept warm. */
export class LambdaFunction {
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly running = new Set<ExecutionEnvironment>();
  private readonly output: Buffer[] = [];
  private taskRoot: TaskRoot | undefined;

  constructor(
    public readonly configuration: FunctionConfiguration,
    private readonly credentials: Credentials,
    /** The addresses of services, as variables such as `AWS_ENDPOINT_URL_S3`. */
    private readonly endpointUrls: Readonly<Record<string, string>>,
  ) {}

  /** The log of the function. */
  public get log(): string {
    return Buffer.concat(this.output).toString();
  }

  /**
   * Invokes the function and returns its response.
   *
   * @throws FunctionError an error of the function, or of Lambda if a limit is exceeded
   */
  public async invoke(event: unknown): Promise<unknown> {
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError('RequestEntityTooLargeException', `The event has more than ${MAX_PAYLOAD_BYTES} bytes.`);
    }
    const environment = this.idle.pop() ?? this.start();
    const reply = await this.exchange(environment, payload);
    this.idle.push(environment);
    if ('error' in reply) throw new FunctionError(reply.error.errorType, reply.error.errorMessage, reply.error.trace);
    if (Buffer.byteLength(reply.result) > MAX_PAYLOAD_BYTES) {
      throw new FunctionError(
        'Function.ResponseSizeTooLarge',
        `The response has more than ${MAX_PAYLOAD_BYTES} bytes.`,
      );
    }
    return JSON.parse(reply.result);
  }

  public async close(): Promise<void> {
    await Promise.all([...this.running].map(({ end }) => end()));
    this.taskRoot?.remove();
  }

  private exchange({ process, end }: ExecutionEnvironment, event: string): Promise<Reply> {
    const requestId = randomUUID();
    const { timeoutSeconds } = this.configuration;
    const deadline = Date.now() + timeoutSeconds * 1000;
    return new Promise((resolve, reject) => {
      const fail = (errorType: string, message: string): void =>
        reject(new FunctionError(errorType, `RequestId: ${requestId} Error: ${message}`));
      const timer = setTimeout(() => {
        void end();
        fail('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
      }, timeoutSeconds * 1000);
      const exit = (): void => {
        clearTimeout(timer);
        fail('Runtime.ExitError', 'Runtime exited without providing a reason');
      };
      process.once('exit', exit);
      process.once('message', (reply) => {
        clearTimeout(timer);
        process.off('exit', exit);
        resolve(reply as Reply);
      });
      process.send({ event, deadline, context: this.context(requestId) });
    });
  }

  private start(): ExecutionEnvironment {
    const { code, memoryMegabytes } = this.configuration;
    const { path } = (this.taskRoot ??= openTaskRoot(code));
    const process = fork(join(__dirname, 'lambda-host.mjs'), {
      cwd: path,
      env: this.variables(path),
      execArgv: [`--max-old-space-size=${memoryMegabytes}`],
      silent: true,
    });
    for (const stream of [process.stdout!, process.stderr!])
      stream.on('data', (chunk: Buffer) => this.output.push(chunk));
    const environment = { process, end: killOnExit(process) };
    this.running.add(environment);
    process.once('exit', () => {
      this.running.delete(environment);
      const position = this.idle.indexOf(environment);
      if (position >= 0) this.idle.splice(position, 1);
    });
    return environment;
  }

  /** The variables of the template and of Lambda, and none of this process. */
  private variables(taskRoot: string): NodeJS.ProcessEnv {
    const { name, region, handler, runtime, memoryMegabytes, environment } = this.configuration;
    return {
      ...environment,
      ...this.endpointUrls,
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
      // Node.js is that of this process here, and that of the runtime on AWS.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
  }

  private context(awsRequestId: string): object {
    const { name, arn, memoryMegabytes } = this.configuration;
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
