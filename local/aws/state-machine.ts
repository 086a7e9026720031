import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import type { TaskTokens } from './task-tokens';

// The interpreter needs nothing else of Node.js 22. With it, the tests pass on 20, so package-lock.json omits its `engines`.
if (!('withResolvers' in Promise)) {
  Object.assign(Promise, {
    withResolvers<T>() {
      let resolve, reject;
      const promise = new Promise<T>((...settle) => {
        [resolve, reject] = settle;
      });
      return { promise, resolve, reject };
    },
  });
}

/** The interpreter has no task tokens. A task replaces this placeholder with a token when it starts. */
const TOKEN_PLACEHOLDER = 'token of the task';
const WAIT_FOR_TASK_TOKEN = ':states:::lambda:invoke.waitForTaskToken';

interface State {
  readonly Type: string;
  readonly Resource?: string;
}

/** The parameters of a task that waits for its token. */
interface WaitingCall {
  readonly FunctionName: string;
  readonly Payload: unknown;
}

/** A state machine whose tasks invoke local functions. A library interprets the definition. */
export class LocalStateMachine {
  private readonly aborts = new Set<() => void>();
  private readonly definition: { readonly States: Readonly<Record<string, State>> };

  constructor(
    definition: string,
    private readonly tokens: TaskTokens,
    private readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>,
  ) {
    this.definition = JSON.parse(definition) as typeof this.definition;
  }

  /** Runs an execution and returns its output. */
  public async run(input: object): Promise<unknown> {
    const { StateMachine } = await import('aws-local-stepfunctions');
    const machine = new StateMachine(this.definition as unknown as StateMachineDefinition, {
      validationOptions: { checkArn: false },
    });
    const tasks = Object.entries(this.definition.States).filter(([, { Type }]) => Type === 'Task');
    const { result, abort } = machine.run(input as never, {
      context: { Task: { Token: TOKEN_PLACEHOLDER } },
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(
          tasks.map(([name, { Resource = '' }]) => [
            name,
            (parameters: unknown) =>
              (Resource.endsWith(WAIT_FOR_TASK_TOKEN)
                ? this.wait(parameters as WaitingCall)
                : this.invoke(Resource, parameters)) as Promise<never>,
          ]),
        ),
      },
    });
    this.aborts.add(abort);
    return result.finally(() => this.aborts.delete(abort));
  }

  /** Aborts the running executions, whose outputs are then errors. */
  public close(): Promise<void> {
    for (const abort of this.aborts) abort();
    // The interpreter keeps the timer of a task until the task ends.
    this.tokens.failAll('States.TaskFailed', 'The execution was aborted.');
    return Promise.resolve();
  }

  private async wait({ FunctionName, Payload }: WaitingCall): Promise<unknown> {
    const { token, output } = this.tokens.issue();
    const payload: unknown = JSON.parse(JSON.stringify(Payload).replaceAll(TOKEN_PLACEHOLDER, token));
    // As in Step Functions, an error of the function ends the task, and its response does not.
    const failure = this.invoke(FunctionName, payload).then(() => new Promise<never>(() => undefined));
    return Promise.race([output, failure]);
  }
}
