import type { SQSClient } from '@aws-sdk/client-sqs';
import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { retryDelaySeconds } from '../../lib/contract/request-queue';
import type { Message } from '../invoker/callers/sqs';

/** Hides messages that failed, each for a time that grows with its receives. At most ten messages. */
export async function hideUntilRetry(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly Message[],
  abortSignal: AbortSignal,
): Promise<void> {
  await sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: queueUrl,
      Entries: messages.map(({ receiptHandle, receives }, index) => ({
        Id: `${index}`,
        ReceiptHandle: receiptHandle as string,
        VisibilityTimeout: retryDelaySeconds(receives),
      })),
    }),
    { abortSignal },
  );
}
