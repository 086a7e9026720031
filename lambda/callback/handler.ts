import type { LambdaContext } from '../shared/deadline';
import { Deadline } from '../shared/deadline';
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

/**
 * Completes the tasks that wait for the results in a batch of messages. A message goes back to the queue if it fails or if the
 * function is about to time out.
 */
export function callbackHandler(callback: Callback) {
  return ({ Records: records }: MessageBatch, context: LambdaContext): Promise<BatchResponse> =>
    Deadline.during(context, async (deadline) => {
      const { awsRequestId: requestId } = context;
      const failures = await Promise.all(
        records.map(async ({ messageId, body }) => {
          try {
            const { outcome, inferenceId } = await deadline.before(() => completeTask(body, callback));
            log({ level: SUSPICIOUS.has(outcome) ? 'WARN' : 'INFO', message: outcome, requestId, inferenceId });
            return [];
          } catch (error) {
            log({ level: 'ERROR', message: 'task not completed yet', requestId, error: (error as Error).name });
            return [{ itemIdentifier: messageId }];
          }
        }),
      );
      return { batchItemFailures: failures.flat() };
    });
}
