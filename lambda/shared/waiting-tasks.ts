import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { TASK_ATTRIBUTES as NAMES } from '../../lib/contract/callback';

/** A task of a state machine that waits for an inference. */
export interface WaitingTask {
  readonly inferenceId: string;
  readonly taskToken: string;
  readonly endpointName: string;
  /** When the table may forget it, in seconds since 1970. */
  readonly expiresAt: number;
}

export interface WaitingTasks {
  add(task: WaitingTask): Promise<void>;
  find(inferenceId: string): Promise<WaitingTask | undefined>;
  remove(inferenceId: string): Promise<void>;
}

/** The tasks in their table. */
export function tableOfTasks(client: DynamoDBClient, TableName: string): WaitingTasks {
  const keyOf = (inferenceId: string) => ({ TableName, Key: { [NAMES.key]: { S: inferenceId } } });
  return {
    async add(task) {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: {
            [NAMES.key]: { S: task.inferenceId },
            [NAMES.token]: { S: task.taskToken },
            [NAMES.endpoint]: { S: task.endpointName },
            [NAMES.timeToLive]: { N: String(task.expiresAt) },
          },
        }),
      );
    },
    async find(inferenceId) {
      // Consistent, since a notification may come the moment after the task was written.
      const { Item } = await client.send(new GetItemCommand({ ...keyOf(inferenceId), ConsistentRead: true }));
      return (
        Item && {
          inferenceId,
          taskToken: Item[NAMES.token]!.S!,
          endpointName: Item[NAMES.endpoint]!.S!,
          expiresAt: Number(Item[NAMES.timeToLive]!.N),
        }
      );
    },
    async remove(inferenceId) {
      await client.send(new DeleteItemCommand(keyOf(inferenceId)));
    },
  };
}
