import { INVOKER_METRIC_NAMESPACE, INVOKER_METRICS } from '../../lib/contract/invoker';

export type InvokerMetrics = Readonly<Partial<Record<keyof typeof INVOKER_METRICS, number>>>;

/**
 * The members that make a log line the metrics of its request, in CloudWatch's embedded metric format. They are written by hand:
 * Powertools would add a quarter to the time that the bundle takes to load.
 *
 * @param reason the name of the error of a rejected request
 */
export function embeddedMetrics(endpointName: string, metrics: InvokerMetrics, reason?: string) {
  const directive = (dimensions: readonly string[], names: readonly string[]) => ({
    Namespace: INVOKER_METRIC_NAMESPACE,
    Dimensions: [dimensions],
    Metrics: names.map((name) => ({ Name: name, Unit: INVOKER_METRICS[name as keyof typeof INVOKER_METRICS] })),
  });
  const rejections = metrics.Rejections === undefined ? [] : [directive(['EndpointName', 'Reason'], ['Rejections'])];
  return {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [directive(['EndpointName'], Object.keys(metrics)), ...rejections],
    },
    EndpointName: endpointName,
    ...(metrics.Rejections !== undefined && { Reason: reason }),
    ...metrics,
  };
}
