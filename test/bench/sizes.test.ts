import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { defaultEndpoint } from '../../bench/default-endpoint';
import { HandWrittenEndpoint } from '../../bench/hand-written-endpoint';
import { resourceCounts } from '../../bench/sizes';
import { AsyncInferenceRequestQueue, AsyncInferenceResultQueue } from '../../lib';

function types(define: (stack: Stack) => void): Record<string, number> {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  define(stack);
  const counts: Record<string, number> = {};
  const resources = Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>);
  for (const { Type } of resources) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}

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

test('what is written by hand to compare with has the same', () => {
  expect(types((stack) => void new HandWrittenEndpoint(stack, 'Endpoint'))).toEqual(DEFAULT_ENDPOINT);
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
