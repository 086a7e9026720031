import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-base';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import type { MonitoringAlarm } from './monitoring-alarm';
import { letAlarmsPublish } from './alarm-topic';
import { endpointAlarms, invokerAlarms } from './alarms';
import { dashboardRows } from './dashboard';
import { monitoringFaults } from './validate';
import { refuse } from '../shared/validation';

/** Properties of the monitoring of asynchronous endpoints. */
export interface AsyncInferenceMonitoringProps {
  /** The endpoints to watch, defined here or elsewhere: at least one. An endpoint without invokers takes 7 alarms. */
  readonly endpoints: IAsyncInferenceEndpoint[];

  /**
   * The invokers to watch, each of one of the endpoints. An invoker takes 2 alarms.
   *
   * @default - those that the endpoints define themselves
   */
  readonly invokers?: AsyncInferenceInvoker[];

  /**
   * The topic that is told when an alarm goes off. CloudWatch must be able to publish to it: the statements are added to the
   * policies of a topic and a key that this app defines. AWS's own key `alias/aws/sns` never lets CloudWatch in, and a key from
   * elsewhere must do so itself: a warning tells it. So must a topic from elsewhere that has a policy of its own.
   *
   * @default - nobody is told; give each of `alarms` its own actions
   */
  readonly alarmTopic?: ITopic;

  /**
   * The alarms to leave out.
   *
   * @default - none of them
   */
  readonly without?: MonitoringAlarm[];

  /**
   * How old the oldest request may become: 1 whole second up to less than the request TTL, when it expires.
   *
   * @default - half the request TTL of the endpoint or of its invokers, whichever is shorter
   */
  readonly maxRequestAge?: Duration;

  /**
   * How long requests may wait while there is no instance: 1 to 1,440 whole minutes. It should be longer than an instance
   * takes to start with its model, for which 5 to 13 minutes are an estimate.
   *
   * @default Duration.minutes(30)
   */
  readonly maxTimeWithoutCapacity?: Duration;

  /**
   * How many requests may fail in five minutes, for whatever reason: a whole number from 0.
   *
   * @default 0
   */
  readonly maxInvocationFailures?: number;

  /**
   * How many requests may expire in five minutes: a whole number from 0.
   *
   * @default 0
   */
  readonly maxExpiredRequests?: number;

  /**
   * How many results may go unannounced in five minutes: a whole number from 0.
   *
   * @default 0
   */
  readonly maxNotificationFailures?: number;

  /**
   * How many payloads may fail to be read from S3 in five minutes: a whole number from 0.
   *
   * @default 0
   */
  readonly maxRequestDownloadFailures?: number;

  /**
   * How many results may fail to be written to S3 in five minutes: a whole number from 0.
   *
   * @default 0
   */
  readonly maxResponseUploadFailures?: number;

  /**
   * How many calls of an invoker may fail in five minutes: a whole number from 0.
   *
   * @default 0
   */
  readonly maxInvokerErrors?: number;

  /**
   * How many calls of an invoker Lambda may throttle in five minutes: a whole number from 0.
   *
   * @default 0
   */
  readonly maxInvokerThrottles?: number;

  /**
   * Whether to define a dashboard.
   *
   * @default true
   */
  readonly dashboard?: boolean;

  /**
   * The name of the dashboard: 1 to 255 letters, digits, hyphens and underscores, unique in the account. Another name replaces it.
   *
   * @default - chosen by CloudFormation
   */
  readonly dashboardName?: string;
}

/**
 * Alarms on asynchronous endpoints and their invokers, and a dashboard with a row for each endpoint, to be read from left to
 * right: demand, backlog, capacity, latency, failures, invoker. No alarm goes off for want of data: an idle endpoint has none.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 */
export class AsyncInferenceMonitoring extends Construct {
  /** All the alarms. */
  public readonly alarms: cloudwatch.Alarm[];
  /** The dashboard; undefined with `dashboard: false`. */
  public readonly dashboard?: cloudwatch.Dashboard;
  private readonly byEndpoint: ReadonlyMap<IAsyncInferenceEndpoint, cloudwatch.Alarm[]>;

  /** @throws when props are out of the service's limits, with all faults in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceMonitoringProps) {
    super(scope, id);
    const endpoints = [...new Set(props.endpoints)];
    const invokers = [...new Set(props.invokers ?? endpoints.flatMap((endpoint) => ownInvoker(endpoint) ?? []))];
    const watched = endpoints.map((endpoint) => ({
      endpoint,
      invokers: invokers.filter((invoker) => invoker.endpoint.endpointName === endpoint.endpointName),
    }));
    refuse(this, monitoringFaults(props, watched, invokers));

    this.byEndpoint = new Map(watched.map((one) => [one.endpoint, endpointAlarms(this, one, props)]));
    const byInvoker = new Map(invokers.map((invoker) => [invoker, invokerAlarms(this, invoker, props)]));
    this.alarms = [...this.byEndpoint.values(), ...byInvoker.values()].flat();

    if (props.alarmTopic) {
      letAlarmsPublish(this, props.alarmTopic);
      const action = new SnsAction(props.alarmTopic);
      this.alarms.forEach((alarm) => alarm.addAlarmAction(action));
    }
    if (props.dashboard ?? true) {
      this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
        dashboardName: props.dashboardName,
        widgets: watched.flatMap((one) =>
          dashboardRows({
            ...one,
            alarms: [
              this.byEndpoint.get(one.endpoint)!,
              ...one.invokers.map((invoker) => byInvoker.get(invoker)!),
            ].flat(),
          }),
        ),
      });
    }
  }

  /**
   * The alarms of one endpoint, without those of its invokers: at most seven. They depend on no other resource, so that the
   * endpoint's own deployment can be rolled back when they go off.
   *
   * @param endpoint one of the endpoints that are watched
   * @param kinds the alarms to pick; all of them where none is named
   * @throws when the endpoint is not watched
   */
  public alarmsOf(endpoint: IAsyncInferenceEndpoint, ...kinds: MonitoringAlarm[]): cloudwatch.Alarm[] {
    const alarms = this.byEndpoint.get(endpoint);
    refuse(this, [
      alarms ? undefined : `alarmsOf got ${endpoint.node.path}, which is not watched: add it to endpoints`,
    ]);
    return alarms!.filter(
      ({ node }) => kinds.length === 0 || kinds.some((kind) => kind === (node.id as MonitoringAlarm)),
    );
  }
}

/** The invoker that an endpoint has defined by itself, without asking one that has none, which throws. */
function ownInvoker(endpoint: IAsyncInferenceEndpoint): AsyncInferenceInvoker | undefined {
  return endpoint.node.tryFindChild('Invoker') as AsyncInferenceInvoker | undefined;
}
