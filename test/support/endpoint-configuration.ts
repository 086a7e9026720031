import type { EndpointConfiguration } from '../../local/app/resources';

/** The endpoint of the tests of the local run. */
export const ENDPOINT: Required<EndpointConfiguration> = {
  name: 'Languages',
  arn: 'arn:aws:sagemaker:eu-west-1:000000000000:endpoint/languages',
  region: 'eu-west-1',
  executionRoleArn: 'arn:aws:iam::000000000000:role/execution',
  instanceType: 'ml.m5.xlarge',
  instances: 1,
  maxConcurrentInvocationsPerInstance: 2,
  outputPath: 's3://results/output',
  failurePath: 's3://results/failure',
  successTopicArn: 'arn:aws:sns:eu-west-1:000000000000:successes',
  errorTopicArn: 'arn:aws:sns:eu-west-1:000000000000:errors',
  includeInferenceResponseIn: [],
  model: 'stub',
  containerEnvironment: {},
};
