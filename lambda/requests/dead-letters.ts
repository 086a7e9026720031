import type { MessageAttributeValue, SQSClient } from '@aws-sdk/client-sqs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { DEAD_LETTER_REASON } from '../../lib/contract/request-queue';
import type { Message } from '../invoker/callers/sqs';

/** SQS accepts no more attributes of a message. */
const MAX_ATTRIBUTES = 10;

/** Enough for the errors of a request. A reason is an attribute, and counts towards the size of the message. */
const MAX_REASON_LENGTH = 1_000;

/** An attribute as Lambda passes it. */
interface ReceivedAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  readonly binaryValue?: string;
}

/** Whether the message can take one more attribute, for the reason. */
export function hasRoom({ attributes }: Message): boolean {
  return DEAD_LETTER_REASON in attributes || Object.keys(attributes).length < MAX_ATTRIBUTES;
}

/** Sends a copy of a message to the dead-letter queue, with the reason as one more attribute. */
export async function sendToDeadLetterQueue(
  sqs: SQSClient,
  queueUrl: string,
  message: Message,
  reason: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const { messageId, body, attributes, group } = message;
  const copied = Object.entries(attributes).map(([name, value]) => [name, copyOf(value as ReceivedAttribute)] as const);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body as string,
      MessageAttributes: {
        ...Object.fromEntries(copied),
        [DEAD_LETTER_REASON]: { DataType: 'String', StringValue: reason.slice(0, MAX_REASON_LENGTH).toWellFormed() },
      },
      // A repeat of this call is not a second message.
      ...(group !== undefined && { MessageGroupId: group, MessageDeduplicationId: messageId }),
    }),
    { abortSignal },
  );
}

function copyOf({ dataType, stringValue, binaryValue }: ReceivedAttribute): MessageAttributeValue {
  return dataType.startsWith('Binary')
    ? { DataType: dataType, BinaryValue: Buffer.from(binaryValue ?? '', 'base64') }
    : { DataType: dataType, StringValue: stringValue };
}
