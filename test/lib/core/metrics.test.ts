import { ENV, aStack, anEndpoint } from '../../../tools/showcase/stacks';
import { AsyncInferenceEndpoint, AsyncInferenceEndpointMetrics } from '../../../lib';
import { PUBLISHED_METRICS, UNPUBLISHED_METRICS } from '../../../lib/core/published-metrics';

const ENDPOINT = { EndpointName: 'languages' };
const VARIANT = { EndpointName: 'languages', VariantName: 'AllTraffic' };
const REQUESTS = 'AWS/SageMaker';
const INSTANCES = '/aws/sagemaker/Endpoints';

/** As AWS documents them: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html */
const PUBLISHED: [string, string, Record<string, string>, string][] = [
  ['ApproximateBacklogSize', REQUESTS, ENDPOINT, 'Average'],
  ['ApproximateBacklogSizePerInstance', REQUESTS, ENDPOINT, 'Average'],
  ['ApproximateAgeOfOldestRequest', REQUESTS, ENDPOINT, 'Maximum'],
  ['HasBacklogWithoutCapacity', REQUESTS, ENDPOINT, 'Average'],
  ['InvocationsProcessed', REQUESTS, VARIANT, 'Sum'],
  ['InvocationFailures', REQUESTS, VARIANT, 'Sum'],
  ['ExpiredRequests', REQUESTS, VARIANT, 'Sum'],
  ['RequestDownloadFailures', REQUESTS, VARIANT, 'Sum'],
  ['ResponseUploadFailures', REQUESTS, VARIANT, 'Sum'],
  ['NotificationFailures', REQUESTS, VARIANT, 'Sum'],
  ['Invocation4XXErrors', REQUESTS, VARIANT, 'Sum'],
  ['Invocation5XXErrors', REQUESTS, VARIANT, 'Sum'],
  ['RequestDownloadLatency', REQUESTS, VARIANT, 'Average'],
  ['ResponseUploadLatency', REQUESTS, VARIANT, 'Average'],
  ['TimeInBacklog', REQUESTS, VARIANT, 'Average'],
  ['TotalProcessingTime', REQUESTS, VARIANT, 'Average'],
  ['ModelLatency', REQUESTS, VARIANT, 'Average'],
  ['CPUUtilization', INSTANCES, VARIANT, 'Average'],
  ['MemoryUtilization', INSTANCES, VARIANT, 'Average'],
  ['DiskUtilization', INSTANCES, VARIANT, 'Average'],
  ['GPUUtilization', INSTANCES, VARIANT, 'Average'],
  ['GPUMemoryUtilization', INSTANCES, VARIANT, 'Average'],
];

const { metrics } = anEndpoint(aStack(), { endpointName: 'languages' });
const METHODS = Object.getOwnPropertyNames(AsyncInferenceEndpointMetrics.prototype);

/** The method of a metric: `CPUUtilization` → `cpuUtilization`, `Invocation4XXErrors` → `invocation4xxErrors`. */
const methodOf = (name: string) =>
  name
    .replace('4XX', '4xx')
    .replace('5XX', '5xx')
    .replace(/^([A-Z]+)(?=[A-Z][a-z])|^[A-Z]/, (start) => start.toLowerCase());

test.each(PUBLISHED)('%s has a method', (name, namespace, dimensions, statistic) => {
  const metric = metrics[methodOf(name) as 'modelLatency'].call(metrics);
  expect(metric).toMatchObject({ metricName: name, namespace, dimensions, statistic });
  expect(metrics.metric(name)).toMatchObject({ namespace, dimensions, statistic });
});

test('there is a method for each metric that asynchronous endpoints publish, and for no other', () => {
  const expected = [...PUBLISHED.map(([name]) => methodOf(name)), 'instanceCount', 'metric', 'constructor'];
  expect([...METHODS].sort()).toEqual(expected.sort());
});

/** Left out on purpose: AWS documents them for real-time endpoints only. */
const UNPUBLISHED = ['Invocations', 'InvocationsPerInstance', 'OverheadLatency'];

test('the metrics that are left out on purpose are listed', () => {
  expect(UNPUBLISHED_METRICS).toEqual(UNPUBLISHED);
  expect(Object.keys(PUBLISHED_METRICS).sort()).toEqual(PUBLISHED.map(([name]) => name).sort());
});

test.each(UNPUBLISHED)('%s is an error', (name) => {
  expect(() => metrics.metric(name)).toThrow(`asynchronous endpoints do not publish the metric ${name}`);
});

test('metrics that AWS may add have the dimensions of a variant', () => {
  expect(metrics.metric('Tomorrow')).toMatchObject({ namespace: REQUESTS, dimensions: VARIANT });
});

test('the number of instances is the number of samples of CPU utilization per minute', () => {
  const { metricName, statistic, period } = metrics.instanceCount();
  expect([metricName, statistic, period.toSeconds()]).toEqual(['CPUUtilization', 'SampleCount', 60]);
});

test.each<[string, string, object]>([
  ['this region and account', 'eu-west-1:111122223333', { region: 'eu-west-1', account: '111122223333' }],
  ['another region', 'us-east-1:111122223333', { region: 'us-east-1' }],
  ['another account', 'eu-west-1:999999999999', { account: '999999999999' }],
])('an imported endpoint of %s has its metrics there', (_, place, expected) => {
  const stack = aStack({ env: ENV });
  const arn = `arn:aws:sagemaker:${place}:endpoint/languages`;
  const imported = AsyncInferenceEndpoint.fromEndpointArn(stack, 'Imported', arn);
  expect(imported.metrics.approximateBacklogSize()).toMatchObject(expected);
});

test('options win', () => {
  expect(metrics.approximateBacklogSize({ statistic: 'p99', label: 'x' })).toMatchObject({
    statistic: 'p99',
    label: 'x',
  });
});
