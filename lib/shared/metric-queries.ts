import { Duration } from 'aws-cdk-lib';
import type { IMetric, MetricStatConfig } from 'aws-cdk-lib/aws-cloudwatch';

/** Metrics by the names that an expression uses. */
export type MetricsByName = Readonly<Record<string, IMetric>>;

/**
 * The metrics of an alarm or of target tracking. CDK renders those of an alarm when it is created, and these when all are known.
 *
 * @param period seconds. Target tracking has none, because it evaluates each minute.
 */
export function metricQueries(expression: string, metrics: MetricsByName, period?: number): object[] {
  const queries = statsOf(metrics).map(([id, { statistic: stat, ...metric }]) => ({
    id,
    metricStat: { metric: identityOf(metric), period, stat },
    returnData: false,
  }));
  return [...queries, { id: 'value', expression, returnData: true }];
}

/** The same for a call of GetMetricData, one metric at a time. */
export function dataQueries(metrics: MetricsByName): object[] {
  return statsOf(metrics).map(([id, { statistic, namespace, metricName, dimensions = [] }]) => ({
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: dimensions.map(({ name, value }) => ({ Name: name, Value: value as string })),
      },
      Period: Duration.minutes(1).toSeconds(),
      Stat: statistic,
    },
  }));
}

function statsOf(metrics: MetricsByName): [string, MetricStatConfig][] {
  return Object.entries(metrics).map(([id, metric]) => [id, metric.toMetricConfig().metricStat!]);
}

function identityOf({ namespace, metricName, dimensions = [] }: Omit<MetricStatConfig, 'statistic'>) {
  return {
    namespace,
    metricName,
    dimensions: dimensions.map(({ name, value }) => ({ name, value: value as string })),
  };
}
