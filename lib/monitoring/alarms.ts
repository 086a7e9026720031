import { Duration, Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { requestTtlOf } from '../core/endpoint-details';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { AsyncInferenceEndpointMetrics } from '../core/metrics';
import { containerLogGroupName } from '../endpoint/endpoint-name';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import type { AsyncInferenceRequestQueue } from '../requests/request-queue';
import type { AsyncInferenceMonitoringProps } from './monitoring';
import { ofInvokers } from './invoker-metrics';
import { MonitoringAlarm } from './monitoring-alarm';

/** An endpoint with its monitored invokers and request queues. */
export interface Monitored {
  readonly endpoint: IAsyncInferenceEndpoint;
  readonly invokers: readonly AsyncInferenceInvoker[];
  readonly requestQueues: readonly AsyncInferenceRequestQueue[];
}

/** An alarm, and what it tells the person on call. */
interface AlarmDefinition {
  readonly metric: cloudwatch.Metric;
  readonly threshold: number;
  readonly meaning: string;
  readonly checkFirst: string;
  readonly options?: Partial<cloudwatch.CreateAlarmOptions>;
}

type AlarmDefinitions = Partial<Record<MonitoringAlarm, AlarmDefinition>>;

/** The page that describes what to do about each alarm. */
const RUNBOOK = 'https://github.com/example-owner/cdk-sagemaker-async-inference/blob/main/docs/monitoring.md';

const EACH_MINUTE = { period: Duration.minutes(1) };
const FIVE_MINUTES = { period: Duration.minutes(5) };

/** How long requests may wait: the default of the endpoint, and the defaults of its invokers. */
export function requestTtls({ endpoint, invokers }: Monitored): Duration[] {
  return [requestTtlOf(endpoint), ...invokers.map(({ defaultRequestTtl }) => defaultRequestTtl)];
}

export function endpointAlarms(
  scope: Construct,
  monitored: Monitored,
  props: AsyncInferenceMonitoringProps,
): cloudwatch.Alarm[] {
  const { endpoint } = monitored;
  const metrics = AsyncInferenceEndpointMetrics.fromEndpoint(endpoint);
  const name = endpoint.endpointName;
  const containerLog = `the log group of the container, ${containerLogGroupName(name)}`;
  return alarms(new Construct(scope, Names.nodeUniqueId(endpoint.node)), props, {
    [MonitoringAlarm.REQUEST_AGE]: {
      metric: metrics.approximateAgeOfOldestRequest(EACH_MINUTE),
      threshold: maxRequestAge(monitored, props),
      meaning: `The oldest request to ${name} has waited too long. It will expire and be lost.`,
      checkFirst: `whether instances are in service and process requests (dashboard: capacity, latency), then ${containerLog}`,
    },
    [MonitoringAlarm.NO_CAPACITY]: {
      metric: metrics.hasBacklogWithoutCapacity(EACH_MINUTE),
      threshold: 1,
      meaning: `Requests wait for ${name}, which has had no instance for longer than an instance takes to start.`,
      checkFirst: `the scaling activities of the endpoint (quota, capacity of the instance type), then ${containerLog}`,
      options: {
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: (props.maxTimeWithoutCapacity ?? Duration.minutes(30)).toMinutes(),
      },
    },
    [MonitoringAlarm.INVOCATION_FAILURES]: {
      metric: metrics.invocationFailures(FIVE_MINUTES),
      threshold: props.maxInvocationFailures ?? 0,
      meaning: `Requests to ${name} fail.`,
      checkFirst: `${containerLog}, then the failure objects that the error notifications name`,
    },
    [MonitoringAlarm.EXPIRED_REQUESTS]: {
      metric: metrics.expiredRequests(FIVE_MINUTES),
      threshold: props.maxExpiredRequests ?? 0,
      meaning: `Requests to ${name} have expired in its queue. They are lost unless their senders kept them.`,
      checkFirst: 'backlog and capacity on the dashboard: too few instances, slow ones, or none',
    },
    [MonitoringAlarm.NOTIFICATION_FAILURES]: {
      metric: metrics.notificationFailures(FIVE_MINUTES),
      threshold: props.maxNotificationFailures ?? 0,
      meaning: `Notifications of ${name} cannot be published. The results are in the bucket, but consumers do not receive them.`,
      checkFirst: 'whether the execution role may publish to the topics and use their key',
    },
    [MonitoringAlarm.REQUEST_DOWNLOAD_FAILURES]: {
      metric: metrics.requestDownloadFailures(FIVE_MINUTES),
      threshold: props.maxRequestDownloadFailures ?? 0,
      meaning: `Payloads of requests to ${name} cannot be read from S3.`,
      checkFirst:
        'whether the execution role may read the input bucket and use its key, and whether the objects still exist',
    },
    [MonitoringAlarm.RESPONSE_UPLOAD_FAILURES]: {
      metric: metrics.responseUploadFailures(FIVE_MINUTES),
      threshold: props.maxResponseUploadFailures ?? 0,
      meaning: `Results of ${name} cannot be written to S3 and are lost.`,
      checkFirst: 'whether the execution role may write to the output bucket and use its key, and the policies of both',
    },
    [MonitoringAlarm.SUBMISSION_FAILURES]: {
      metric: ofInvokers(endpoint, 'Failures').with(FIVE_MINUTES),
      threshold: props.maxSubmissionFailures ?? 0,
      meaning: `Invokers cannot submit requests to ${name}, because SageMaker is unavailable or refuses them.`,
      checkFirst:
        'whether the endpoint exists and the roles of its invokers may call it, then the logs of the invokers',
    },
  });
}

export function invokerAlarms(
  scope: Construct,
  invoker: AsyncInferenceInvoker,
  props: AsyncInferenceMonitoringProps,
): cloudwatch.Alarm[] {
  const name = invoker.endpoint.endpointName;
  return alarms(new Construct(scope, Names.nodeUniqueId(invoker.node)), props, {
    [MonitoringAlarm.INVOKER_ERRORS]: {
      metric: invoker.function.metricErrors(FIVE_MINUTES),
      threshold: props.maxInvokerErrors ?? 0,
      meaning: `Calls of ${invoker.function.functionName}, the invoker of ${name}, fail.`,
      checkFirst: `its log group ${invoker.logGroup.logGroupName}, lines of level ERROR or WARN`,
    },
    [MonitoringAlarm.INVOKER_THROTTLES]: {
      metric: invoker.function.metricThrottles(FIVE_MINUTES),
      threshold: props.maxInvokerThrottles ?? 0,
      meaning: `Lambda throttles ${invoker.function.functionName}, the invoker of ${name}.`,
      checkFirst: 'its reserved concurrency, then the concurrency of the account',
    },
  });
}

function alarms(
  scope: Construct,
  { excludedAlarms = [] }: AsyncInferenceMonitoringProps,
  definitions: AlarmDefinitions,
): cloudwatch.Alarm[] {
  return Object.entries(definitions)
    .filter(([id]) => !excludedAlarms.includes(id as MonitoringAlarm))
    .map(([id, { metric, threshold, meaning, checkFirst, options }]) =>
      metric.createAlarm(scope, id, {
        alarmDescription: `${meaning} Check first: ${checkFirst}. Runbook: ${RUNBOOK}#${id.toLowerCase()}`,
        threshold,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        // Counts of SageMaker and Lambda are absent, not zero, while nothing happens.
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        ...options,
      }),
    );
}

function maxRequestAge(monitored: Monitored, props: AsyncInferenceMonitoringProps): number {
  return (
    props.maxRequestAge?.toSeconds() ??
    Math.floor(Math.min(...requestTtls(monitored).map((ttl) => ttl.toSeconds())) / 2)
  );
}
