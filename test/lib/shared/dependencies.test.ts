import { App, Aspects, CfnOutput, Lazy, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AsyncInferenceMonitoring, InputPolicy } from '../../../lib';
import type { AsyncInferenceEndpoint } from '../../../lib';
import { ENV, aStack, anEndpoint, resources } from '../../../tools/showcase/stacks';

/** An endpoint with a rollback alarm of another stack. */
function apart() {
  const app = new App();
  const [model, alarms] = ['Model', 'Alarms'].map((id) => new Stack(app, id, { env: ENV })) as [Stack, Stack];
  const endpoint = anEndpoint(model);
  const metric = new Metric({ namespace: 'Quality', metricName: 'Drift' });
  const alarm = new Alarm(alarms, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1 });
  endpoint.addRollbackAlarms(alarm);
  return { app, model, alarms, alarm, endpoint };
}

const BOTH = 'rollbackAlarms has alarms of the stack Alarms, and two stacks cannot depend on each other: ';

describe('a stack with rollback alarms', () => {
  test('is looked at after aspects, so that what they change is in its template', () => {
    const { alarms } = apart();
    let name = 'before';
    const topic = new Topic(alarms, 'Topic', { displayName: Lazy.string({ produce: () => name }) });
    Aspects.of(topic).add({ visit: () => (name = 'after') });
    Template.fromStack(alarms).hasResourceProperties('AWS::SNS::Topic', { DisplayName: 'after' });
  });

  test.each<[string, (parts: ReturnType<typeof apart>) => unknown, string]>([
    ['the stack itself', ({ alarms, model }) => alarms.addDependency(model), 'Alarms uses Model.'],
    [
      'a resource',
      ({ alarm, endpoint }) => (alarm.node.defaultChild as CfnAlarm).addDependency(endpoint.endpointConfig),
      'Alarms/Alarm/Resource uses Model/Endpoint/Config.',
    ],
  ])('must not wait for the endpoint: %s', (_, wait, uses) => {
    const parts = apart();
    wait(parts);
    expect(() => parts.app.synth()).toThrow(BOTH + uses);
  });

  test.each<[string, (parts: ReturnType<typeof apart>) => unknown]>([
    ['a construct without resources', ({ model, alarm }) => alarm.node.addDependency(new Construct(model, 'Nothing'))],
    [
      'a group of other stacks',
      ({ app, alarms }) => {
        const group = new Construct(app, 'Group');
        new Topic(new Stack(group, 'Other', { env: ENV }), 'Topic');
        alarms.node.addDependency(group);
      },
    ],
  ])('may wait for %s', (_, wait) => {
    const parts = apart();
    wait(parts);
    expect(() => parts.app.synth()).not.toThrow();
  });

  test('may use the endpoint if its alarms are imported, because these make no stack depend on it', () => {
    const app = new App();
    const [model, others] = ['Model', 'Others'].map((id) => new Stack(app, id, { env: ENV })) as [Stack, Stack];
    const endpoint = anEndpoint(model);
    endpoint.addRollbackAlarms(Alarm.fromAlarmName(others, 'Alarm', 'quality'));
    new CfnOutput(others, 'Function', { value: endpoint.invoker.function.functionName });
    expect(() => app.synth()).not.toThrow();
  });

  test('may be nested, if it uses nothing of the endpoint', () => {
    const nested = (define: (inner: Stack, endpoint: AsyncInferenceEndpoint) => unknown) => {
      const stack = aStack({ env: ENV });
      const endpoint = anEndpoint(stack);
      const inner = new NestedStack(stack, 'Inner');
      const monitoring = new AsyncInferenceMonitoring(inner, 'Alarms', { endpoints: [endpoint], invokers: [] });
      endpoint.addRollbackAlarms(...monitoring.alarmsOf(endpoint));
      define(inner, endpoint);
      return () => Template.fromStack(stack);
    };
    expect(nested(() => undefined)).not.toThrow();
    expect(nested((inner, endpoint) => new AsyncInferenceMonitoring(inner, 'More', { endpoints: [endpoint] }))).toThrow(
      /rollbackAlarms has alarms of the stack Stack\/Inner, .*: Stack\/Inner\/More\/\S+ uses Stack\/Endpoint\/Invoker\/Function\/Resource, and /,
    );
  });

  test('may be the parent of a nested stack with the endpoint', () => {
    const stack = aStack({ env: ENV });
    const endpoint = anEndpoint(new NestedStack(stack, 'Inner'));
    const monitoring = new AsyncInferenceMonitoring(stack, 'Alarms', { endpoints: [endpoint] });
    endpoint.addRollbackAlarms(...monitoring.alarmsOf(endpoint));
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});

test('a role whose managed policy names the encrypted bucket makes no cycle, and any other role is waited for', () => {
  for (const isNamed of [false, true]) {
    const stack = aStack({ env: ENV });
    const encryptionKey = new kms.Key(stack, 'Key');
    const { invoker, executionRole } = anEndpoint(stack, {
      invokerOptions: { inputPolicy: InputPolicy.bySize({ encryptionKey }) },
    });
    if (isNamed) {
      const statement = new iam.PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [invoker.inputBucket!.arnForObjects('more/*')],
      });
      executionRole.addManagedPolicy(new iam.ManagedPolicy(stack, 'More', { statements: [statement] }));
    }
    Template.fromStack(stack);
    const [, bucket] = Object.entries(resources(stack, 'AWS::S3::Bucket')).find(([id]) => id.includes('InputBucket'))!;
    expect(bucket.DependsOn).toEqual([
      ...(isNamed ? [] : [expect.stringMatching(/InputKeyPermissions/) as unknown]),
      expect.stringMatching(/^EndpointInvokerKeyPermissions/),
    ]);
  }
});
