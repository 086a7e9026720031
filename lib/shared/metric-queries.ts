import { Duration } from 'aws-cdk-lib';
import type { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { CfnAlarm, IMetric, MetricStatConfig } from 'aws-cdk-lib/aws-cloudwatch';

/** Metrics by the names that an expression uses. */
export type MetricsByName = Readonly<Record<string, IMetric>>;

/** CDK renders the metrics of an alarm when the alarm is created. These can be rendered later, when all metrics are known. */
export function alarmQueries(expression: string, metrics: MetricsByName): CfnAlarm.MetricDataQueryProperty[] {
  const queries = statsOf(metrics).map(([id, { statistic: stat, ...metric }]) => ({
    id,
    metricStat: { metric: identityOf(metric), period: Duration.minutes(1).toSeconds(), stat },
    returnData: false,
  }));
  return [...queries, { id: 'value', expression, returnData: true }];
}

/** The same for target tracking, which evaluates each minute. */
export function trackingQueries(
  expression: string,
  metrics: MetricsByName,
): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty[] {
  const queries = statsOf(metrics).map(([id, { statistic: stat, ...metric }]) => ({
    id,
    metricStat: { metric: identityOf(metric), stat },
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
