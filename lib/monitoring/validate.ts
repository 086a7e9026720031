import type { AsyncInferenceMonitoringProps } from './monitoring';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import { SECONDS_LIMITS } from '../contract/invoker';
import { MonitoringAlarm } from './monitoring-alarm';
import { timesToLive } from './alarms';
import type { Watched } from './alarms';
import { text, wholeNumber, wholeSeconds } from '../shared/validation';
import type { Fault } from '../shared/validation';

const COUNTS = [
  'maxInvocationFailures',
  'maxExpiredRequests',
  'maxNotificationFailures',
  'maxRequestDownloadFailures',
  'maxResponseUploadFailures',
  'maxInvokerErrors',
  'maxInvokerThrottles',
] as const;

/** All that is wrong with the props of a monitoring. */
export function monitoringFaults(
  props: AsyncInferenceMonitoringProps,
  watched: readonly Watched[],
  invokers: readonly AsyncInferenceInvoker[],
): Fault[] {
  const { maxTimeWithoutCapacity } = props;
  const known = watched
    .flatMap(timesToLive)
    .filter((ttl) => !ttl.isUnresolved())
    .map((ttl) => ttl.toSeconds());
  return [
    watched.length === 0 ? 'endpoints is empty: name at least one' : undefined,
    ...invokers.map((invoker) =>
      watched.some((one) => one.invokers.includes(invoker))
        ? undefined
        : `invokers has ${invoker.node.path}, whose endpoint ${invoker.endpoint.node.path} is not watched: add that to endpoints`,
    ),
    ...(needsMaxRequestAge(props) ? watched.map(unknownTimeToLive) : []),
    wholeSeconds(
      'maxRequestAge, less than the shortest request TTL,',
      props.maxRequestAge,
      1,
      Math.min(SECONDS_LIMITS.RequestTTLSeconds.max, ...known) - 1,
    ),
    maxTimeWithoutCapacity?.isUnresolved()
      ? undefined
      : wholeNumber(
          'maxTimeWithoutCapacity in minutes',
          maxTimeWithoutCapacity?.toMinutes({ integral: false }),
          1,
          1_440,
        ),
    ...COUNTS.map((prop) => wholeNumber(prop, props[prop], 0)),
    text('dashboardName', props.dashboardName, /^[\w-]{1,255}$/, '1 to 255 letters, digits, hyphens and underscores'),
    props.dashboardName !== undefined && props.dashboard === false
      ? `dashboardName '${props.dashboardName}' needs a dashboard: leave out the name or dashboard: false`
      : undefined,
  ];
}

function needsMaxRequestAge({ maxRequestAge, without = [] }: AsyncInferenceMonitoringProps): boolean {
  return maxRequestAge === undefined && !without.includes(MonitoringAlarm.REQUEST_AGE);
}

function unknownTimeToLive(watched: Watched): Fault {
  return timesToLive(watched).some((ttl) => ttl.isUnresolved())
    ? `the request TTL of ${watched.endpoint.node.path} or of its invokers is a token, which cannot be halved: give maxRequestAge`
    : undefined;
}
