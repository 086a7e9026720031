import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { aStack, anEndpoint } from '../../../tools/showcase/stacks';
import type { AsyncInferenceEndpoint } from '../../../lib';

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

const endpoint = anEndpoint(aStack(), { endpointName: 'languages' });
const methods = () => {
  const names: string[] = [];
  for (let proto: object = endpoint; proto !== Object.prototype; proto = Object.getPrototypeOf(proto) as object) {
    names.push(...Object.getOwnPropertyNames(proto).filter((name) => name.startsWith('metric') && name !== 'metric'));
  }
  return names;
};

test.each(PUBLISHED)('metric%s', (name, namespace, dimensions, statistic) => {
  const metric = (endpoint[`metric${name}` as keyof AsyncInferenceEndpoint] as () => Metric)();
  expect(metric).toMatchObject({ metricName: name, namespace, dimensions, statistic });
  expect(endpoint.metric(name)).toMatchObject({ namespace, dimensions, statistic });
});

test('there is a method for each metric that asynchronous endpoints publish, and for no other', () => {
  expect(methods().sort()).toEqual(PUBLISHED.map(([name]) => `metric${name}`).sort());
});

test('options win', () => {
  expect(endpoint.metricApproximateBacklogSize({ statistic: 'p99', label: 'x' })).toMatchObject({
    statistic: 'p99',
    label: 'x',
  });
});
