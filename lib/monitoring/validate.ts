import type { AsyncInferenceMonitoringProps } from './monitoring';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import { SECONDS_LIMITS } from '../contract/invoker';
import { MonitoringAlarm } from './monitoring-alarm';
import { requestTtls } from './alarms';
import type { Monitored } from './alarms';
import { differs, text, wholeMinutes, wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';

const COUNTS = [
  'maxInvocationFailures',
  'maxExpiredRequests',
  'maxNotificationFailures',
  'maxRequestDownloadFailures',
  'maxResponseUploadFailures',
  'maxSubmissionFailures',
  'maxInvokerErrors',
  'maxInvokerThrottles',
] as const;

/** Validates the props of monitoring. */
export function monitoringErrors(
  props: AsyncInferenceMonitoringProps,
  region: string,
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
    ...invokers.map((invoker) =>
      monitored.some((one) => one.invokers.includes(invoker))
        ? undefined
        : `invokers has ${invoker.node.path}, whose endpoint ${invoker.endpoint.node.path} is not monitored: add it to endpoints`,
    ),
    ...(needsMaxRequestAge(props) ? monitored.map(unknownTtl) : []),
    wholeSeconds(
      'maxRequestAge (less than the shortest request TTL)',
      props.maxRequestAge,
      1,
      Math.min(SECONDS_LIMITS.RequestTTLSeconds.max, ...known) - 1,
    ),
    wholeMinutes('maxTimeWithoutCapacity', props.maxTimeWithoutCapacity, 1, 1_440),
    ...COUNTS.map((prop) => wholeNumber(prop, props[prop], 0)),
    text('dashboardName', props.dashboardName, /^[\w-]{1,255}$/, '1 to 255 letters, digits, hyphens and underscores'),
    props.dashboardName !== undefined && props.createDashboard === false
      ? `dashboardName has no effect without a dashboard, and createDashboard is false: leave it out`
      : undefined,
  ];
}

function needsMaxRequestAge({ maxRequestAge, excludedAlarms = [] }: AsyncInferenceMonitoringProps): boolean {
  return maxRequestAge === undefined && !excludedAlarms.includes(MonitoringAlarm.REQUEST_AGE);
}

function unknownTtl(monitored: Monitored): ValidationError {
  return requestTtls(monitored).some((ttl) => ttl.isUnresolved())
    ? `the request TTL of ${monitored.endpoint.node.path} or of its invokers is a token, which cannot be halved: set maxRequestAge`
    : undefined;
}
