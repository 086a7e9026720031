import type { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { AsyncInferenceMonitoringProps } from './monitoring';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import { SECONDS_LIMITS } from '../contract/invoker';
import { MonitoringAlarm } from './monitoring-alarm';
import { requestTtls } from './alarms';
import type { Monitored } from './alarms';
import { differs, noEffect, text, wholeMinutes, wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';

/** The numbers above which alarms enter ALARM. */
const COUNTS = {
  [MonitoringAlarm.INVOCATION_FAILURES]: 'maxInvocationFailures',
  [MonitoringAlarm.EXPIRED_REQUESTS]: 'maxExpiredRequests',
  [MonitoringAlarm.NOTIFICATION_FAILURES]: 'maxNotificationFailures',
  [MonitoringAlarm.REQUEST_DOWNLOAD_FAILURES]: 'maxRequestDownloadFailures',
  [MonitoringAlarm.RESPONSE_UPLOAD_FAILURES]: 'maxResponseUploadFailures',
  [MonitoringAlarm.SUBMISSION_FAILURES]: 'maxSubmissionFailures',
  [MonitoringAlarm.INVOKER_ERRORS]: 'maxInvokerErrors',
  [MonitoringAlarm.INVOKER_THROTTLES]: 'maxInvokerThrottles',
} as const;

/** The prop of each alarm's threshold. */
const THRESHOLDS = {
  ...COUNTS,
  [MonitoringAlarm.REQUEST_AGE]: 'maxRequestAge',
  [MonitoringAlarm.NO_CAPACITY]: 'maxTimeWithoutCapacity',
} as const;

const OF_INVOKERS: ReadonlySet<MonitoringAlarm> = new Set([
  MonitoringAlarm.INVOKER_ERRORS,
  MonitoringAlarm.INVOKER_THROTTLES,
]);

/** Validates the props of monitoring. */
export function monitoringErrors(
  props: AsyncInferenceMonitoringProps,
  { region, account }: Stack,
  monitored: readonly Monitored[],
  invokers: readonly AsyncInferenceInvoker[],
): ValidationError[] {
  const known = monitored
    .flatMap(requestTtls)
    .filter((ttl) => !ttl.isUnresolved())
    .map((ttl) => ttl.toSeconds());
  const topicRegion = props.alarmTopic?.env.region;
  return [
    topicRegion !== undefined && differs(topicRegion, region)
      ? `alarmTopic must be in the region of the alarms, ${region}, got ${topicRegion}`
      : undefined,
    monitored.length === 0 ? 'endpoints is empty: give at least one' : undefined,
    ...monitored.map(({ endpoint }) =>
      differs(endpoint.env.region, region)
        ? `endpoints has ${endpoint.node.path} in ${endpoint.env.region}, and CloudWatch alarms in ${region} cannot monitor it: define the monitoring in the region of the endpoint`
        : undefined,
    ),
    ...monitored.map(({ endpoint }) =>
      differs(endpoint.env.account, account)
        ? `endpoints has ${endpoint.node.path} of the account ${endpoint.env.account}, and this monitoring is in ${account}: define it in the account of the endpoint`
        : undefined,
    ),
    ...invokers.map((invoker) =>
      monitored.some((one) => one.invokers.includes(invoker))
        ? undefined
        : `the endpoint of the invoker ${invoker.node.path}, ${invoker.endpoint.node.path}, is not monitored: add it to endpoints`,
    ),
    ...(needsMaxRequestAge(props) ? monitored.map(unknownTtl) : []),
    wholeSeconds(
      'maxRequestAge (less than the shortest request TTL)',
      props.maxRequestAge,
      1,
      Math.min(SECONDS_LIMITS.RequestTTLSeconds.max, ...known) - 1,
    ),
    wholeMinutes('maxTimeWithoutCapacity', props.maxTimeWithoutCapacity, 1, 1_440),
    ...Object.values(COUNTS).map((prop) => wholeNumber(prop, props[prop], 0)),
    ...(props.excludedAlarms ?? []).map((alarm) =>
      noEffect(THRESHOLDS[alarm], props[THRESHOLDS[alarm]], `the alarm ${alarm}, and excludedAlarms has it`),
    ),
    text('dashboardName', props.dashboardName, /^[\w-]{1,255}$/, '1 to 255 letters, digits, hyphens and underscores'),
    props.dashboardName !== undefined && props.createDashboard === false
      ? `dashboardName has no effect without a dashboard, and createDashboard is false: leave it out`
      : undefined,
  ];
}

/** Validates the alarms that a caller asks for. */
export function alarmsOfErrors(
  endpoint: IAsyncInferenceEndpoint,
  all: readonly Alarm[] | undefined,
  alarms: readonly MonitoringAlarm[],
): ValidationError[] {
  if (!all) return [`alarmsOf got ${endpoint.node.path}, which is not monitored: add it to endpoints`];
  return alarms.map((alarm) => {
    if (OF_INVOKERS.has(alarm)) {
      return `alarmsOf got ${alarm}, an alarm of invokers, which cannot roll back their endpoint: find it in alarms`;
    }
    return all.some(({ node }) => node.id === String(alarm))
      ? undefined
      : `alarmsOf got ${alarm}, which excludedAlarms leaves out: remove it from one of them`;
  });
}

function needsMaxRequestAge({ maxRequestAge, excludedAlarms = [] }: AsyncInferenceMonitoringProps): boolean {
  return maxRequestAge === undefined && !excludedAlarms.includes(MonitoringAlarm.REQUEST_AGE);
}

function unknownTtl(monitored: Monitored): ValidationError {
  return requestTtls(monitored).some((ttl) => ttl.isUnresolved())
    ? `the request TTL of ${monitored.endpoint.node.path} or of its invokers is a token, which cannot be halved: set maxRequestAge`
    : undefined;
}
