import { log } from '../shared/log';
import type { Callback, Completion } from './complete-task';
import { completeTask } from './complete-task';

/** The event of an SQS queue, as far as it is read. */
interface MessageBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const SUSPICIOUS = new Set<Completion['outcome']>(['not a result', 'result of another endpoint']);

/** Completes the tasks that wait for the results in a batch of messages. A message that fails goes back to the queue. */
export function callbackHandler(callback: Callback) {
  return async (
    { Records: records }: MessageBatch,
    { awsRequestId: requestId }: { readonly awsRequestId: string },
  ): Promise<BatchResponse> => {
    const failures = await Promise.all(
      records.map(async ({ messageId, body }) => {
        try {
          const { outcome, inferenceId } = await completeTask(body, callback);
          log({ level: SUSPICIOUS.has(outcome) ? 'WARN' : 'INFO', message: outcome, requestId, inferenceId });
          return [];
        } catch (error) {
          log({ level: 'ERROR', message: 'task not completed yet', requestId, error: (error as Error).name });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failures.flat() };
  };
}
