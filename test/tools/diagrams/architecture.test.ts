import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { defaultEndpoint } from '../../../bench/default-endpoint';
import { architectureOf, wrapped } from '../../../tools/diagrams/architecture';

function stackWithEndpoint() {
  const stack = new Stack(new App(), 'Stack', { env: { account: '123456789012', region: 'us-east-1' } });
  return { stack, endpoint: defaultEndpoint(stack, 'Endpoint') };
}

test('each resource of a default endpoint is in one part', () => {
  const { parts, resourceCount } = architectureOf(stackWithEndpoint().stack);
  const counts = Object.values(parts)
    .flat()
    .map((name) => Number(/^\d+/.exec(name)?.[0] ?? 1));
  expect(counts.reduce((sum, count) => sum + count)).toBe(resourceCount);
  expect(parts.scaling).toEqual(['scalable target', '2 scaling policies', 'alarm']);
});

test('each arrow is a permission of a role of its part', () => {
  expect(architectureOf(stackWithEndpoint().stack).actions).toEqual({
    invoke: 'sagemaker:InvokeEndpointAsync',
    write: 's3:PutObject',
    publish: 'sns:Publish',
  });
  const { stack, endpoint } = stackWithEndpoint();
  const policy = endpoint.invoker.node.findAll().find((child) => child instanceof CfnManagedPolicy)!;
  policy.policyDocument = { Statement: [] };
  expect(() => architectureOf(stack)).toThrow(
    'no role of the part invoker may call sagemaker:InvokeEndpointAsync on the part endpoint',
  );
});

test('a new resource needs a part and a name', () => {
  const withoutPart = stackWithEndpoint();
  new CfnResource(new Construct(withoutPart.endpoint, 'Cache'), 'Resource', { type: 'AWS::S3::Bucket' });
  expect(() => architectureOf(withoutPart.stack)).toThrow('the architecture has no part for Endpoint/Cache');
  const withoutName = stackWithEndpoint();
  new CfnResource(withoutName.endpoint.invoker, 'Table', { type: 'AWS::DynamoDB::Table' });
  expect(() => architectureOf(withoutName.stack)).toThrow('the architecture has no name for AWS::DynamoDB::Table');
});

test('names are in as few lines as fit', () => {
  expect(wrapped(['model', 'endpoint', 'role'], 1_000)).toEqual(['model, endpoint, role']);
  expect(wrapped(['model', 'endpoint', 'role'], 1)).toEqual(['model,', 'endpoint,', 'role']);
});
