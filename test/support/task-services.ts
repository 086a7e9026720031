import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { LocalServer } from '../../local/aws/local-server';

type Item = Record<string, { S?: string; N?: string }>;

interface TableCall {
  readonly TableName: string;
  readonly Item: Item;
  readonly Key: Item;
  readonly ConsistentRead?: boolean;
}

interface TaskAnswer {
  readonly taskToken: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** The services' side of the wire: a table of DynamoDB and the tasks of Step Functions, which take one answer a token. */
export async function startTaskServices() {
  const items = new Map<string, Item>();
  const waiting = new Set<string>();
  const answers: TaskAnswer[] = [];
  const calls: string[] = [];
  /** The errors of the next calls of an operation, whatever they ask. */
  const faults = new Map<string, { readonly status: number; readonly type: string }[]>();

  const operations: Record<string, (call: TableCall & TaskAnswer) => object> = {
    PutItem: ({ Item }) => {
      items.set(Item.inferenceId!.S!, Item);
      return {};
    },
    GetItem: ({ Key, ConsistentRead }) => ({ Item: ConsistentRead ? items.get(Key.inferenceId!.S!) : undefined }),
    DeleteItem: ({ Key }) => {
      items.delete(Key.inferenceId!.S!);
      return {};
    },
    SendTaskSuccess: (answer) => take(answer),
    SendTaskFailure: (answer) => take(answer),
  };
  const take = (answer: TaskAnswer) => {
    if (!waiting.delete(answer.taskToken)) throw Object.assign(new Error(), { status: 400, type: 'TaskTimedOut' });
    answers.push(answer);
    return {};
  };

  const server = await LocalServer.start((request, response) => {
    void text(request).then((body) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1]!;
      calls.push(operation);
      const fault = faults.get(operation)?.shift();
      if (fault) return reply(response, fault.status, { __type: fault.type });
      try {
        return reply(response, 200, operations[operation]!(JSON.parse(body) as TableCall & TaskAnswer));
      } catch (error) {
        const { status, type } = error as { status: number; type: string };
        return reply(response, status, { __type: type });
      }
    });
  });
  const options = {
    region: 'eu-west-1',
    endpoint: server.url,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  };
  const dynamodb = new DynamoDBClient(options);
  const stepFunctions = new SFNClient(options);
  return {
    url: server.url,
    dynamodb,
    stepFunctions,
    items,
    waiting,
    answers,
    calls,
    failNext: (operation: string, type: string, status = 400) => {
      faults.set(operation, [...(faults.get(operation) ?? []), { status, type }]);
    },
    clear: () => {
      for (const kept of [items, waiting, faults]) kept.clear();
      answers.length = 0;
      calls.length = 0;
    },
    stop: async () => {
      dynamodb.destroy();
      stepFunctions.destroy();
      await server.close();
    },
  };
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
