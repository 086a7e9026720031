import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { TASK_ATTRIBUTES } from '../../lib/contract/callback';

/** A task of a state machine that waits for an inference. */
export interface WaitingTask {
  readonly inferenceId: string;
  readonly taskToken: string;
  readonly endpointName: string;
  /** The start of the location of each result of the endpoint. Absent where none is to be read. */
  readonly outputLocationPrefix?: string;
  /** When the table may delete it, in seconds since 1970. */
  readonly expiresAt: number;
}

/** The table of the tasks that wait. */
export interface WaitingTasks {
  add(task: WaitingTask): Promise<void>;
  find(inferenceId: string): Promise<WaitingTask | undefined>;
  remove(inferenceId: string): Promise<void>;
}

/** The tasks in a table of DynamoDB. */
export function waitingTasksIn(client: DynamoDBClient, TableName: string): WaitingTasks {
  const keyOf = (inferenceId: string) => ({ TableName, Key: { [TASK_ATTRIBUTES.key]: { S: inferenceId } } });
  return {
    async add(task) {
      await client.send(
        new PutItemCommand({
          TableName,
          Item: {
            [TASK_ATTRIBUTES.key]: { S: task.inferenceId },
            [TASK_ATTRIBUTES.token]: { S: task.taskToken },
            [TASK_ATTRIBUTES.endpoint]: { S: task.endpointName },
            ...(task.outputLocationPrefix !== undefined && {
              [TASK_ATTRIBUTES.outputPrefix]: { S: task.outputLocationPrefix },
            }),
            [TASK_ATTRIBUTES.timeToLive]: { N: String(task.expiresAt) },
          },
        }),
      );
    },
    async find(inferenceId) {
      // A notification may come right after the task was written, so the read is consistent.
      const { Item } = await client.send(new GetItemCommand({ ...keyOf(inferenceId), ConsistentRead: true }));
      return (
        Item && {
          inferenceId,
          taskToken: Item[TASK_ATTRIBUTES.token]!.S!,
          endpointName: Item[TASK_ATTRIBUTES.endpoint]!.S!,
          outputLocationPrefix: Item[TASK_ATTRIBUTES.outputPrefix]?.S,
          expiresAt: Number(Item[TASK_ATTRIBUTES.timeToLive]!.N),
        }
      );
    },
    async remove(inferenceId) {
      await client.send(new DeleteItemCommand(keyOf(inferenceId)));
    },
  };
}
