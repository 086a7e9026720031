import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { InferenceModel } from '../../../lib';
import { aStack, anEndpoint } from '../../../tools/showcase/stacks';

const trusting = (...services: string[]) =>
  new iam.CompositePrincipal(...services.map((service) => new iam.ServicePrincipal(service))) as iam.IPrincipal;

describe('roles that this app defines', () => {
  test.each(['sagemaker.amazonaws.com', 'lambda.amazonaws.com'])('trust %s where they serve it', (service) => {
    const stack = aStack();
    const role = new iam.Role(stack, 'Role', { assumedBy: trusting('ec2.amazonaws.com', service) });
    const isExecution = service.startsWith('sagemaker');
    anEndpoint(stack, isExecution ? { executionRole: role } : { invokerOptions: { role } });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test.each([
    ['executionRole', 'sagemaker.amazonaws.com', 'lambda.amazonaws.com'],
    ['role', 'lambda.amazonaws.com', 'sagemaker.amazonaws.com'],
  ])('fail as %s if they do not trust %s, but %s', (prop, service, other) => {
    const stack = aStack();
    const role = new iam.Role(stack, 'Role', { assumedBy: trusting(other) });
    anEndpoint(stack, prop === 'executionRole' ? { executionRole: role } : { invokerOptions: { role } });
    expect(() => Template.fromStack(stack)).toThrow(
      `${prop} must trust ${service}: Stack/Role trusts other services only`,
    );
  });
});

test('the role of an existing model is checked as well', () => {
  const stack = aStack();
  const executionRole = new iam.Role(stack, 'Role', { assumedBy: trusting('lambda.amazonaws.com') });
  anEndpoint(stack, { model: InferenceModel.fromModelName('languages', { executionRole }) });
  expect(() => Template.fromStack(stack)).toThrow(
    'executionRole must trust sagemaker.amazonaws.com: Stack/Role trusts other services only',
  );
});

test('a role that is imported may trust anything', () => {
  const stack = aStack();
  const executionRole = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/given');
  anEndpoint(stack, { executionRole });
  expect(() => Template.fromStack(stack)).not.toThrow();
});
