import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { ownInvoker } from '../endpoint/own-invoker';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import type { AsyncInferenceRequestQueue } from '../requests/request-queue';
import { assertValid } from '../shared/validation';
import { warn } from '../shared/warnings';
import { allowAlarmsToPublish } from './alarm-topic';
import { endpointAlarms, invokerAlarms } from './alarms';
import { dashboardRows } from './dashboard';
import type { MonitoringAlarm } from './monitoring-alarm';
import { alarmsOfErrors, monitoringErrors } from './validate';

/** Properties of the monitoring of asynchronous endpoints. */
export interface AsyncInferenceMonitoringProps {
  /** The endpoints to monitor: at least one. An endpoint has 8 alarms. */
  readonly endpoints: IAsyncInferenceEndpoint[];

  /**
   * The invokers to monitor. Their endpoints must be among `endpoints`. An invoker has 2 alarms.
   *
   * @default - the invokers that the endpoints created
   */
  readonly invokers?: AsyncInferenceInvoker[];

  /**
   * The request queues to monitor, with their invokers. Their endpoints must be among `endpoints`. A request queue has 4 alarms of its
   * own. They are on the dashboard, and get the actions if they are in this stack. Otherwise a warning is printed.
   *
   * @default - none
   */
  readonly requestQueues?: AsyncInferenceRequestQueue[];

  /**
   * The topic that receives alarms. CloudWatch must be able to publish to it. The construct adds the statements to the policies of a
   * topic and a key that this app defines. For any other key, a warning prints the statement. The AWS managed key `alias/aws/sns` does
   * not allow CloudWatch. A topic from another app with its own policy must allow CloudWatch as well.
   *
   * @default - none: use `alarmActions`, or add actions to `alarms`
   */
  readonly alarmTopic?: ITopic;

  /**
   * Actions of all alarms, for example for AWS Systems Manager OpsCenter.
   *
   * @default - none
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * The alarms to leave out.
   *
   * @default - none
   */
  readonly excludedAlarms?: MonitoringAlarm[];

  /**
   * The maximum age of the oldest request: at least 1 whole second, and less than the shortest request TTL.
   *
   * @default - half the request TTL of the endpoint or of its invokers, whichever is shorter
   */
  readonly maxRequestAge?: Duration;

  /**
   * How long requests may wait without an instance in service: 1 to 1,440 whole minutes. It must be longer than an instance takes
   * to start with its model: 5 to 13 minutes (estimate).
   *
   * @default Duration.minutes(30)
   */
  readonly maxTimeWithoutCapacity?: Duration;

  /**
   * The maximum number of requests that fail in five minutes, for any reason: a whole number of at least 0.
   *
   * @default 0
   */
  readonly maxInvocationFailures?: number;

  /**
   * The maximum number of requests that expire in five minutes: a whole number of at least 0.
   *
   * @default 0
   */
  readonly maxExpiredRequests?: number;

  /**
   * The maximum number of notifications that fail in five minutes: a whole number of at least 0.
   *
   * @default 0
   */
  readonly maxNotificationFailures?: number;

  /**
   * The maximum number of payloads that cannot be read from S3 in five minutes: a whole number of at least 0.
   *
   * @default 0
   */
  readonly maxRequestDownloadFailures?: number;

  /**
   * The maximum number of results that cannot be written to S3 in five minutes: a whole number of at least 0.
   *
   * @default 0
   */
  readonly maxResponseUploadFailures?: number;

  /**
   * The maximum number of requests that invokers cannot submit in five minutes, because SageMaker is unavailable or refuses them: a
   * whole number of at least 0. Mistakes of callers do not count.
   *
   * @default 0
   */
  readonly maxSubmissionFailures?: number;

  /**
   * The maximum number of calls of an invoker that fail in five minutes: a whole number of at least 0.
   *
   * @default 0
   */
  readonly maxInvokerErrors?: number;

  /**
   * The maximum number of calls of an invoker that Lambda throttles in five minutes: a whole number of at least 0.
   *
   * @default 0
   */
  readonly maxInvokerThrottles?: number;

  /**
   * Whether to create a dashboard.
   *
   * @default true
   */
  readonly createDashboard?: boolean;

  /**
   * The name of the dashboard: 1 to 255 letters, digits, hyphens and underscores, unique in the account. A new name replaces it.
   *
   * @default - CloudFormation chooses it
   */
  readonly dashboardName?: string;
}

