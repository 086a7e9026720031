import type { SQSClient } from '@aws-sdk/client-sqs';
import type { RequestQueueConfig } from '../../lib/contract/request-queue';
import { REQUEST_QUEUE_VARIABLES } from '../../lib/contract/request-queue';
import type { InvokerContext } from '../invoker/invoker-context';

/** What the function of a request queue needs. */
export interface RequestQueueContext {
  readonly invoker: InvokerContext;
  readonly sqs: SQSClient;
  readonly config: RequestQueueConfig;
}

/** @throws Error naming the variable that is missing */
export function configFrom(environment: Readonly<Record<string, string | undefined>>): RequestQueueConfig {
  const text = (member: keyof RequestQueueConfig): string => {
    const value = environment[REQUEST_QUEUE_VARIABLES[member]];
    if (!value) throw new Error(`environment variable ${REQUEST_QUEUE_VARIABLES[member]} is required`);
    return value;
  };
  return {
    queueUrl: text('queueUrl'),
    deadLetterQueueUrl: text('deadLetterQueueUrl'),
    intervalMilliseconds: Number(text('intervalMilliseconds')),
  };
}
