/** The namespace, statistic and dimensions of a metric. */
export interface PublishedMetric {
  readonly namespace: string;
  readonly statistic: string;
  /** Whether the only dimension is the endpoint. Other metrics have the endpoint and the variant. */
  readonly endpointWide: boolean;
}

const inNamespace = (namespace: string, endpointWide: boolean, statistic: string, ...names: string[]) =>
  names.map((name) => [name, { namespace, statistic, endpointWide }] as const);

/**
 * The metrics that asynchronous endpoints publish.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 */
export const PUBLISHED_METRICS: Readonly<Record<string, PublishedMetric>> = Object.fromEntries([
  ...inNamespace(
    'AWS/SageMaker',
    true,
    'Average',
    'ApproximateBacklogSize',
    'ApproximateBacklogSizePerInstance',
    'HasBacklogWithoutCapacity',
  ),
  ...inNamespace('AWS/SageMaker', true, 'Maximum', 'ApproximateAgeOfOldestRequest'),
  ...inNamespace(
    'AWS/SageMaker',
    false,
    'Sum',
    'InvocationsProcessed',
    'InvocationFailures',
    'ExpiredRequests',
    'RequestDownloadFailures',
    'ResponseUploadFailures',
    'NotificationFailures',
    'Invocation4XXErrors',
    'Invocation5XXErrors',
  ),
  ...inNamespace(
    'AWS/SageMaker',
    false,
    'Average',
    'RequestDownloadLatency',
    'ResponseUploadLatency',
    'TimeInBacklog',
    'TotalProcessingTime',
    'ModelLatency',
  ),
  ...inNamespace(
    '/aws/sagemaker/Endpoints',
    false,
    'Average',
    'CPUUtilization',
    'MemoryUtilization',
    'DiskUtilization',
    'GPUUtilization',
    'GPUMemoryUtilization',
  ),
]);

/** Metrics of real-time endpoints that asynchronous endpoints do not publish. */
export const UNPUBLISHED_METRICS: readonly string[] = ['Invocations', 'InvocationsPerInstance', 'OverheadLatency'];
