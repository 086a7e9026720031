import { randomUUID } from 'node:crypto';

/** An HTTP request before a gateway turns it into an event. Header names are in lower case. */
export interface HttpRequest {
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const encoded = (body: string | Buffer | undefined) => ({
  body: Buffer.isBuffer(body) ? body.toString('base64') : body,
  isBase64Encoded: Buffer.isBuffer(body),
});

/** The event of payload format 2.0, which HTTP APIs and function URLs have in common. */
export const httpApiEvent = ({ body, headers = {} }: HttpRequest) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/summaries',
  rawQueryString: '',
  headers: { host: 'api.example.com', 'x-forwarded-proto': 'https', ...headers },
  requestContext: {
    accountId: '111122223333',
    apiId: 'a1b2c3d4e5',
    domainName: 'api.example.com',
    http: { method: 'POST', path: '/summaries', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'curl/8.0' },
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: '$default',
    stage: '$default',
    timeEpoch: 1_790_000_000_000,
  },
  ...encoded(body),
});

/** The event of payload format 1.0: a REST API's. It keeps the case of header names and lists every value. */
export const restApiEvent = ({ body, headers = {} }: HttpRequest) => {
  const cased = Object.entries({ host: 'api.example.com', ...headers }).map(
    ([name, value]) => [name.toUpperCase(), value] as const,
  );
  return {
    resource: '/{proxy+}',
    path: '/summaries',
    httpMethod: 'POST',
    headers: Object.fromEntries(cased),
    multiValueHeaders: Object.fromEntries(cased.map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: 'summaries' },
    stageVariables: null,
    requestContext: {
      accountId: '111122223333',
      apiId: 'f6g7h8i9j0',
      httpMethod: 'POST',
      identity: { sourceIp: '192.0.2.1', userAgent: 'curl/8.0' },
      path: '/prod/summaries',
      protocol: 'HTTP/1.1',
      requestId: '4d1b6b7e-3f0a-4c8e-9b1a-6f2d3e4c5b6a',
      resourcePath: '/{proxy+}',
      stage: 'prod',
    },
    ...(encoded(body) as { body: string | null }),
    ...(body === undefined && { body: null }),
  };
};

/** The event of an Application Load Balancer. A target group has multi-value headers or single ones, never both. */
export const loadBalancerEvent = ({ body, headers = {} }: HttpRequest, multiValue = false) => {
  const all = { host: 'internal-1.eu-west-1.elb.amazonaws.com', 'x-forwarded-proto': 'https', ...headers };
  return {
    requestContext: {
      elb: {
        targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/invoker/6d0ecf831eec9f09',
      },
    },
    httpMethod: 'POST',
    path: '/summaries',
    ...(multiValue
      ? {
          multiValueQueryStringParameters: {},
          multiValueHeaders: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value]])),
        }
      : { queryStringParameters: {}, headers: all }),
    ...encoded(body ?? ''),
  };
};

export interface Message {
  readonly body: string;
  readonly messageId?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly group?: string;
}

export const sqsEvent = (messages: readonly Message[], queue = 'requests') => ({
  Records: messages.map(({ body, messageId = randomUUID(), attributes = {}, group }) => ({
    messageId,
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1790000000000',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1790000000001',
      ...(group !== undefined && {
        MessageGroupId: group,
        SequenceNumber: '18849496460467696128',
        MessageDeduplicationId: messageId,
      }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [
        name,
        {
          dataType: typeof value === 'number' ? 'Number' : 'String',
          stringValue: String(value),
          stringListValues: [],
          binaryListValues: [],
        },
      ]),
    ),
    md5OfBody: '7b270e59b47ff90a553787216d55d91d',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:111122223333:${queue}`,
    awsRegion: 'eu-west-1',
  })),
});
