import { readFileSync } from 'node:fs';
import { App, Aspects, Fn, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { attachPermissions } from '../../../lib/shared/permissions';
import { ENV, aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';
import type { Resource } from '../../../tools/showcase/stacks';

const ROLE_ARN = 'arn:aws:iam::111122223333:role/given';
const read = (...arns: string[]) => [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: arns })];
const aRole = (stack: Stack, id = 'Role') =>
  new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
const managedPolicies = (stack: Stack) => Object.values(resources(stack, 'AWS::IAM::ManagedPolicy'));

describe('a role that can be modified', () => {
  test.each<[string, (stack: Stack) => iam.IRole]>([
    ['of the stack', aRole],
    ['that is imported', (stack) => iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN)],
    ['that is imported by its name', (stack) => iam.Role.fromRoleName(stack, 'Role', 'given')],
  ])('%s gets an unnamed managed policy, and no other', (_, role) => {
    const stack = aStack({ env: ENV });
    const given = role(stack);
    expect(attachPermissions(stack, 'Permissions', given, read('arn:aws:s3:::bucket/*'))).toHaveLength(1);
    const { Properties } = only(stack, 'AWS::IAM::ManagedPolicy');
    expect(Properties).toMatchObject({
      Roles: [stack.resolve(given.roleName)],
      Description: expect.stringMatching(/^Stack [0-9a-f]{16}$/) as unknown,
    });
    expect(Properties.ManagedPolicyName).toBeUndefined();
    expect(resources(stack, 'AWS::IAM::Policy')).toEqual({});
    expect(stack.node.children.map(({ node }) => node.id)).not.toContain('RoleProbe');
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('of another stack gets the policy in the stack that needs it, so that its own stack depends on nothing', () => {
    const app = new App();
    const roles = new Stack(app, 'Roles');
    const stack = new Stack(app, 'Stack');
    attachPermissions(stack, 'Permissions', aRole(roles), read('arn:aws:s3:::bucket/*'));
    expect(statements(stack, 'Permissions')).toHaveLength(1);
    expect(statements(roles, '')).toEqual([]);
    expect([roles.dependencies, stack.dependencies]).toEqual([[], [roles]]);
  });
});

describe('a role that cannot be modified', () => {
  test.each<[string, (stack: Stack) => iam.IRole]>([
    ['is immutable', (stack) => iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN, { mutable: false })],
    ['is without policy updates', (stack) => aRole(stack).withoutPolicyUpdates()],
    ['belongs to another account', (stack) => iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::999999999999:role/r')],
  ])('because it %s gets no policy, and a warning prints the statements', (_, role) => {
    const stack = aStack({ env: ENV });
    expect(attachPermissions(stack, 'Permissions', role(stack), read('arn:aws:s3:::bucket/*'))).toEqual([]);
    expect(statements(stack, '')).toEqual([]);
    const warnings = Annotations.fromStack(stack).findWarning('/Stack', Match.stringLikeRegexp('roleNotModifiable'));
    expect(warnings.map(({ entry }) => entry.data)).toEqual([
      expect.stringContaining('[{"Action":"s3:GetObject","Effect":"Allow","Resource":"arn:aws:s3:::bucket/*"}]'),
    ]);
  });
});

test.each<[string, (stack: Stack) => iam.IRole]>([
  ['a role of the stack', aRole],
  ['an imported role', (stack) => iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN)],
])('if roles are created in advance, %s has its statements in the report of CDK', (_, role) => {
  const app = new App();
  iam.Role.customizeRoles(app, { usePrecreatedRoles: { 'Stack/Role': 'given' } });
  const stack = new Stack(app, 'Stack', { env: ENV });
  attachPermissions(stack, 'Permissions', role(stack), read('arn:aws:s3:::bucket/*'));
  const assembly = app.synth();
  const report = JSON.parse(readFileSync(`${assembly.directory}/iam-policy-report.json`, 'utf8')) as {
    roles: { roleConstructPath: string; managedPolicyStatements: unknown[]; identityPolicyStatements: unknown[] }[];
  };
  const { managedPolicyStatements, identityPolicyStatements } = report.roles.find(
    ({ roleConstructPath }) => roleConstructPath === 'Stack/Role',
  )!;
  expect([managedPolicyStatements, identityPolicyStatements]).toEqual([
    [{ Action: 's3:GetObject', Effect: 'Allow', Resource: 'arn:aws:s3:::bucket/*' }],
    [],
  ]);
  const { template, messages } = assembly.getStackByName('Stack');
  const { Resources = {} } = template as { Resources?: Record<string, Resource> };
  expect(Object.values(Resources)).toEqual([]);
  expect(messages).toEqual([]);
});

