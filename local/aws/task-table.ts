import { TASK_ATTRIBUTES } from '../../lib/contract/callback';
import type { Operations } from './json-service';

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** The table of waiting tasks, with the operations of DynamoDB that the functions of the callback use. */
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

function keyOf(item: Item): string {
  return item[TASK_ATTRIBUTES.key]!.S!;
}
