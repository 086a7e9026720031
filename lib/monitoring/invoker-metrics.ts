import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { INVOKER_METRIC_NAMESPACE } from '../contract/invoker';
import type { INVOKER_METRICS } from '../contract/invoker';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';

/** A metric that all invokers of an endpoint publish together. */
export function ofInvokers(
  endpoint: IAsyncInferenceEndpoint,
  metricName: keyof typeof INVOKER_METRICS,
  label?: string,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: INVOKER_METRIC_NAMESPACE,
    metricName,
    label,
    statistic: 'Sum',
    dimensionsMap: { EndpointName: endpoint.endpointName },
  });
}