describe('the description of a policy, whose change replaces it', () => {
  function describedBy(define: (stack: Stack) => { role?: iam.IRole; statements?: iam.PolicyStatement[] }): unknown {
    const stack = aStack({ env: ENV });
    const { role = aRole(stack), statements: given = read('arn:aws:s3:::bucket/*') } = define(stack);
    attachPermissions(stack, 'Permissions', role, given);
    return only(stack, 'AWS::IAM::ManagedPolicy').Properties.Description;
  }
  const named = (bucketName: string) => (stack: Stack) => ({
    statements: read(new Bucket(stack, 'Bucket', { bucketName }).arnForObjects('*')),
  });
  const base = describedBy(() => ({}));

  test('is the same for the same permissions', () => {
    expect(describedBy(() => ({}))).toBe(base);
    expect(describedBy(named('bucket-a'))).toBe(describedBy(named('bucket-a')));
  });

  test.each<[string, Parameters<typeof describedBy>[0]]>([
    ['a resource', () => ({ statements: read('arn:aws:s3:::other/*') })],
    ['another statement', () => ({ statements: [...read('arn:aws:s3:::bucket/*'), ...read('arn:aws:s3:::other/*')] })],
    [
      'a condition',
      () => ({
        statements: [
          new iam.PolicyStatement({
            actions: ['s3:GetObject'],
            resources: ['arn:aws:s3:::bucket/*'],
            conditions: { Bool: { 'aws:SecureTransport': 'true' } },
          }),
        ],
      }),
    ],
    ['the role', (stack) => ({ role: iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN) })],
    ['the role of the stack', (stack) => ({ role: aRole(stack, 'Other') })],
  ])('changes with %s', (_, define) => {
    expect(describedBy(define)).not.toBe(base);
  });

  test('changes with the name of a bucket that a statement names by its logical ID alone', () => {
    const described = (bucketName: string) =>
      describedBy((stack) => {
        new CfnBucket(stack, 'Raw', { bucketName });
        return { statements: read(Fn.getAtt('Raw', 'Arn').toString()) };
      });
    expect(described('bucket-a')).toBe(described('bucket-a'));
    expect(described('bucket-a')).not.toBe(described('bucket-b'));
  });

  test('changes with the name of a bucket of the stack, although the statement refers to the same logical ID', () => {
    expect(describedBy(named('bucket-a'))).not.toBe(describedBy(named('bucket-b')));
  });

  test.each<[string, (bucket: CfnBucket) => void]>([
    ['a property override', (bucket) => bucket.addPropertyOverride('BucketName', 'bucket-b')],
    [
      'an Aspect',
      (bucket) =>
        Aspects.of(bucket).add({
          visit: (node) => {
            (node as CfnBucket).bucketName = 'bucket-b';
          },
        }),
    ],
  ])('contains the name of a bucket that %s changes', (_, rename) => {
    const renamed = describedBy((stack) => {
      const bucket = new Bucket(stack, 'Bucket', { bucketName: 'bucket-a' });
      rename(bucket.node.defaultChild as CfnBucket);
      return { statements: read(bucket.arnForObjects('*')) };
    });
    expect(renamed).toBe(describedBy(named('bucket-b')));
  });

  test('does not change with tags, which some teams change with every deployment', () => {
    const tagged = (value?: string) =>
      describedBy((stack) => {
        if (value) Tags.of(stack).add('commit', value);
        return named('bucket-a')(stack);
      });
    expect(tagged('1')).toBe(tagged('2'));
    expect(tagged('1')).toBe(tagged());
  });

  test('contains statements that are added after the policy', () => {
    const described = (...names: string[]) => {
      const stack = aStack({ env: ENV });
      const [first, ...others] = names.map((name) => Alarm.fromAlarmName(stack, name, name));
      anEndpoint(stack, { rollbackAlarms: [first!], createInvoker: false }).addRollbackAlarms(...others);
      const [policy] = managedPolicies(stack).filter(({ Properties }) =>
        JSON.stringify(Properties).includes('WatchRollbackAlarms'),
      );
      return policy!.Properties.Description;
    };
    expect(described('a', 'b')).not.toBe(described('a'));
  });

  test('is that of the last synth', () => {
    const app = new App();
    const stack = new Stack(app, 'Stack', { env: ENV });
    const bucket = new Bucket(stack, 'Bucket', { bucketName: 'bucket-a' });
    attachPermissions(stack, 'Permissions', aRole(stack), read(bucket.arnForObjects('*')));
    const description = (): unknown => {
      const { template } = app.synth({ force: true }).getStackByName('Stack');
      const [policy] = Object.values(Template.fromJSON(template as object).findResources('AWS::IAM::ManagedPolicy'));
      return (policy as Resource).Properties.Description;
    };
    const first = description();
    (bucket.node.defaultChild as CfnBucket).bucketName = 'bucket-b';
    expect(description()).not.toBe(first);
  });

  test('fits the limits of IAM for any path', () => {
    const id = 'ü'.repeat(255);
    const stack = new Stack(new App(), 'Stack');
    let scope = new (class extends Stack {})(stack, id, { stackName: 'Nested' });
    for (let depth = 0; depth < 5; depth += 1) scope = new Stack(scope, id, { stackName: `Nested${depth}` });
    attachPermissions(scope, 'Permissions', aRole(scope), read('*'));
    const { Description } = only(scope, 'AWS::IAM::ManagedPolicy').Properties;
    expect(Description).toMatch(/^[\x20-\x7e]{900,1000}$/);
    expect(Description).toMatch(/ [0-9a-f]{16}$/);
  });
});

