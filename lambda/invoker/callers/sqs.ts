import { createHash } from 'node:crypto';
import { TEXT_LIMITS } from '../../../lib/contract/invoker';
import { TRUSTED_SQS_ATTRIBUTES } from '../../../lib/contract/sqs-attributes';
import { MEMBER_NAMES, membersOfText } from '../members';
import { encodeBase64, encodeText } from '../payload';
import { quote } from '../quote';
import type { Caller } from './caller';

interface SqsEvent {
  readonly Records: readonly unknown[];
}

/** One message. Test events are often written by hand, so a record may lack anything. */
export interface Message {
  /** The text that reports a failure. Lambda takes an empty one for a failure of the whole batch. */
  readonly messageId: string;
  /** What identifies this receive of the message. */
  readonly receiptHandle: unknown;
  /** How often the message was received, this time included. */
  readonly receives: number;
  readonly body: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The messages of one group of a FIFO queue are submitted in order. */
  readonly group?: string;
}

export interface BatchItemFailure {
  readonly itemIdentifier: string;
}

/** The messages that are submitted at a time. A batch may have 10,000, and each takes a connection. */
const CONCURRENCY = 10;

/** An SQS queue, by an event source mapping with partial batch responses. A message is a request. */
export const sqs: Caller<SqsEvent, Message> = {
  name: 'SQS queue',
  event: 'the event of an SQS queue',
  matches(event): event is SqsEvent {
    const { Records: records } = (event ?? {}) as { Records?: unknown };
    return Array.isArray(records) && records.some((record) => objectOf(record).eventSource === 'aws:sqs');
  },

  /** The body is the payload, and the attributes are the members. Attributes of other names are ignored. */
  read(
    { messageId, body, attributes },
    { trustedSqsAttributes: trusted = [], sqsResultNaming: naming = 'inference-id' },
  ) {
    const valueOf = (name: string): unknown => objectOf(attributes[name]).stringValue;
    const encoding = valueOf('BodyEncoding');
    const given: Record<string, unknown> = {};
    for (const name of MEMBER_NAMES) if (attributes[name] !== undefined) given[name] = valueOf(name) ?? null;
    const { InferenceId = messageId } = given;
    const errors = [
      ...(encoding === undefined || encoding === 'base64'
        ? []
        : [`the attribute BodyEncoding is ${quote(encoding)}: give base64 or leave it out`]),
      ...TRUSTED_SQS_ATTRIBUTES.filter((name) => name in given && !trusted.includes(name)).map(
        (name) => `the attribute ${name} is not allowed here: leave it out`,
      ),
      ...('InputLocation' in given ? ['the attribute InputLocation is not supported: the message is the payload'] : []),
      ...(attributes.EndpointName === undefined
        ? []
        : ["the attribute EndpointName is not supported: requests go to this invoker's own endpoint"]),
    ];
    const encode = encoding === 'base64' ? encodeBase64 : encodeText;
    return {
      payload: encode('the message', body, errors),
      members: membersOfText({
        Filename: naming === 'inference-id' && typeof InferenceId === 'string' ? fileNameOf(InferenceId) : undefined,
        InferenceId,
        ...given,
      }),
      errors,
      messageId,
    };
  },
  accepted: () => undefined,
  failed: ({ messageId }): BatchItemFailure => ({ itemIdentifier: messageId }),

  batch: async (event, serve) => ({
    batchItemFailures: (await serveInOrder(messagesOf(event), serve)).map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  }),
};

export function messagesOf({ Records: records }: SqsEvent): Message[] {
  return records.map(messageOf);
}

/** Serves messages at the same time, those of one group in order. Returns the messages that failed, with those behind them. */
export async function serveInOrder(
  messages: readonly Message[],
  serve: (message: Message) => Promise<unknown>,
): Promise<Message[]> {
  const failed: Message[] = [];
  const groups = groupsOf(messages).values();
  const work = async (): Promise<void> => {
    for (const group of groups) failed.push(...(await serveGroup(group, serve)));
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return failed;
}

function messageOf(record: unknown): Message {
  const { messageId, receiptHandle, body, eventSourceARN, attributes, messageAttributes } = objectOf(record);
  const { MessageGroupId, ApproximateReceiveCount } = objectOf(attributes);
  const isFifo = typeof eventSourceARN === 'string' && eventSourceARN.endsWith('.fifo');
  return {
    messageId: typeof messageId === 'string' ? messageId : '',
    receiptHandle,
    receives: Number(ApproximateReceiveCount ?? 1),
    body,
    attributes: objectOf(messageAttributes),
    // A standard queue may have message groups too, which guarantee no order.
    group: isFifo ? String(MessageGroupId) : undefined,
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** Each message of a standard queue is a group of its own. */
function groupsOf(messages: readonly Message[]): Map<string | Message, Message[]> {
  const groups = new Map<string | Message, Message[]>();
  for (const message of messages) {
    const key = message.group ?? message;
    const group = groups.get(key);
    if (group) group.push(message);
    else groups.set(key, [message]);
  }
  return groups;
}

/** What follows a failure in its group fails too: if it were submitted now, it would overtake. */
async function serveGroup(
  group: readonly Message[],
  serve: (message: Message) => Promise<unknown>,
): Promise<readonly Message[]> {
  for (const [index, message] of group.entries()) {
    if ((await serve(message)) !== undefined) return group.slice(index);
  }
  return [];
}

/** One file name for one InferenceId, so that the results of a message that is delivered twice have the same name. */
function fileNameOf(inferenceId: string): string {
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(inferenceId);
  return isUuid
    ? inferenceId.replaceAll('-', '')
    : createHash('sha256').update(inferenceId).digest('hex').slice(0, TEXT_LIMITS.Filename.max);
}
