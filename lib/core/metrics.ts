/** Where a metric lives and how it is read. */
export interface MetricFacts {
  readonly namespace: string;
  readonly statistic: string;
  /** Whether SageMaker publishes it by endpoint alone; else it is by endpoint and variant. */
  readonly endpointWide: boolean;
}

const inNamespace = (namespace: string, endpointWide: boolean, statistic: string, ...names: string[]) =>
  names.map((name) => [name, { namespace, statistic, endpointWide }] as const);

/**
 * All metrics that asynchronous endpoints publish.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
 */
export const ASYNC_METRICS: Readonly<Record<string, MetricFacts>> = Object.fromEntries([
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
