import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defaultEndpoint } from '../../bench/default-endpoint';
import { HandWrittenEndpoint } from '../../bench/hand-written-endpoint';
import { resourceCounts } from '../../bench/sizes';
import { AsyncInferenceRequestQueue, AsyncInferenceResultQueue } from '../../lib';

type Resources = Readonly<Record<string, { readonly Type: string; readonly DependsOn?: string[] }>>;

function resourcesOf(define: (stack: Stack) => void): Resources {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  define(stack);
  return Template.fromStack(stack).toJSON().Resources as Resources;
}

function types(define: (stack: Stack) => void): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values(resourcesOf(define))) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}

/** Resources by their type and number, with what is known of the environment, and without names that anybody may choose. */
function comparable(define: (stack: Stack) => void): unknown {
  const resources = resourcesOf(define);
  const numbers: Record<string, number> = {};
  const names = new Map(
    Object.entries(resources).map(([id, { Type }]) => [id, `${Type} ${(numbers[Type] = (numbers[Type] ?? 0) + 1)}`]),
  );
  const evaluate = (value: unknown): unknown => {
    if (typeof value === 'string') return names.get(value) ?? withoutNames(value);
    if (Array.isArray(value)) return value.map(evaluate);
    if (typeof value !== 'object' || value === null) return value;
    const { Ref, 'Fn::Join': join } = value as { Ref?: string; 'Fn::Join'?: [string, unknown[]] };
    if (Ref === 'AWS::Region') return 'eu-west-1';
    if (Ref === 'AWS::AccountId') return '111122223333';
    if (join) return withoutNames(join[1].map((part) => textOf(evaluate(part))).join(join[0]));
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, evaluate(member)]));
  };
  return Object.fromEntries(
    Object.entries(resources).map(([id, { DependsOn = [], ...resource }]) => [
      names.get(id),
      { ...(evaluate(resource) as object), DependsOn: DependsOn.map((other) => names.get(other)).sort() },
    ]),
  );
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** The name of the endpoint, those of scaling policies, and the fingerprint of permissions. */
const withoutNames = (text: string) =>
  text
    .replace(/stack-endpoint-[0-9a-f]{8}|hand-written-endpoint/g, 'endpoint-name')
    .replace(/^\w+(Demand|Wake)$/, '$1')
    .replace(/^(Stack\/Endpoint\S*) \w+$/, '$1');

/** A stack may have 500. */
const DEFAULT_ENDPOINT = {
  'AWS::S3::Bucket': 1,
  'AWS::S3::BucketPolicy': 1,
  'AWS::SNS::Topic': 2,
  'AWS::SNS::TopicPolicy': 2,
  'AWS::Logs::LogGroup': 2,
  'AWS::IAM::Role': 2,
  'AWS::IAM::ManagedPolicy': 2,
  'AWS::SageMaker::Model': 1,
  'AWS::SageMaker::EndpointConfig': 1,
  'AWS::SageMaker::Endpoint': 1,
  'AWS::ApplicationAutoScaling::ScalableTarget': 1,
  'AWS::ApplicationAutoScaling::ScalingPolicy': 2,
  'AWS::CloudWatch::Alarm': 1,
  'AWS::Lambda::Function': 1,
};

test('a default endpoint has these resources and no more', () => {
  expect(types((stack) => void defaultEndpoint(stack, 'Endpoint'))).toEqual(DEFAULT_ENDPOINT);
});

test('what is written by hand to compare with is the same', () => {
  expect(comparable((stack) => void new HandWrittenEndpoint(stack, 'Endpoint'))).toEqual(
    comparable((stack) => void defaultEndpoint(stack, 'Endpoint')),
  );
});

test('each feature adds what it is known to add', () => {
  expect(resourceCounts().resources).toEqual({
    'default endpoint': 20,
    'without an invoker': -4,
    'with a fixed fleet': -4,
    "with topics of one's own": -4,
    'another invoker': 4,
    'payloads through S3': 3,
    'request queue with back-pressure': 20,
    'result queue': 8,
    'results on an event bus': 11,
    'callback of Step Functions': 16,
    'alarms and dashboard': 11,
  });
});

test('a stack has space for 25 endpoints, or for 11 endpoints, a request queue for each and one result queue', () => {
  const count = (define: (stack: Stack) => void) => Object.values(types(define)).reduce((sum, of) => sum + of);
  const endpoints = (stack: Stack, number: number) =>
    Array.from({ length: number }, (_, index) => defaultEndpoint(stack, `Endpoint${index}`));
  expect(count((stack) => void endpoints(stack, 25))).toBeLessThanOrEqual(500);
  expect(
    count((stack) => {
      const shards = endpoints(stack, 11);
      shards.forEach(
        (endpoint, index) =>
          new AsyncInferenceRequestQueue(stack, `Requests${index}`, {
            endpoint,
            expectedProcessingTime: Duration.seconds(10),
          }),
      );
      new AsyncInferenceResultQueue(stack, 'Results', { endpoints: shards });
    }),
  ).toBeLessThanOrEqual(500);
});
