/** How long a message is hidden after its first receive, if it could not be submitted, in seconds. */
const FIRST_RETRY_SECONDS = 30;

/** How long a message is hidden at most, in seconds. */
export const LONGEST_RETRY_SECONDS = 600;

/** How long a message may fail before it moves to the dead-letter queue, if every attempt fails, in seconds. */
const OUTAGE_SECONDS = 5 * 3_600;

/** How long a message is hidden after its nth receive has failed: 30 seconds, doubling to ten minutes. */
export function retryDelaySeconds(receives: number): number {
  return Math.min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** Math.min(receives - 1, 16));
}

/** How often a message is received within a time in which every attempt fails. */
export function receivesWithin(seconds: number): number {
  let receives = 1;
  for (let passed = retryDelaySeconds(1); passed <= seconds; passed += retryDelaySeconds(receives)) receives += 1;
  return receives;
}

/** Receives until a message moves to the dead-letter queue: those of an outage, and as many for what else delays a message. */
export const MAX_RECEIVE_COUNT = 2 * receivesWithin(OUTAGE_SECONDS);

/** The settings of the function of a request queue, beside those of an invoker. */
export interface RequestQueueConfig {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The least time between two requests of one execution environment. */
  readonly intervalMilliseconds: number;
}

/** The environment variables that carry these settings. */
export const REQUEST_QUEUE_VARIABLES = {
  queueUrl: 'QUEUE_URL',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  intervalMilliseconds: 'SUBMISSION_INTERVAL_MILLISECONDS',
} as const satisfies Record<keyof RequestQueueConfig, string>;

/** The message attribute with the reason why the function moved a message to the dead-letter queue. */
export const DEAD_LETTER_REASON = 'DeadLetterReason';
