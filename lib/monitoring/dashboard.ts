import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-base';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import { INVOKER_METRIC_NAMESPACE } from '../contract/invoker';
import type { INVOKER_METRICS } from '../contract/invoker';
import { containerLogGroup } from './alarms';
import type { Watched } from './alarms';

export interface DashboardRowsProps extends Watched {
  readonly alarms: readonly cloudwatch.Alarm[];
}

/** What a graph shows against one of its axes. */
interface Axis {
  readonly label: string;
  readonly metrics: cloudwatch.IMetric[];
}

/** What a person on call needs to see of one endpoint: what it is and how its alarms stand, then six graphs from cause to effect. */
export function dashboardRows({ endpoint, invokers, alarms }: DashboardRowsProps): cloudwatch.IWidget[][] {
  const measured = invokers.length > 0;
  return [
    [
      new cloudwatch.TextWidget({ markdown: header(endpoint, invokers), width: 8, height: 4 }),
      ...(alarms.length > 0
        ? [
            new cloudwatch.AlarmStatusWidget({
              title: 'Alarms',
              alarms: [...alarms],
              width: cloudwatch.GRID_WIDTH - 8,
              height: 4,
            }),
          ]
        : []),
    ],
    [
      graph('Demand', {
        label: 'requests',
        metrics: [
          ...(measured ? [ofInvokers(endpoint, 'Invocations', 'Sent through invokers')] : []),
          endpoint.metricInvocationsProcessed(),
        ],
      }),
      graph(
        'Backlog',
        {
          label: 'requests',
          metrics: [endpoint.metricApproximateBacklogSize(), endpoint.metricApproximateBacklogSizePerInstance()],
        },
        { label: 'seconds', metrics: [endpoint.metricApproximateAgeOfOldestRequest()] },
      ),
      graph(
        'Capacity',
        {
          label: 'percent (CPU, GPU: 100 each)',
          metrics: [
            endpoint.metricCPUUtilization(),
            endpoint.metricMemoryUtilization(),
            endpoint.metricDiskUtilization(),
            endpoint.metricGPUUtilization(),
            endpoint.metricGPUMemoryUtilization(),
          ],
        },
        { label: '1 = no instance', metrics: [endpoint.metricHasBacklogWithoutCapacity()] },
      ),
      graph(
        'Latency',
        { label: 'milliseconds', metrics: [endpoint.metricTimeInBacklog(), endpoint.metricTotalProcessingTime()] },
        {
          label: 'microseconds',
          metrics: [
            endpoint.metricModelLatency(),
            endpoint.metricRequestDownloadLatency(),
            endpoint.metricResponseUploadLatency(),
          ],
        },
      ),
      graph('Failures', {
        label: 'requests',
        metrics: [
          endpoint.metricInvocationFailures(),
          endpoint.metricExpiredRequests(),
          endpoint.metricNotificationFailures(),
          endpoint.metricRequestDownloadFailures(),
          endpoint.metricResponseUploadFailures(),
          endpoint.metricInvocation4XXErrors(),
          endpoint.metricInvocation5XXErrors(),
        ],
      }),
      ...(measured
        ? [
            graph(
              'Invoker',
              {
                label: 'calls, requests',
                metrics: [
                  ...invokers.flatMap(({ function: own }) => [
                    own.metricInvocations(),
                    own.metricErrors(),
                    own.metricThrottles(),
                  ]),
                  ofInvokers(endpoint, 'Rejections', 'Requests refused'),
                  ofInvokers(endpoint, 'Throttles', 'Requests throttled by SageMaker'),
                ],
              },
              { label: 'milliseconds', metrics: invokers.map(({ function: own }) => own.metricDuration()) },
            ),
          ]
        : []),
    ],
  ];
}

function graph(title: string, left: Axis, right?: Axis): cloudwatch.GraphWidget {
  const axis = ({ label }: Axis) => ({ label, min: 0, showUnits: false });
  return new cloudwatch.GraphWidget({
    title,
    width: cloudwatch.GRID_WIDTH / 6,
    height: 7,
    left: left.metrics,
    leftYAxis: axis(left),
    ...(right && { right: right.metrics, rightYAxis: axis(right) }),
  });
}

/** What the invokers of an endpoint count together. */
function ofInvokers(
  endpoint: IAsyncInferenceEndpoint,
  metricName: keyof typeof INVOKER_METRICS,
  label: string,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: INVOKER_METRIC_NAMESPACE,
    metricName,
    label,
    statistic: 'Sum',
    dimensionsMap: { EndpointName: endpoint.endpointName },
  });
}

function header(endpoint: IAsyncInferenceEndpoint, invokers: readonly AsyncInferenceInvoker[]): string {
  // A path, since the console's host differs between partitions.
  const link = (text: string, service: string, fragment: string) =>
    `[${text}](/${service}/home?region=${endpoint.env.region}#${fragment})`;
  // The console wants the slashes of a log group's name encoded twice, with a $ for the %.
  const logGroup = containerLogGroup(endpoint).replaceAll('/', '$252F');
  return [
    `## ${endpoint.endpointName}`,
    [
      link('Endpoint', 'sagemaker', `/endpoints/${endpoint.endpointName}`),
      link('Container log', 'cloudwatch', `logsV2:log-groups/log-group/${logGroup}`),
      ...invokers.map((invoker) => link('Invoker', 'lambda', `/functions/${invoker.function.functionName}`)),
    ].join(' · '),
  ].join('\n\n');
}
