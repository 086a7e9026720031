import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib';
import { readAppResources } from '../../local/app/resources';
import type { FunctionConfiguration } from '../../local/app/resources';
import { LambdaFunction } from '../../local/aws/lambda-function';
import { synthesize } from '../../local/app/synthesis';
import { httpApiEvent, loadBalancerEvent, restApiEvent, sqsEvent } from '../support/events';
import type { S3Server } from '../support/s3-server';
import { startS3 } from '../support/s3-server';
import type { Answer, Server } from '../support/sagemaker-runtime-server';
import { refuse, startServer } from '../support/sagemaker-runtime-server';
import { only, resources, statements } from '../../tools/showcase/stacks';

const EXAMPLES = join(__dirname, '../../examples');
const WIRE = 'x-amzn-sagemaker-';
const TEXT = '{"inputs":"Où est la bibliothèque ?"}';
const BYTES = Buffer.from([0, 255, 128, 10, 13, 200]);

function app(name: string): App {
  return jest.requireActual<{ app: App }>(join(EXAMPLES, name, 'app')).app;
}

function stackOf(name: string): Stack {
  return app(name).node.children.find((child) => Stack.isStack(child))!;
}

let server: Server;
let s3: S3Server;
let sqs: Server;
const invokers = new Map<string, Promise<LambdaFunction>>();

beforeAll(async () => {
  [server, s3, sqs] = await Promise.all([startServer(), startS3(), startServer()]);
});
beforeEach(() => {
  server.clear();
  s3.clear();
  sqs.clear();
});
afterAll(async () => {
  await Promise.all([...invokers.values()].map(async (invoker) => (await invoker).close()));
  await Promise.all([server.stop(), s3.stop(), sqs.stop()]);
});

/** The example's function, from the bundle that ships and with the environment that its template gives it. */
function invokerOf(name: string): Promise<LambdaFunction> {
  const start = async () => {
    const { functions } = readAppResources(await synthesize(app(name).synth().directory, ''));
    return new LambdaFunction(
      withQueueUrls(functions[0]!),
      { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      {
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: server.url,
        AWS_ENDPOINT_URL_S3: s3.url,
        AWS_ENDPOINT_URL_SQS: sqs.url,
      },
    );
  };
  const invoker = invokers.get(name) ?? start();
  invokers.set(name, invoker);
  return invoker;
}

/** The URLs of queues, of which a template has only the names. */
function withQueueUrls(configuration: FunctionConfiguration): FunctionConfiguration {
  const environment = Object.entries(configuration.environment).map(
    ([name, value]) => [name, name.endsWith('QUEUE_URL') ? `${sqs.url}/111122223333/${value}` : value] as const,
  );
  return { ...configuration, environment: Object.fromEntries(environment) };
}

/** SQS accepts a message. The SDK compares the digest of its body. */
const acceptMessage: Answer = (response, { body }) => {
  const { MessageBody } = JSON.parse(body.toString()) as { MessageBody: string };
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') }));
};

const names = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'app.ts')));

test.each(names)('%s is synthesized, without an error or a warning', (name) => {
  app(name).synth();
  for (const stack of app(name)
    .node.findAll()
    .filter((node) => Stack.isStack(node))) {
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  }
});

test.each(names)(
  '%s: every container of AWS has a model to serve: model data, or the name of one on the Hugging Face Hub',
  (name) => {
    for (const stack of app(name)
      .node.findAll()
      .filter((node) => Stack.isStack(node))) {
      for (const { Properties } of Object.values(resources(stack, 'AWS::SageMaker::Model'))) {
        const { Image, Environment, ModelDataUrl, ModelDataSource } = Properties.PrimaryContainer as {
          readonly Image: unknown;
          readonly Environment?: Readonly<Record<string, string>>;
          readonly ModelDataUrl?: unknown;
          readonly ModelDataSource?: unknown;
        };
        // An image that is built from the example contains its model.
        if (JSON.stringify(Image).includes('container-assets')) continue;
        const named = Object.keys(Environment ?? {}).find((variable) => /(^|_)MODEL(_ID)?$/.test(variable));
        expect(ModelDataUrl ?? ModelDataSource ?? named).toBeDefined();
      }
    }
  },
);

test('sqs: every message is a request, and one that cannot be one moves to the dead-letter queue with the reason', async () => {
  sqs.answerWith(acceptMessage);
  const invoker = await invokerOf('sqs');
  const answer = await invoker.invoke(
    sqsEvent([
      { body: TEXT, attributes: { ContentType: 'application/json', InferenceId: 'order-1' } },
      { body: BYTES.toString('base64'), attributes: { BodyEncoding: 'base64' } },
      { body: 'x'.repeat(128_001), messageId: 'too-large' },
    ]),
  );
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(server.received.map(({ body }) => body)).toEqual([Buffer.from(TEXT), BYTES]);
  expect(sqs.received.map(({ body }) => JSON.parse(body.toString()) as unknown)).toEqual([
    {
      QueueUrl: expect.stringContaining('DeadLetterQueue') as string,
      MessageBody: 'x'.repeat(128_001),
      MessageAttributes: {
        DeadLetterReason: {
          DataType: 'String',
          StringValue: expect.stringMatching(/^PayloadTooLargeError: /) as string,
        },
      },
    },
  ]);
});

