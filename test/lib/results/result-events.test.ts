import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AsyncInferenceResultEvents, InferenceOutcome } from '../../../lib';
import type { AsyncInferenceResultEventsProps } from '../../../lib';
import { ENV, aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';

function aPipe(props: (stack: ReturnType<typeof aStack>) => Partial<AsyncInferenceResultEventsProps> = () => ({})) {
  const stack = aStack({ env: ENV });
  const pipe = new AsyncInferenceResultEvents(stack, 'Events', { endpoints: [anEndpoint(stack)], ...props(stack) });
  const role = Object.entries(resources(stack, 'AWS::IAM::Role')).find(([id]) => id.startsWith('EventsRole'))![1]
    .Properties as {
    AssumeRolePolicyDocument: { Statement: unknown };
  };
  return {
    stack,
    pipe,
    trust: role.AssumeRolePolicyDocument.Statement,
    permissions: statements(stack, 'EventsPermissions'),
  };
}

const bus = (name: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:eu-west-1:111122223333:event-bus/${name}`]],
});

test('notifications become events on the default bus, as they stand and under the documented names', () => {
  const { stack, pipe } = aPipe();
  expect(only(stack, 'AWS::Pipes::Pipe').Properties).toEqual({
    RoleArn: expect.anything() as unknown,
    Source: stack.resolve(pipe.results.queue.queueArn) as unknown,
    Target: bus('default'),
    TargetParameters: {
      InputTemplate: '<$.body>',
      EventBridgeEventBusParameters: { Source: 'sagemaker.async-inference', DetailType: 'Async Inference Result' },
    },
  });
});

test('the pipe may take messages from its queue and put events on its bus, and nothing else', () => {
  const { stack, pipe, trust, permissions } = aPipe((scope) => ({
    eventBus: events.EventBus.fromEventBusName(scope, 'Bus', 'results'),
  }));
  expect(permissions).toEqual([
    {
      Sid: 'ConsumeMessages',
      Effect: 'Allow',
      Action: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      Resource: stack.resolve(pipe.results.queue.queueArn) as unknown,
    },
    { Sid: 'PutEvents', Effect: 'Allow', Action: 'events:PutEvents', Resource: bus('results') },
  ]);
  expect(only(stack, 'AWS::Pipes::Pipe').DependsOn).toContainEqual(expect.stringMatching(/^EventsPermissions/));
  expect(trust).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'pipes.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': '111122223333' },
        ArnLike: {
          'aws:SourceArn': {
            'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':pipes:eu-west-1:111122223333:pipe/*']],
          },
        },
      },
    },
  ]);
});

test('under a key it may decrypt, too', () => {
  const { permissions } = aPipe((stack) => ({ encryptionKey: new kms.Key(stack, 'Key') }));
  expect(permissions).toContainEqual({
    Sid: 'DecryptMessages',
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
  });
});

test('takes the options of its queue', () => {
  const { stack } = aPipe(() => ({ outcomes: [InferenceOutcome.SUCCESS], maxMessageAge: Duration.minutes(1) }));
  expect(Object.keys(resources(stack, 'AWS::SNS::Subscription'))).toHaveLength(1);
  expect(() => aPipe(() => ({ maxMessageAge: Duration.seconds(0) }))).toThrow('Stack/Events/Results: maxMessageAge');
});
