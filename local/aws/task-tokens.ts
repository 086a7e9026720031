import { randomUUID } from 'node:crypto';
import { ApiError } from './api-error';
import type { Operations } from './json-service';

/** The failure of a task that waited for its token. */
export class TaskFailure extends Error {
  constructor(
    public override readonly name: string,
    cause: string,
  ) {
    super(cause);
  }
}

interface WaitingTask {
  succeed(this: void, output: unknown): void;
  fail(this: void, failure: TaskFailure): void;
}

/** The tokens of waiting tasks, with the operations of Step Functions that complete them. A token can be used once. */
export class TaskTokens {
  private readonly waiting = new Map<string, WaitingTask>();

  public readonly operations: Operations = {
    SendTaskSuccess: ({ taskToken, output }: { taskToken: string; output: string }) => {
      this.take(taskToken).succeed(JSON.parse(output));
      return {};
    },
    SendTaskFailure: ({ taskToken, error = '', cause = '' }: { taskToken: string; error?: string; cause?: string }) => {
      this.take(taskToken).fail(new TaskFailure(error, cause));
      return {};
    },
  };

  /** Issues a token, with the promise of the output that completes it. */
  public issue(): { readonly token: string; readonly output: Promise<unknown> } {
    const token = randomUUID();
    return {
      token,
      output: new Promise((succeed, fail) => {
        this.waiting.set(token, { succeed, fail });
      }),
    };
  }

  /** Fails all waiting tasks. */
  public failAll(error: string, cause: string): void {
    for (const task of this.waiting.values()) task.fail(new TaskFailure(error, cause));
    this.waiting.clear();
  }

  private take(token: string): WaitingTask {
    const task = this.waiting.get(token);
    if (!task) throw new ApiError('TaskTimedOut');
    this.waiting.delete(token);
    return task;
  }
}