test('sqs: the scaling of the imported endpoint counts the messages of the queue', () => {
  const stack = stackOf('sqs');
  const policy = Object.values(resources(stack, 'AWS::ApplicationAutoScaling::ScalingPolicy')).find(
    ({ Properties }) => Properties.PolicyType === 'TargetTrackingScaling',
  )!;
  expect(JSON.stringify(policy.Properties)).toContain('"ApproximateNumberOfMessagesVisible"');
});

test('batch-queue: nothing of the example stays when its stack is deleted', () => {
  const queues = Object.values(resources(stackOf('batch-queue'), 'AWS::SQS::Queue'));
  expect(queues.map(({ DeletionPolicy = 'Delete' }) => DeletionPolicy)).toEqual([
    'Delete',
    'Delete',
    'Delete',
    'Delete',
  ]);
});

describe.each([
  ['function-url', httpApiEvent],
  ['http-api', httpApiEvent],
  ['rest-api', restApiEvent],
] as const)('%s', (name, event) => {
  test.each([
    ['text', TEXT],
    ['bytes', BYTES],
  ])('a request with %s is the payload, and is answered 202', async (_, body) => {
    const invoker = await invokerOf(name);
    const answer = await invoker.invoke(
      event({ body, headers: { 'content-type': 'application/x-example', 'idempotency-key': 'order-1' } }),
    );
    expect(answer).toMatchObject({
      statusCode: 202,
      headers: { 'x-amzn-sagemaker-outputlocation': 's3://results/order-1.out' },
    });
    expect(server.received).toMatchObject([
      { path: '/endpoints/languages/async-invocations', body: Buffer.from(body) },
    ]);
    expect(server.received[0]!.headers[`${WIRE}content-type`]).toBe('application/x-example');
  });

  test('nobody calls it without authentication', () => {
    const stack = stackOf(name);
    const [type, expected] = {
      'function-url': ['AWS::Lambda::Url', { AuthType: 'AWS_IAM' }],
      'http-api': ['AWS::ApiGatewayV2::Route', { AuthorizationType: 'AWS_IAM' }],
      'rest-api': ['AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' }],
    }[name] as [string, object];
    expect(only(stack, type).Properties).toMatchObject(expected);
  });
});

test('rest-api: the gateway passes every media type on as bytes', () => {
  expect(only(stackOf('rest-api'), 'AWS::ApiGateway::RestApi').Properties.BinaryMediaTypes).toEqual(['*/*']);
});

