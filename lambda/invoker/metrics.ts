import { INVOKER_METRIC_NAMESPACE, INVOKER_METRICS } from '../../lib/contract/invoker';

/** The metrics of one request. */
export type InvokerMetrics = Readonly<Partial<Record<keyof typeof INVOKER_METRICS, number>>>;

/**
 * The members that make a log line the metrics of its requests, in CloudWatch's embedded metric format. They are written by hand:
 * Powertools would add a quarter to the time that the bundle takes to load.
 *
 * @param requests the metrics of at most 100 requests, because a metric has no more values
 * @param reason the name of the error of rejected requests. A document has one value of a dimension, so it is the same for all.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(endpointName: string, requests: readonly InvokerMetrics[], reason?: string) {
  const values: Partial<Record<keyof InvokerMetrics, number[]>> = {};
  for (const metrics of requests) {
    for (const [name, value] of Object.entries(metrics)) (values[name as keyof InvokerMetrics] ??= []).push(value);
  }
  const directive = (dimensions: readonly string[], names: readonly string[]) => ({
    Namespace: INVOKER_METRIC_NAMESPACE,
    Dimensions: [dimensions],
    Metrics: names.map((name) => ({ Name: name, Unit: INVOKER_METRICS[name as keyof typeof INVOKER_METRICS] })),
  });
  const rejections = values.Rejections === undefined ? [] : [directive(['EndpointName', 'Reason'], ['Rejections'])];
  return {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [directive(['EndpointName'], Object.keys(values)), ...rejections],
    },
    EndpointName: endpointName,
    ...(values.Rejections !== undefined && { Reason: reason }),
    ...Object.fromEntries(
      Object.entries(values).map(([name, each]) => [name, valueOf(name as keyof InvokerMetrics, each)]),
    ),
  };
}

/** Counts add up to one value. The sizes of payloads stay apart, so that the metric has their distribution. */
function valueOf(name: keyof InvokerMetrics, values: readonly number[]): number | readonly number[] {
  return INVOKER_METRICS[name] === 'Count' ? values.reduce((sum, value) => sum + value, 0) : values;
}
