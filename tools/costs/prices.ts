/** A list price of us-east-1 in US dollars. None was read on a page of AWS, so each names the page on which to look it up. */
export interface Price {
  readonly what: string;
  readonly dollars: number;
  readonly per: string;
  readonly source: string;
}

const SAGEMAKER = 'https://aws.amazon.com/sagemaker/ai/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';

export const PRICES = {
  m5: { what: '`ml.m5.xlarge` (CPU)', dollars: 0.23, per: 'hour', source: SAGEMAKER },
  g6: { what: '`ml.g6.xlarge` (NVIDIA L4)', dollars: 1.1267, per: 'hour', source: SAGEMAKER },
  g5: { what: '`ml.g5.xlarge` (NVIDIA A10G)', dollars: 1.408, per: 'hour', source: SAGEMAKER },
  alarmMetric: { what: 'metric of an alarm', dollars: 0.1, per: 'month', source: CLOUDWATCH },
  dashboard: { what: 'dashboard', dollars: 3, per: 'month', source: CLOUDWATCH },
  customMetric: { what: 'metric that a function publishes', dollars: 0.3, per: 'month', source: CLOUDWATCH },
  logs: { what: 'log', dollars: 0.5, per: 'GB', source: CLOUDWATCH },
  lambdaRequests: { what: 'Lambda request', dollars: 0.2, per: 'million', source: LAMBDA },
  lambdaDuration: { what: 'Lambda duration (arm64)', dollars: 13.33, per: 'million GB-seconds', source: LAMBDA },
  notifications: {
    what: 'SNS message',
    dollars: 0.5,
    per: 'million',
    source: 'https://aws.amazon.com/sns/pricing/',
  },
  puts: { what: 'S3 PUT', dollars: 5, per: 'million', source: 'https://aws.amazon.com/s3/pricing/' },
  gets: { what: 'S3 GET', dollars: 0.4, per: 'million', source: 'https://aws.amazon.com/s3/pricing/' },
  key: { what: 'KMS key', dollars: 1, per: 'month', source: 'https://aws.amazon.com/kms/pricing/' },
  interfaceEndpoint: {
    what: 'interface endpoint, in one Availability Zone',
    dollars: 0.01,
    per: 'hour',
    source: 'https://aws.amazon.com/privatelink/pricing/',
  },
  natGateway: { what: 'NAT gateway', dollars: 0.045, per: 'hour', source: 'https://aws.amazon.com/vpc/pricing/' },
} as const satisfies Record<string, Price>;
