import type { Answered, Callback } from './answer';
import { answer } from './answer';
import { log } from './log';

interface Event {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

interface Response {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

const SUSPICIOUS = new Set<Answered['verdict']>(['no result', 'of another endpoint']);

/** Answers the tasks that a batch of messages tells of; what could not be answered now goes back to the queue. */
export function createHandler(callback: Callback) {
  return async (
    { Records }: Event,
    { awsRequestId: requestId }: { readonly awsRequestId: string },
  ): Promise<Response> => {
    const failed = await Promise.all(
      Records.map(async ({ messageId, body }) => {
        try {
          const { verdict, inferenceId } = await answer(body, callback);
          log({ level: SUSPICIOUS.has(verdict) ? 'WARN' : 'INFO', message: verdict, requestId, inferenceId });
          return [];
        } catch (error) {
          log({ level: 'ERROR', message: 'not answered yet', requestId, error: (error as Error).name });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: failed.flat() };
  };
}
