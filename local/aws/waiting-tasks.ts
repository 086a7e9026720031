import { randomUUID } from 'node:crypto';
import { TASK_ATTRIBUTES } from '../../lib/contract/callback';
import { ServiceError } from './json-service';
import type { Operations } from './json-service';

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** The table of waiting tasks, by the operations of DynamoDB that the callback's functions use. */
export class TaskTable {
  public readonly items = new Map<string, Item>();

  public readonly operations: Operations = {
    PutItem: ({ Item: item }: { Item: Item }) => {
      this.items.set(keyOf(item), item);
      return {};
    },
    GetItem: ({ Key }: { Key: Item }) => ({ Item: this.items.get(keyOf(Key)) }),
    DeleteItem: ({ Key }: { Key: Item }) => {
      this.items.delete(keyOf(Key));
      return {};
    },
  };
}

/** How a task of a state machine ended that waited for its token. */
export class TaskFailure extends Error {
  constructor(
    public override readonly name: string,
    cause: string,
  ) {
    super(cause);
  }
}

/** The tokens of waiting tasks, each of which takes one answer, by the operations of Step Functions that give it. */
export class TaskTokens {
  private readonly waiting = new Map<string, { succeed(output: unknown): void; fail(failure: TaskFailure): void }>();

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

  /** A new token, and what is answered to it. */
  public issue(): { readonly token: string; readonly answer: Promise<unknown> } {
    const token = randomUUID();
    return {
      token,
      answer: new Promise((succeed, fail) => {
        this.waiting.set(token, { succeed, fail });
      }),
    };
  }

  private take(token: string) {
    const task = this.waiting.get(token);
    if (!task) throw new ServiceError('TaskTimedOut');
    this.waiting.delete(token);
    return task;
  }
}

function keyOf(item: Item): string {
  return item[TASK_ATTRIBUTES.key]!.S!;
}