describe('application-load-balancer', () => {
  test.each([
    ['text', TEXT],
    ['bytes', BYTES],
  ])(
    'a request with %s is the payload, and the response has the multi-value headers of the target group',
    async (_, body) => {
      const headers = { 'content-type': 'application/x-example', 'idempotency-key': 'order-1' };
      const invoker = await invokerOf('application-load-balancer');
      expect(await invoker.invoke(loadBalancerEvent({ body, headers }, true))).toMatchObject({
        statusCode: 202,
        statusDescription: '202 Accepted',
        multiValueHeaders: { 'x-amzn-sagemaker-outputlocation': ['s3://results/order-1.out'] },
      });
      expect(server.received).toMatchObject([{ body: Buffer.from(body) }]);
      expect(server.received[0]!.headers[`${WIRE}content-type`]).toBe('application/x-example');
      expect(
        only(stackOf('application-load-balancer'), 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties,
      ).toMatchObject({
        TargetType: 'lambda',
        TargetGroupAttributes: [{ Key: 'lambda.multi_value_headers.enabled', Value: 'true' }],
      });
    },
  );

  test('nobody calls it from outside of the VPC', () => {
    const stack = stackOf('application-load-balancer');
    expect(only(stack, 'AWS::ElasticLoadBalancingV2::LoadBalancer').Properties).toMatchObject({ Scheme: 'internal' });
    expect(only(stack, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupIngress).toMatchObject([
      { CidrIp: { 'Fn::GetAtt': [expect.stringMatching(/^Vpc/), 'CidrBlock'] }, FromPort: 443, ToPort: 443 },
    ]);
  });
});

test("event-bridge: the rule's transformer makes an event a direct call, named by the event", async () => {
  const [{ InputTransformer }] = only(stackOf('event-bridge'), 'AWS::Events::Rule').Properties.Targets as [
    { InputTransformer: Transformer },
  ];
  const event = {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    source: 'com.example.shop',
    detail: { text: 'dis "bonjour"\n' },
  };
  const invoker = await invokerOf('event-bridge');
  await invoker.invoke(transformed(event, InputTransformer));
  expect(server.received.map(({ body }) => body.toString())).toEqual(['{"inputs":"dis \\"bonjour\\"\\n"}']);
  expect(server.received[0]!.headers[`${WIRE}inference-id`]).toBe(event.id);
});

interface Transformer {
  readonly InputPathsMap: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** What EventBridge makes of an event: each path's value, as JSON, in the place of its name. */
function transformed(event: object, { InputPathsMap, InputTemplate }: Transformer): unknown {
  const valueAt = (path: string) =>
    path
      .split('.')
      .slice(1)
      .reduce<unknown>((value, member) => (value as Record<string, unknown>)[member], event);
  return JSON.parse(
    InputTemplate.replace(/<([^>]+)>/g, (_, name: string) => JSON.stringify(valueAt(InputPathsMap[name]!))),
  );
}

test("step-functions: the task's input becomes the payload, and its errors have the names that are caught", async () => {
  const { DefinitionString: definition } = only(
    stackOf('step-functions'),
    'AWS::StepFunctions::StateMachine',
  ).Properties;
  const parts = (definition as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  const { States } = JSON.parse(parts.filter((part) => typeof part === 'string').join('')) as {
    States: Record<string, Task>;
  };
  const { Arguments, Catch } = States.Identify!;
  const template = JSON.stringify(Arguments.Payload);
  const payload = (text: string): unknown =>
    JSON.parse(template.replace('"{% $states.input.text %}"', JSON.stringify(text)));
  const invoker = await invokerOf('step-functions');
  expect(await invoker.invoke(payload('¿dónde?'))).toMatchObject({
    OutputLocation: expect.stringMatching(/^s3:/) as string,
  });
  expect(server.received[0]!.body.toString()).toBe('{"inputs":"¿dónde?"}');
  const error: unknown = await invoker.invoke(payload('x'.repeat(128_000))).catch((failure: unknown) => failure);
  expect(Catch[0]!.ErrorEquals).toContain((error as { errorType: string }).errorType);
});

interface Task {
  readonly Arguments: { readonly Payload: object };
  readonly Catch: readonly { readonly ErrorEquals: readonly string[] }[];
}

test('async-callers: what the service does not take fails, so that Lambda tries again and keeps it at last', async () => {
  server.answerWith(refuse(400, 'ThrottlingException'));
  const invoker = await invokerOf('async-callers');
  await expect(invoker.invoke({ Body: 'x' })).rejects.toMatchObject({ errorType: 'ThrottlingException' });
  const stack = stackOf('async-callers');
  expect(only(stack, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 3600,
  });
  expect(statements(stack, 'InvokerRole')).toMatchObject([
    { Action: expect.arrayContaining(['sqs:SendMessage']) as unknown },
  ]);
});

test('mixed-sizes: a payload goes inline while it fits, and through S3 when it does not', async () => {
  const invoker = await invokerOf('mixed-sizes');
  await invoker.invoke({ Body: 'x'.repeat(128_000), InferenceId: 'fits' });
  expect(s3.calls).toEqual([]);
  await invoker.invoke({ Body: 'x'.repeat(128_001), InferenceId: 'large', ContentType: 'text/csv' });
  const [small, large] = server.received;
  expect(small!.body).toHaveLength(128_000);
  expect(large!.body).toHaveLength(0);
  const location = String(large!.headers[`${WIRE}inputlocation`]);
  expect(location).toMatch(/^s3:\/\/[^/]+\/input\/languages\/\d{4}\/\d\d\/\d\d\/large\//);
  expect(s3.objects.get(location.slice('s3://'.length))).toEqual({
    body: Buffer.from('x'.repeat(128_001)),
    contentType: 'text/csv',
  });
});

test('audit: every payload is kept', async () => {
  const invoker = await invokerOf('audit');
  await invoker.invoke({ Body: 'x', InferenceId: 'small' });
  const location = String(server.received[0]!.headers[`${WIRE}inputlocation`]);
  expect(s3.objects.get(location.slice('s3://'.length))!.body.toString()).toBe('x');
});

describe('docs/invoker.md', () => {
  const page = readFileSync(join(EXAMPLES, '../docs/invoker.md'), 'utf8');

  test('explains what cdk-nag finds in a request queue, and nothing else', () => {
    const { AwsSolutionsChecks, ServerlessChecks } = jest.requireActual<typeof import('cdk-nag')>('cdk-nag');
    const found = [AwsSolutionsChecks, ServerlessChecks].flatMap((Checks) =>
      new Checks(app('sqs')).validateScope(app('sqs')).violations.map(({ ruleName }) => ruleName),
    );
    const explained = [...page.matchAll(/\b(?:AwsSolutions|Serverless)-\w+(?:\[[^\]]+\])?/g)].map(([rule]) => rule);
    expect(explained.sort()).toEqual(found.sort());
  });
});