describe('a replaced policy is deleted', () => {
  const policiesOf = (policy?: RemovalPolicy) => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, { createInvoker: false });
    if (policy) endpoint.applyRemovalPolicy(policy);
    return managedPolicies(stack).map(({ DeletionPolicy, UpdateReplacePolicy }) => [
      DeletionPolicy,
      UpdateReplacePolicy,
    ]);
  };

  test('by default', () => expect(policiesOf()).toEqual([[undefined, 'Delete']]));

  test('even if applyRemovalPolicy retains the policy in force', () => {
    expect(policiesOf(RemovalPolicy.RETAIN)).toEqual([['RetainExceptOnCreate', 'Delete']]);
  });
});

describe('quotas of IAM', () => {
  const attach = (stack: Stack, role: iam.IRole, count: number) =>
    Array.from({ length: count }, (_, index) =>
      attachPermissions(new Construct(stack, `Part${index}`), 'Permissions', role, read('arn:aws:s3:::bucket/*')),
    );
  const warnings = (stack: Stack) =>
    Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('managedPolicyQuota'));

  test.each<[string, number, number, (stack: Stack) => iam.IRole]>([
    ['a new role', 9, 10, aRole],
    ['an imported role', 9, 10, (stack) => iam.Role.fromRoleArn(stack, 'Role', ROLE_ARN)],
    [
      'a role with policies of its own',
      7,
      8,
      (stack) => {
        const role = aRole(stack);
        ['A', 'B'].forEach((name) => role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName(name)));
        return role;
      },
    ],
  ])('%s may have %i policies and one more during an update, and not %i', (_, enough, tooMany, role) => {
    const stacks = [enough, tooMany].map((count) => {
      const stack = aStack({ env: ENV });
      attach(stack, role(stack), count);
      return stack;
    });
    expect(stacks.map((stack) => warnings(stack).length)).toEqual([0, 1]);
    expect(warnings(stacks[1]!)[0]!.entry.data).toContain('has 10 managed policies');
  });

  test('a policy that is too long whatever its tokens are is an error', () => {
    const withResources = (count: number) => {
      const stack = aStack({ env: ENV });
      const bucket = new Bucket(stack, 'Bucket');
      const arns = Array.from({ length: count }, (_, index) => bucket.arnForObjects(`${index}`.padStart(60, '-')));
      attachPermissions(stack, 'Permissions', aRole(stack), read(...arns));
      return () => Template.fromStack(stack);
    };
    expect(withResources(50)).not.toThrow();
    expect(withResources(150)).toThrow(/Stack\/Permissions has at least \d+ characters, and IAM accepts 6144/);
  });
});