/**
 * Alarms on asynchronous endpoints and their invokers, and a dashboard with a row per endpoint. Read it from left to right: demand,
 * backlog, capacity, latency, failures, invoker. No alarm enters ALARM for missing data, because an idle endpoint publishes none.
 *
 * @example
 * import * as sns from 'aws-cdk-lib/aws-sns';
 * import { AsyncInferenceMonitoring } from 'cdk-sagemaker-async-inference';
 *
 * const monitoring = new AsyncInferenceMonitoring(this, 'Monitoring', {
 *   endpoints: [endpoint],
 *   alarmTopic: new sns.Topic(this, 'OnCall'),
 * });
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 */
@propertyInjectable
export class AsyncInferenceMonitoring extends Construct {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceMonitoring';

  /**
   * All alarms that this construct created. For rollback alarms, use `alarmsOf(endpoint)`, because alarms on an invoker depend on the
   * endpoint.
   */
  public readonly alarms: cloudwatch.Alarm[];
  /** The dashboard. Undefined with `createDashboard: false`. */
  public readonly dashboard?: cloudwatch.Dashboard;
  private readonly _alarmsByEndpoint: ReadonlyMap<IAsyncInferenceEndpoint, cloudwatch.Alarm[]>;

  /** @throws if props exceed the limits of the service, with all errors in one message */
  constructor(scope: Construct, id: string, props: AsyncInferenceMonitoringProps) {
    super(scope, id);
    const endpoints = [...new Set(props.endpoints)];
    const requestQueues = [...new Set(props.requestQueues)];
    const invokers = [
      ...new Set([
        ...(props.invokers ?? endpoints.flatMap((endpoint) => ownInvoker(endpoint) ?? [])),
        ...requestQueues.map(({ invoker }) => invoker),
      ]),
    ];
    const monitored = endpoints.map((endpoint) => ({
      endpoint,
      invokers: invokers.filter((invoker) => invoker.endpoint.endpointName === endpoint.endpointName),
      requestQueues: requestQueues.filter(({ invoker }) => invoker.endpoint.endpointName === endpoint.endpointName),
    }));
    assertValid(this, monitoringErrors(props, Stack.of(this), monitored, invokers));

    this._alarmsByEndpoint = new Map(monitored.map((one) => [one.endpoint, endpointAlarms(this, one, props)]));
    const alarmsByInvoker = new Map(invokers.map((invoker) => [invoker, invokerAlarms(this, invoker, props)]));
    this.alarms = [...this._alarmsByEndpoint.values(), ...alarmsByInvoker.values()].flat();

    if (props.alarmTopic) allowAlarmsToPublish(this, props.alarmTopic);
    const actions = [...(props.alarmTopic ? [new SnsAction(props.alarmTopic)] : []), ...(props.alarmActions ?? [])];
    this.alarms.forEach((alarm) => alarm.addAlarmAction(...actions));
    if (actions.length > 0) requestQueues.forEach((queue) => this._addActions(queue, actions));
    if (props.createDashboard ?? true) {
      this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
        dashboardName: props.dashboardName,
        widgets: monitored.flatMap((one) =>
          dashboardRows({
            ...one,
            alarms: [
              this._alarmsByEndpoint.get(one.endpoint)!,
              ...one.invokers.map((invoker) => alarmsByInvoker.get(invoker)!),
              ...one.requestQueues.map((queue) => queue.alarms),
            ].flat(),
          }),
        ),
      });
    }
  }

  /**
   * The alarms of one endpoint, without the alarms of its invokers: at most eight. They depend on no other resource, so they can be
   * rollback alarms of the endpoint.
   *
   * @param endpoint one of the monitored endpoints
   * @param alarms the alarms to return. Without any, all of them.
   * @throws if the endpoint is not monitored, or if an alarm is excluded or belongs to invokers
   */
  public alarmsOf(endpoint: IAsyncInferenceEndpoint, ...alarms: MonitoringAlarm[]): cloudwatch.Alarm[] {
    const all = this._alarmsByEndpoint.get(endpoint);
    assertValid(this, alarmsOfErrors(endpoint, all, alarms));
    return all!.filter(({ node }) => alarms.length === 0 || alarms.includes(node.id as MonitoringAlarm));
  }

  /** Alarms of another stack get none, because the two stacks would depend on each other. */
  private _addActions({ node, alarms }: AsyncInferenceRequestQueue, actions: readonly cloudwatch.IAlarmAction[]): void {
    for (const alarm of alarms) {
      if (alarm.stack === Stack.of(this)) alarm.addAlarmAction(...actions);
    }
    if (alarms.some(({ stack }) => stack !== Stack.of(this))) {
      warn(
        this,
        'requestQueueAlarmsWithoutActions',
        `the alarms of ${node.path} are in another stack and get no actions: add actions to its \`alarms\` there`,
      );
    }
  }
}
