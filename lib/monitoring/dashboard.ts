import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { AsyncInferenceEndpointMetrics } from '../core/metrics';
import { containerLogGroupName } from '../endpoint/endpoint-name';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import type { Monitored } from './alarms';
import { ofInvokers } from './invoker-metrics';

export interface DashboardRowsProps extends Monitored {
  readonly alarms: readonly cloudwatch.Alarm[];
}

/** An axis of a graph and its metrics. */
interface Axis {
  readonly label: string;
  readonly metrics: cloudwatch.IMetric[];
}

/** The rows of one endpoint: links and alarms, six graphs from cause to effect, and a graph per request queue. */
export function dashboardRows({
  endpoint,
  invokers,
  requestQueues,
  alarms,
}: DashboardRowsProps): cloudwatch.IWidget[][] {
  const metrics = AsyncInferenceEndpointMetrics.fromEndpoint(endpoint);
  const hasInvokers = invokers.length > 0;
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
          ...(hasInvokers ? [ofInvokers(endpoint, 'Invocations', 'Sent through invokers')] : []),
          metrics.invocationsProcessed(),
        ],
      }),
      graph(
        'Backlog',
        {
          label: 'requests',
          metrics: [metrics.approximateBacklogSize(), metrics.approximateBacklogSizePerInstance()],
        },
        { label: 'seconds', metrics: [metrics.approximateAgeOfOldestRequest()] },
      ),
      graph(
        'Capacity',
        {
          label: 'percent (CPU, GPU: 100 each)',
          metrics: [
            metrics.cpuUtilization(),
            metrics.memoryUtilization(),
            metrics.diskUtilization(),
            metrics.gpuUtilization(),
            metrics.gpuMemoryUtilization(),
          ],
        },
        { label: 'instances', metrics: [metrics.instanceCount()] },
      ),
      graph(
        'Latency',
        { label: 'milliseconds', metrics: [metrics.timeInBacklog(), metrics.totalProcessingTime()] },
        {
          label: 'microseconds',
          metrics: [metrics.modelLatency(), metrics.requestDownloadLatency(), metrics.responseUploadLatency()],
        },
      ),
      graph('Failures', {
        label: 'requests',
        metrics: [
          metrics.invocationFailures(),
          metrics.expiredRequests(),
          metrics.notificationFailures(),
          metrics.requestDownloadFailures(),
          metrics.responseUploadFailures(),
          metrics.invocation4xxErrors(),
          metrics.invocation5xxErrors(),
        ],
      }),
      ...(hasInvokers
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
                  ofInvokers(endpoint, 'Failures', 'Requests not submitted'),
                  ofInvokers(endpoint, 'Rejections', 'Requests rejected'),
                  ofInvokers(endpoint, 'Throttles', 'Requests throttled by SageMaker'),
                ],
              },
              { label: 'milliseconds', metrics: invokers.map(({ function: own }) => own.metricDuration()) },
            ),
          ]
        : []),
    ],
    requestQueues.map(({ queue, deadLetterQueue }) =>
      graph(
        'Request queue',
        {
          label: 'messages',
          metrics: [
            queue.metricApproximateNumberOfMessagesVisible({ label: 'Waiting' }),
            queue.metricApproximateNumberOfMessagesNotVisible({ label: 'In flight' }),
            deadLetterQueue.metricApproximateNumberOfMessagesVisible({ label: 'Dead letters' }),
          ],
        },
        { label: 'seconds', metrics: [queue.metricApproximateAgeOfOldestMessage({ label: 'Age of the oldest' })] },
      ),
    ),
  ].filter((row) => row.length > 0);
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

function header(endpoint: IAsyncInferenceEndpoint, invokers: readonly AsyncInferenceInvoker[]): string {
  // A path, because the host of the console differs between partitions.
  const link = (text: string, service: string, fragment: string) =>
    `[${text}](/${service}/home?region=${endpoint.env.region}#${fragment})`;
  // The console expects the slashes in the name of a log group to be encoded twice, with $ instead of %.
  const logGroup = containerLogGroupName(endpoint.endpointName).replaceAll('/', '$252F');
  return [
    `## ${endpoint.endpointName}`,
    [
      link('Endpoint', 'sagemaker', `/endpoints/${endpoint.endpointName}`),
      link('Container log', 'cloudwatch', `logsV2:log-groups/log-group/${logGroup}`),
      ...invokers.map((invoker) => link('Invoker', 'lambda', `/functions/${invoker.function.functionName}`)),
    ].join(' · '),
  ].join('\n\n');
}
