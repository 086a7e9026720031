import { Token } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { AsyncInferenceRequestQueueProps } from './request-queue';
import { SECONDS_LIMITS } from '../contract/invoker';
import { keyErrors } from '../shared/keys';
import { wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';

type Numbers = 'batchSize' | 'maxConcurrency' | 'maxRequestsPerSecond';
export type RequestQueueSettings = AsyncInferenceRequestQueueProps &
  Required<Pick<AsyncInferenceRequestQueueProps, Numbers>>;

/** All that is wrong with a request queue's props. */
export function requestQueueErrors(settings: RequestQueueSettings): ValidationError[] {
  const { invoker } = settings;
  const timeout = invoker.function.timeout!;
  const longestTtl = invoker.defaultRequestTtl.isUnresolved()
    ? SECONDS_LIMITS.RequestTTLSeconds.max
    : invoker.defaultRequestTtl.toSeconds();
  return [
    wholeNumber('batchSize', settings.batchSize, 1, 10),
    wholeNumber('maxConcurrency', settings.maxConcurrency, 2, 1_000),
    wholeNumber('maxBacklog', settings.maxBacklog, 1),
    wholeNumber('maxReceiveCount', settings.maxReceiveCount, 1, 1_000),
    wholeSeconds(
      'maxRequestAge (less than defaultRequestTtl of the invoker)',
      settings.maxRequestAge,
      1,
      longestTtl - 1,
    ),
    wholeSeconds(
      'visibilityTimeout',
      settings.visibilityTimeout,
      timeout.isUnresolved() ? 1 : timeout.toSeconds(),
      43_200,
    ),
    wholeSeconds('maxMessageAge', settings.maxMessageAge, 60, 1_209_600),
    keyErrors('encryptionKey', settings.encryptionKey),
    !settings.maxRequestAge && invoker.defaultRequestTtl.isUnresolved()
      ? 'maxRequestAge is required if defaultRequestTtl of the invoker is a token'
      : undefined,
    !settings.visibilityTimeout && timeout.isUnresolved()
      ? 'visibilityTimeout is required if the timeout of the invoker is a token'
      : undefined,
    concurrencyError(settings),
    rateError(settings),
  ];
}

function concurrencyError({ invoker, maxConcurrency }: RequestQueueSettings): ValidationError {
  const { reservedConcurrentExecutions: reserved } = invoker.function.node.defaultChild as CfnFunction;
  if (
    reserved === undefined ||
    Token.isUnresolved(reserved) ||
    Token.isUnresolved(maxConcurrency) ||
    maxConcurrency <= reserved
  )
    return undefined;
  return (
    `maxConcurrency must be at most the invoker's reservedConcurrentExecutions of ${reserved}, got ${maxConcurrency}: ` +
    'throttled messages use up receive attempts and end in the dead-letter queue'
  );
}

function rateError({
  invoker,
  batchSize,
  maxConcurrency,
  maxRequestsPerSecond,
}: RequestQueueSettings): ValidationError {
  if (Token.isUnresolved(maxRequestsPerSecond) || Token.isUnresolved(maxConcurrency)) {
    return 'maxRequestsPerSecond and maxConcurrency must be known at synth, because the pace of the invoker is computed from them';
  }
  if (!(maxRequestsPerSecond > 0 && maxRequestsPerSecond < Infinity)) {
    return `maxRequestsPerSecond must be a number above 0, got ${maxRequestsPerSecond}`;
  }
  const { timeout } = invoker.function;
  const seconds = (batchSize * maxConcurrency) / maxRequestsPerSecond;
  if (Token.isUnresolved(batchSize) || timeout!.isUnresolved() || seconds <= timeout!.toSeconds() / 2) return undefined;
  return (
    `at maxRequestsPerSecond ${maxRequestsPerSecond} and maxConcurrency ${maxConcurrency}, a batch of ${batchSize} takes ${seconds} seconds, ` +
    `which must be at most half the invoker's timeout of ${timeout!.toSeconds()} seconds; lower the batchSize or raise that timeout`
  );
}
