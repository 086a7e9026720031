import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { InferenceModel, InputPolicy, InstanceType } from '../../../lib';
import { ENV, aStack, anEndpoint, anImage, resources, statements } from '../../../tools/showcase/stacks';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/given';
const aRole = (stack: Stack) =>
  new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });

/** The policies of the stack whose statements name the bucket, by logical ID. */
function policiesOn(stack: Stack, bucket: IBucket): string[] {
  const arn = JSON.stringify(stack.resolve(bucket.bucketArn));
  return Object.entries(resources(stack, 'AWS::IAM::Policy'))
    .filter(([, { Properties }]) => JSON.stringify(Properties).includes(arn))
    .map(([id]) => id);
}

/** The template is read by CDK's assertions, which fail on a dependency cycle. */
function expectToWait(stack: Stack, policies: readonly string[]): void {
  expect(policies).toHaveLength(1);
  for (const type of ['Model', 'Endpoint']) {
    for (const { DependsOn } of Object.values(resources(stack, `AWS::SageMaker::${type}`))) {
      expect(DependsOn).toEqual(expect.arrayContaining([...policies]));
    }
  }
}

test('the reader of templates that these tests use fails on a dependency cycle', () => {
  const stack = aStack();
  const [one, other] = ['One', 'Other'].map((id) => new Bucket(stack, id));
  one!.node.addDependency(other!);
  other!.node.addDependency(one!);
  expect(() => Template.fromStack(stack)).toThrow(/cycl/i);
});

describe('the model and the endpoint wait for a permission on a bucket', () => {
  test.each<[string, (stack: Stack) => iam.IRole | undefined]>([
    ['their new role', () => undefined],
    ['a given role of the stack', aRole],
    ['an imported role', (stack) => iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN)],
  ])('that is granted to the endpoint with %s', (_, role) => {
    const stack = aStack({ env: ENV });
    const bucket = new Bucket(stack, 'Bucket');
    bucket.grantRead(anEndpoint(stack, { executionRole: role(stack) }));
    expectToWait(stack, policiesOn(stack, bucket));
  });

  test('that is granted to the given role before or after the endpoint is defined', () => {
    const stack = aStack();
    const executionRole = aRole(stack);
    const [before, after] = ['Before', 'After'].map((id) => new Bucket(stack, id)) as [Bucket, Bucket];
    before.grantRead(executionRole);
    anEndpoint(stack, { executionRole });
    after.grantWrite(executionRole);
    for (const bucket of [before, after]) expectToWait(stack, policiesOn(stack, bucket));
  });

  test('whose policy names the endpoint, and whose key does so as well', () => {
    const stack = aStack({ env: ENV });
    const bucket = new Bucket(stack, 'Bucket', { encryption: BucketEncryption.KMS });
    const endpoint = anEndpoint(stack, {
      outputBucket: bucket,
      outputEncryptionKey: bucket.encryptionKey,
      invokerOptions: { inputPolicy: InputPolicy.bySize({ bucket }) },
    });
    const condition = { ArnEquals: { 'aws:SourceArn': endpoint.endpointArn } };
    const principals = [new iam.ServicePrincipal('sagemaker.amazonaws.com')];
    bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        principals,
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: condition,
      }),
    );
    bucket.encryptionKey!.addToResourcePolicy(
      new iam.PolicyStatement({ principals, actions: ['kms:Decrypt'], resources: ['*'], conditions: condition }),
    );
    bucket.grantRead(endpoint);
    expectToWait(stack, policiesOn(stack, bucket));
  });

  test('also in the models of instance pools', () => {
    const stack = aStack();
    const bucket = new Bucket(stack, 'Bucket');
    const endpoint = anEndpoint(stack, {
      instancePools: [
        {
          instanceType: InstanceType.of('ml.inf2.xlarge'),
          model: InferenceModel.fromContainer({ image: anImage('2') }),
        },
      ],
    });
    bucket.grantRead(endpoint);
    expect(Object.keys(resources(stack, 'AWS::SageMaker::Model'))).toHaveLength(2);
    expectToWait(stack, policiesOn(stack, bucket));
    const [permissions] = Object.keys(resources(stack, 'AWS::IAM::ManagedPolicy')).filter((id) =>
      id.startsWith('EndpointPermissions'),
    );
    for (const { DependsOn } of Object.values(resources(stack, 'AWS::SageMaker::Model'))) {
      expect(DependsOn).toContain(permissions);
    }
  });
});

test('the stack of a given role does not depend on the stack of the endpoint', () => {
  const app = new App();
  const roles = new Stack(app, 'Roles');
  const executionRole = aRole(roles);
  const stack = new Stack(app, 'Stack');
  anEndpoint(stack, { executionRole, createInvoker: false });
  app.synth();
  expect([roles, stack].map(({ dependencies }) => dependencies.map(({ node }) => node.id))).toEqual([[], ['Roles']]);
});

test('a grant to an endpoint whose role is not known is an error of CDK', () => {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { model: InferenceModel.fromModelName('existing'), createInvoker: false });
  expect(() => new Bucket(stack, 'Bucket').grantRead(endpoint)).toThrow(
    'Stack/Endpoint, resource imported without a role',
  );
});

test('the policy of a key of the stack allows the new role, and the topics and the bucket wait for its permission', () => {
  const stack = aStack();
  const key = new Key(stack, 'Key');
  anEndpoint(stack, { outputEncryptionKey: key, createInvoker: false });
  const [keyPermissions] = Object.keys(resources(stack, 'AWS::IAM::ManagedPolicy')).filter((id) =>
    id.startsWith('EndpointKeyPermissions'),
  );
  expect(statements(stack, 'EndpointKeyPermissions').map(({ Sid }) => Sid)).toEqual(['EncryptResults']);
  for (const type of ['AWS::S3::Bucket', 'AWS::SNS::Topic']) {
    for (const { DependsOn } of Object.values(resources(stack, type))) expect(DependsOn).toContain(keyPermissions);
  }
});
