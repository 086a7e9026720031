import { Duration, Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-base';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import type { AsyncInferenceMonitoringProps } from './monitoring';
import { MonitoringAlarm } from './monitoring-alarm';

/** An endpoint and those of its invokers that are watched. */
export interface Watched {
  readonly endpoint: IAsyncInferenceEndpoint;
  readonly invokers: readonly AsyncInferenceInvoker[];
}

/** One alarm: what it watches, and what it tells the person that it wakes. */
interface Watch {
  readonly metric: cloudwatch.Metric;
  readonly threshold: number;
  readonly means: string;
  readonly lookFirst: string;
  readonly options?: Partial<cloudwatch.CreateAlarmOptions>;
}

type Watches = Partial<Record<MonitoringAlarm, Watch>>;

const EACH_MINUTE = { period: Duration.minutes(1) };
const FIVE_MINUTES = { period: Duration.minutes(5) };

/** How long requests may live: those that the endpoint's own callers send, and those of its invokers. */
export function timesToLive({ endpoint, invokers }: Watched): Duration[] {
  return [endpoint, ...invokers].map(({ requestTtl }) => requestTtl);
}

export function containerLogGroup(endpoint: IAsyncInferenceEndpoint): string {
  return `/aws/sagemaker/Endpoints/${endpoint.endpointName}`;
}

export function endpointAlarms(
  scope: Construct,
  watched: Watched,
  props: AsyncInferenceMonitoringProps,
): cloudwatch.Alarm[] {
  const { endpoint } = watched;
  const name = endpoint.endpointName;
  const containerLog = `the container's log group ${containerLogGroup(endpoint)}`;
  return alarms(new Construct(scope, Names.nodeUniqueId(endpoint.node)), props, {
    [MonitoringAlarm.REQUEST_AGE]: {
      metric: endpoint.metricApproximateAgeOfOldestRequest(EACH_MINUTE),
      threshold: maxRequestAge(watched, props),
      means: `The oldest request to ${name} waits for too long; it expires when its time to live is over, and nothing brings it back.`,
      lookFirst: `whether there are instances and whether they finish requests (dashboard: capacity, latency), then ${containerLog}`,
    },
    [MonitoringAlarm.NO_CAPACITY]: {
      metric: endpoint.metricHasBacklogWithoutCapacity(EACH_MINUTE),
      threshold: 1,
      means: `Requests wait for ${name}, which has had no instance for longer than one takes to start.`,
      lookFirst: `the scaling activities of the endpoint (quota, capacity of the instance type), then ${containerLog}`,
      options: {
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: (props.maxTimeWithoutCapacity ?? Duration.minutes(30)).toMinutes(),
      },
    },
    [MonitoringAlarm.INVOCATION_FAILURES]: {
      metric: endpoint.metricInvocationFailures(FIVE_MINUTES),
      threshold: props.maxInvocationFailures ?? 0,
      means: `Requests to ${name} fail.`,
      lookFirst: `${containerLog}, then the failure objects that the error notifications name`,
    },
    [MonitoringAlarm.EXPIRED_REQUESTS]: {
      metric: endpoint.metricExpiredRequests(FIVE_MINUTES),
      threshold: props.maxExpiredRequests ?? 0,
      means: `Requests to ${name} have expired in its queue. They are lost, unless their senders kept them.`,
      lookFirst: 'backlog and capacity on the dashboard: too few instances, slow ones, or none',
    },
    [MonitoringAlarm.NOTIFICATION_FAILURES]: {
      metric: endpoint.metricNotificationFailures(FIVE_MINUTES),
      threshold: props.maxNotificationFailures ?? 0,
      means: `Results of ${name} are not announced: they are in the bucket, but who waits for a notification waits in vain.`,
      lookFirst: 'whether the execution role may use sns:Publish on the topics, and the key of the topics',
    },
    [MonitoringAlarm.REQUEST_DOWNLOAD_FAILURES]: {
      metric: endpoint.metricRequestDownloadFailures(FIVE_MINUTES),
      threshold: props.maxRequestDownloadFailures ?? 0,
      means: `Payloads of requests to ${name} cannot be read from S3.`,
      lookFirst:
        'whether the execution role may read the input bucket and use its key, and whether the objects are still there',
    },
    [MonitoringAlarm.RESPONSE_UPLOAD_FAILURES]: {
      metric: endpoint.metricResponseUploadFailures(FIVE_MINUTES),
      threshold: props.maxResponseUploadFailures ?? 0,
      means: `Results of ${name} cannot be written to S3, and are lost.`,
      lookFirst: 'whether the execution role may write to the output bucket and use its key, and the policies of both',
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
      means: `Calls of ${invoker.function.functionName}, the invoker of ${name}, fail.`,
      lookFirst: `its log group ${invoker.logGroup.logGroupName}, lines of level ERROR or WARN`,
    },
    [MonitoringAlarm.INVOKER_THROTTLES]: {
      metric: invoker.function.metricThrottles(FIVE_MINUTES),
      threshold: props.maxInvokerThrottles ?? 0,
      means: `Lambda does not let ${invoker.function.functionName}, the invoker of ${name}, run as often as it is called.`,
      lookFirst: 'its reserved concurrency, then the concurrency of the account',
    },
  });
}

function alarms(
  scope: Construct,
  { without = [] }: AsyncInferenceMonitoringProps,
  watches: Watches,
): cloudwatch.Alarm[] {
  return Object.entries(watches)
    .filter(([kind]) => !without.includes(kind as MonitoringAlarm))
    .map(([kind, { metric, threshold, means, lookFirst, options }]) =>
      metric.createAlarm(scope, kind, {
        alarmDescription: `${means} Look first at: ${lookFirst}. More: docs/monitoring.md#${kind.toLowerCase()} of cdk-sagemaker-async-inference`,
        threshold,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        // What SageMaker and Lambda count is absent, not zero, while there is nothing to count.
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
        ...options,
      }),
    );
}

function maxRequestAge(watched: Watched, props: AsyncInferenceMonitoringProps): number {
  return (
    props.maxRequestAge?.toSeconds() ?? Math.floor(Math.min(...timesToLive(watched).map((ttl) => ttl.toSeconds())) / 2)
  );
}
