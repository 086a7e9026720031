import { retryDelaySeconds } from '../../lib/contract/request-queue';
import type { BatchItemFailure, Message } from '../invoker/callers/sqs';
import { messagesOf, serveInOrder, sqs as caller } from '../invoker/callers/sqs';
import { unrecognized } from '../invoker/callers/unrecognized';
import { InvalidRequestError } from '../invoker/errors';
import { failureOf } from '../invoker/failure';
import { rejectTaskId } from '../invoker/parsed-request';
import { RequestLog } from '../invoker/request-log';
import { serve } from '../invoker/serve';
import type { LambdaContext } from '../shared/deadline';
import { Deadline } from '../shared/deadline';
import type { InvokerError } from '../shared/errors';
import type { SdkError } from '../shared/sdk-error';
import { hasRoom, sendToDeadLetterQueue } from './dead-letters';
import { Pace } from './pace';
import type { RequestQueueContext } from './request-queue-context';
import { hideUntilRetry } from './retries';

/** What the service refuses so often, and accepts of other messages, is refused because of the message. */
const REFUSED_RECEIVES = 3;

/**
 * The handler of a request queue. It submits messages at the pace of the endpoint. A message that can never succeed moves to the
 * dead-letter queue at once, so that it does not block its group. All others that fail are hidden for a while and come again.
 */
export function requestQueueHandler({ invoker, sqs, config }: RequestQueueContext) {
  const pace = new Pace(config.intervalMilliseconds);
  const paced = { ...invoker, waitForTurn: pace.turn };
  let acceptedAt = -Infinity;

  /** Why the message can never succeed. Undefined where it may. */
  const finalReason = ({ receives }: Message, error: unknown): string | undefined => {
    const failure = failureOf(error);
    if (failure === 'rejected') return `${(error as InvokerError).name}: ${(error as InvokerError).message}`;
    const lastReceive = Date.now() - 1_000 * retryDelaySeconds(receives - 1);
    if (failure !== 'refused' || receives < REFUSED_RECEIVES || acceptedAt <= lastReceive) return undefined;
    // The message of the service may quote the payload.
    const { name, $metadata } = error as SdkError;
    return `${name}: SageMaker refused the request ${receives} times with HTTP ${$metadata?.httpStatusCode}, and accepted others`;
  };

  return (event: unknown, context: LambdaContext): Promise<{ batchItemFailures: BatchItemFailure[] }> => {
    const log = new RequestLog(invoker.config.endpointName, context.awsRequestId);

    const moveToDeadLetterQueue = async (message: Message, reason: string, deadline: Deadline): Promise<boolean> => {
      const { messageId } = message;
      try {
        await deadline.before((signal) =>
          sendToDeadLetterQueue(sqs, config.deadLetterQueueUrl, message, reason, signal),
        );
        log.add({ level: 'INFO', message: 'messages moved to the dead-letter queue' }, { messageId });
        return true;
      } catch (error) {
        const { name } = error as Error;
        log.add({ level: 'ERROR', message: 'messages not moved to the dead-letter queue', error: name }, { messageId });
        return false;
      }
    };

    const serveBatch = async (deadline: Deadline): Promise<{ batchItemFailures: BatchItemFailure[] }> => {
      if (!caller.matches(event)) throw new InvalidRequestError(unrecognized(event, [caller]).errors);
      /** Undefined if the message is done: accepted, or in the dead-letter queue. */
      const serveOne = async (message: Message): Promise<'failed' | undefined> => {
        try {
          await serve(paced, rejectTaskId(caller.read(message, invoker.config)), log, deadline);
          acceptedAt = Date.now();
          return undefined;
        } catch (error) {
          const reason = hasRoom(message) ? finalReason(message, error) : undefined;
          const isMoved = reason !== undefined && (await moveToDeadLetterQueue(message, reason, deadline));
          return isMoved ? undefined : 'failed';
        }
      };

      const failed = await serveInOrder(messagesOf(event), serveOne);
      if (failed.length > 0) {
        await deadline
          .before((signal) => hideUntilRetry(sqs, config.queueUrl, failed, signal))
          // Then the messages come again when the visibility timeout of the queue ends.
          .catch(({ name }: Error) => {
            for (const { messageId } of failed)
              log.add({ level: 'ERROR', message: 'messages not hidden until their retry', error: name }, { messageId });
          });
      }
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    };

    return Deadline.during(context, serveBatch, () => {
      log.flush();
    });
  };
}
