import { Stack, Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { SECONDS_LIMITS } from '../contract/invoker';
import { detailsOf, invocationTimeoutOf, requestTtlOf } from '../core/endpoint-details';
import { invokerErrors } from '../invoker/validate';
import { keyErrors } from '../shared/keys';
import { QUEUE_NAME } from '../shared/monitored-queue';
import { text, wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import type { AsyncInferenceRequestQueueProps } from './request-queue';
import { mappingConcurrency } from './pace';
import type { Pace } from './pace';
import { instanceLimits } from './workload';
import type { InstanceLimits, Workload } from './workload';

const DEFAULT_START_SECONDS = 600;

const ttlOf = ({ endpoint, invokerOptions }: AsyncInferenceRequestQueueProps): Duration =>
  invokerOptions?.defaultRequestTtl ?? requestTtlOf(endpoint);

/** What the limits of the queue are computed from. */
export function workloadOf(props: AsyncInferenceRequestQueueProps): Workload {
  const { endpoint, expectedProcessingTime, instanceStartTime } = props;
  return {
    ttl: ttlOf(props).toSeconds(),
    startTime: instanceStartTime?.toSeconds() ?? DEFAULT_START_SECONDS,
    processingTime: expectedProcessingTime.toMilliseconds() / 1_000,
    concurrency: detailsOf(endpoint).maxConcurrentInvocationsPerInstance ?? 1,
  };
}

/** The limits for each instance: those of the user, else those that make the best of the TTL. */
export function limitsOf(props: AsyncInferenceRequestQueueProps, workload: Workload): InstanceLimits {
  const { maxBacklog, requestsPerSecond } = instanceLimits(workload);
  return {
    maxBacklog: props.maxBacklogPerInstance ?? maxBacklog,
    requestsPerSecond: props.maxRequestsPerSecondPerInstance ?? requestsPerSecond,
  };
}

/** All validation errors of the props, except for those of the workload, which need valid ones. */
export function requestQueueErrors(scope: IConstruct, props: AsyncInferenceRequestQueueProps): ValidationError[] {
  const { endpoint, invokerOptions = {}, maxRequestsPerSecondPerInstance: rate } = props;
  const { region, account } = Stack.of(scope);
  return [
    ...known(props),
    ...invokerErrors(region, account, { ...invokerOptions, endpoint }),
    duration(props.expectedProcessingTime),
    timeoutError(props),
    wholeSeconds('instanceStartTime', props.instanceStartTime, 1, SECONDS_LIMITS.RequestTTLSeconds.max),
    wholeNumber('maxBacklogPerInstance', props.maxBacklogPerInstance, 1),
    rate === undefined || (rate > 0 && rate < Infinity)
      ? undefined
      : `maxRequestsPerSecondPerInstance must be a number above 0, got ${rate}`,
    wholeNumber('maxReceiveCount', props.maxReceiveCount, 1, 1_000),
    wholeSeconds('maxMessageAge', props.maxMessageAge, 60, 1_209_600),
    text('queueName', props.queueName, QUEUE_NAME.pattern, QUEUE_NAME.allowed),
    fifoName(props),
    keyErrors('encryptionKey', props.encryptionKey, region),
    invokerOptions.timeout === undefined
      ? undefined
      : 'timeout of invokerOptions follows from the pace of the queue: leave it out',
  ];
}

/** The limits are computed at synth, so the numbers must be known. */
function known(props: AsyncInferenceRequestQueueProps): ValidationError[] {
  const values: Record<string, Duration | number | undefined> = {
    'the request TTL of the endpoint or the queue': ttlOf(props),
    expectedProcessingTime: props.expectedProcessingTime,
    instanceStartTime: props.instanceStartTime,
    maxBacklogPerInstance: props.maxBacklogPerInstance,
    maxRequestsPerSecondPerInstance: props.maxRequestsPerSecondPerInstance,
    'maxConcurrentInvocationsPerInstance of the endpoint': detailsOf(props.endpoint)
      .maxConcurrentInvocationsPerInstance,
  };
  return Object.entries(values).map(([name, value]) =>
    (typeof value === 'object' ? value.isUnresolved() : Token.isUnresolved(value))
      ? `${name} must be known at synth, because the limits of the queue are computed from it`
      : undefined,
  );
}

function duration(value: Duration | undefined): ValidationError {
  // Python and Go accept a missing member until it is used.
  if (value === undefined) return 'expectedProcessingTime is required: how long the model takes to process a request';
  if (value.isUnresolved()) return undefined;
  const seconds = value.toMilliseconds() / 1_000;
  const { max } = SECONDS_LIMITS.InvocationTimeoutSeconds;
  return seconds > 0 && seconds <= max
    ? undefined
    : `expectedProcessingTime must be more than 0 and at most ${max} seconds, got ${seconds}`;
}

function fifoName({ queueName, fifo = false }: AsyncInferenceRequestQueueProps): ValidationError {
  if (queueName === undefined || Token.isUnresolved(queueName) || queueName.endsWith('.fifo') === fifo)
    return undefined;
  return fifo
    ? `queueName of a FIFO queue must end with .fifo, got '${queueName}'`
    : `queueName with .fifo at the end needs fifo: true, got '${queueName}'`;
}

/** Throttled messages use up their receives. */
export function concurrencyErrors(
  { endpoint, invokerOptions = {} }: AsyncInferenceRequestQueueProps,
  pace: Pace,
): ValidationError[] {
  const { reservedConcurrentExecutions: reserved } = invokerOptions;
  const { maxCapacity = 1 } = detailsOf(endpoint);
  if (reserved === undefined || Token.isUnresolved(reserved) || Token.isUnresolved(maxCapacity)) return [];
  const needed = mappingConcurrency(pace, maxCapacity);
  return reserved >= needed
    ? []
    : [
        `reservedConcurrentExecutions of invokerOptions must be at least ${needed}, which the queue needs for ${maxCapacity} instances, ` +
          `got ${reserved}: raise it, or leave it out, because the queue limits its own concurrency`,
      ];
}

/** With a longer time than that, most requests would time out. */
function timeoutError({
  endpoint,
  expectedProcessingTime,
  invokerOptions,
}: AsyncInferenceRequestQueueProps): ValidationError {
  const timeout = invokerOptions?.defaultInvocationTimeout ?? invocationTimeoutOf(endpoint);
  if (expectedProcessingTime === undefined || expectedProcessingTime.isUnresolved() || timeout.isUnresolved())
    return undefined;
  const [expected, limit] = [expectedProcessingTime, timeout].map((value) => value.toMilliseconds() / 1_000);
  return expected! <= limit!
    ? undefined
    : `expectedProcessingTime of ${expected} seconds must be at most the invocation timeout of ${limit} seconds: set ` +
        'defaultInvocationTimeout of the endpoint or of invokerOptions';
}

/** A service acts for all its customers. A condition limits it to those that the queue is for. */
export function unconditionalService(grantee: IGrantable): ValidationError {
  const { principalJson, conditions } = grantee.grantPrincipal.policyFragment;
  return principalJson.Service === undefined || Object.keys(conditions).length > 0
    ? undefined
    : 'grantSendMessages got a service without a condition, so other accounts could send through it: ' +
        "use new iam.ServicePrincipal('...', { conditions: { ArnLike: { 'aws:SourceArn': '...' } } })";
}
