import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import type { TaskTokens } from './waiting-tasks';

// All that the interpreter needs of Node.js 22. With it, the tests pass on 20, so package-lock.json omits the interpreter's `engines`.
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

/** The interpreter knows no tokens: this stands where one belongs until the task is started. */
const TOKEN = 'token of the task';
const WAITS = ':states:::lambda:invoke.waitForTaskToken';

interface State {
  readonly Type: string;
  readonly Resource?: string;
}

/** What a task waits with. */
interface WaitingCall {
  readonly FunctionName: string;
  readonly Payload: unknown;
}

/** Runs a state machine's definition, by an interpreter that others wrote; its tasks invoke functions of this machine. */
export class LocalStateMachine {
  private readonly definition: { readonly States: Readonly<Record<string, State>> };

  constructor(
    definition: string,
    private readonly tokens: TaskTokens,
    private readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>,
  ) {
    this.definition = JSON.parse(definition) as typeof this.definition;
  }

  /** Runs an execution to its end. */
  public async run(input: object): Promise<unknown> {
    const { StateMachine } = await import('aws-local-stepfunctions');
    const machine = new StateMachine(this.definition as unknown as StateMachineDefinition, {
      validationOptions: { checkArn: false },
    });
    const tasks = Object.entries(this.definition.States).filter(([, { Type }]) => Type === 'Task');
    const { result } = machine.run(input as never, {
      context: { Task: { Token: TOKEN } },
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(
          tasks.map(([name, { Resource = '' }]) => [
            name,
            (parameters: unknown) =>
              (Resource.endsWith(WAITS)
                ? this.wait(parameters as WaitingCall)
                : this.invoke(Resource, parameters)) as Promise<never>,
          ]),
        ),
      },
    });
    return result;
  }

  private async wait({ FunctionName, Payload }: WaitingCall): Promise<unknown> {
    const { token, answer } = this.tokens.issue();
    // An error of the function ends the task, as Step Functions has it; what the function returns does not.
    const failure = this.invoke(FunctionName, JSON.parse(JSON.stringify(Payload).replaceAll(TOKEN, token))).then(
      () => new Promise<never>(() => undefined),
    );
    return Promise.race([answer, failure]);
  }
}
