import { join } from 'node:path';
import { App, Duration, FileSystem, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker, InputPolicy } from '../../../lib';
import type { InputBucketOptions } from '../../../lib';
import { aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';
import type { Statement } from '../../../tools/showcase/stacks';

const BUCKET = 'given-inputs';

function withPolicy(policy: (scope: ReturnType<typeof aStack>) => InputPolicy) {
  const stack = aStack();
  const endpoint = anEndpoint(stack, { endpointName: 'languages', invokerOptions: { inputPolicy: policy(stack) } });
  const { Environment } = only(stack, 'AWS::Lambda::Function').Properties as {
    Environment: { Variables: Record<string, string> };
  };
  return { stack, endpoint, variables: Environment.Variables };
}

const inGivenBucket = (options: InputBucketOptions = {}) =>
  withPolicy((scope) =>
    InputPolicy.bySize({
      bucket: s3.Bucket.fromBucketName(scope, 'Given', BUCKET),
      ...options,
    }),
  );

/** The permissions of the role of the invoker on S3 and KMS. */
function storageStatements(stack: ReturnType<typeof aStack>): Statement[] {
  return statements(stack, 'InvokerPermissions').filter(({ Action }) => /\b(s3|kms):/.test(String(Action)));
}

describe('inline', () => {
  test.each([
    ['by default', undefined],
    ['told', InputPolicy.inline()],
  ])('%s: there is no bucket, and no right on any', (_, inputPolicy) => {
    const stack = aStack();
    const { invoker } = anEndpoint(stack, { invokerOptions: { inputPolicy } });
    expect(invoker.inputBucket).toBeUndefined();
    expect(Object.keys(resources(stack, 'AWS::S3::Bucket'))).toHaveLength(1);
    expect(storageStatements(stack)).toEqual([]);
    expect(statements(stack, 'InputPermissions')).toEqual([]);
    expect(JSON.stringify(only(stack, 'AWS::Lambda::Function').Properties.Environment)).not.toMatch(/INPUT/);
    expect(JSON.stringify(statements(stack, 'EndpointPermissions'))).not.toContain('s3:GetObject');
  });
});

test("S3's client is in the code of an invoker that puts payloads there, and of no other", () => {
  const code = (policy: InputPolicy) =>
    (only(withPolicy(() => policy).stack, 'AWS::Lambda::Function').Properties.Code as { S3Key: string }).S3Key;
  const hash = (name: string) => FileSystem.fingerprint(join(__dirname, '../../../lambda/dist', `${name}.zip`));
  expect([InputPolicy.inline(), InputPolicy.bySize(), InputPolicy.alwaysS3()].map(code)).toEqual(
    ['invoker', 'invoker-with-s3-and-sqs', 'invoker-with-s3-and-sqs'].map((name) => `${hash(name)}.zip`),
  );
});

describe.each([
  ['by size', 'by-size', InputPolicy.bySize(), { ExpirationInDays: 30 }],
  ['always S3', 'always-s3', InputPolicy.alwaysS3(), {}],
])('%s', (_, name, policy, expiration) => {
  const { stack, endpoint, variables } = withPolicy(() => policy);
  const bucket = endpoint.invoker.inputBucket!;
  const keys = stack.resolve(bucket.arnForObjects('input/languages/*')) as unknown;

  test('the invoker may put payloads under the prefix and take them back', () => {
    expect(storageStatements(stack)).toEqual([
      { Sid: 'WriteInputs', Effect: 'Allow', Action: ['s3:DeleteObject', 's3:PutObject'], Resource: keys },
    ]);
  });

  test('the execution role may read them, before the first is sent', () => {
    expect(statements(stack, 'EndpointInvokerInputPermissions')).toEqual([
      { Sid: 'ReadInputs', Effect: 'Allow', Action: 's3:GetObject', Resource: keys },
    ]);
    const [policyId] = Object.keys(resources(stack, 'AWS::IAM::ManagedPolicy')).filter((id) =>
      id.includes('InputPermissions'),
    );
    expect(only(stack, 'AWS::Lambda::Function').DependsOn).toContain(policyId);
  });

  test('the invoker gets both, and the one prefix that an InputLocation may have', () => {
    const location = stack.resolve(bucket.s3UrlForObject('input/languages')) as { 'Fn::Join': [string, unknown[]] };
    expect(variables).toMatchObject({
      INPUT_POLICY: name,
      INPUT_BUCKET: stack.resolve(bucket.bucketName) as unknown,
      INPUT_PREFIX: 'input/languages/',
    });
    expect(JSON.stringify(variables.INPUT_LOCATION_PREFIXES)).toBe(
      JSON.stringify(location).replace('/input/languages"', '/input/languages/"'),
    );
  });

  test('the new bucket is private, encrypted and TLS only, outlives the stack, and keeps payloads for 30 days only if they are not for an audit', () => {
    expect(
      resources(stack, 'AWS::S3::Bucket')[stack.getLogicalId(bucket.node.defaultChild as s3.CfnBucket)],
    ).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [{ ...expiration, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }],
        },
      },
    });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: stack.resolve(bucket.bucketName) as unknown,
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });
});

test('options of the new bucket are the props, and its key is used by those who put and read', () => {
  const { stack, endpoint } = withPolicy((scope) =>
    InputPolicy.alwaysS3({
      prefix: 'audit/in',
      expiration: Duration.days(365),
      encryptionKey: new kms.Key(scope, 'Key'),
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  );
  const bucket = endpoint.invoker.inputBucket!;
  const key = stack.resolve(bucket.encryptionKey!.keyArn) as unknown;
  expect(endpoint.invoker.inputPrefix).toBe('audit/in');
  Template.fromStack(stack).hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Delete',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { KMSMasterKeyID: key }, BucketKeyEnabled: true },
        ],
      },
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 365, Status: 'Enabled' })] },
    },
  });
  expect(storageStatements(stack)).toMatchObject([
    { Resource: stack.resolve(bucket.arnForObjects('audit/in/*')) as unknown },
  ]);
  expect(statements(stack, 'EndpointInvokerKeyPermissions')).toMatchObject([
    { Sid: 'EncryptInputs', Action: 'kms:GenerateDataKey', Resource: key },
  ]);
  expect(statements(stack, 'EndpointInvokerInputPermissions')).toMatchObject([{ Sid: 'ReadInputs' }]);
  expect(statements(stack, 'EndpointInvokerInputKeyPermissions')).toMatchObject([
    { Sid: 'DecryptInputs', Action: 'kms:Decrypt', Resource: key },
  ]);
  // Nobody uploads under a key that the function or the endpoint may not use yet.
  expect(resources(stack, 'AWS::S3::Bucket')[stack.getLogicalId(bucket.node.defaultChild as CfnBucket)]).toMatchObject({
    DependsOn: [
      expect.stringMatching(/^EndpointInvokerInputKeyPermissions/),
      expect.stringMatching(/^EndpointInvokerKeyPermissions/),
    ],
  });
});

test("the new bucket is encrypted with the endpoint's key where there is one", () => {
  const stack = aStack();
  const encryptionKey = new kms.Key(stack, 'Key');
  const endpoint = AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Endpoint', {
    endpointName: 'languages',
    outputEncryptionKey: encryptionKey,
  });
  const { inputBucket } = new AsyncInferenceInvoker(stack, 'Invoker', {
    endpoint,
    inputPolicy: InputPolicy.bySize({ encryptionKey: undefined }),
  });
  expect(inputBucket!.encryptionKey).toBe(encryptionKey);
});

test('a given bucket is used as it is', () => {
  const { stack, endpoint, variables } = inGivenBucket({ prefix: 'p' });
  expect(endpoint.invoker.inputBucket!.bucketName).toBe(BUCKET);
  expect(variables).toMatchObject({
    INPUT_BUCKET: BUCKET,
    INPUT_PREFIX: 'p/',
    INPUT_LOCATION_PREFIXES: `s3://${BUCKET}/p/`,
  });
  expect(Object.keys(resources(stack, 'AWS::S3::Bucket'))).toHaveLength(1);
});

test('in a stack of its own: the stack of the endpoint does not depend on it, and the right to read stands in it', () => {
  const app = new App();
  const serving = new Stack(app, 'Serving');
  const endpoint = anEndpoint(serving, { createInvoker: false });
  const stack = new Stack(app, 'Stack');
  new AsyncInferenceInvoker(stack, 'Invoker', { endpoint, inputPolicy: InputPolicy.bySize() });
  expect(statements(stack, 'InvokerInputPermissions')).toMatchObject([{ Action: 's3:GetObject' }]);
  expect(serving.dependencies).toEqual([]);
});

test('one policy serves two endpoints, each in a place of its own', () => {
  const stack = aStack();
  const inputPolicy = InputPolicy.bySize({ bucket: s3.Bucket.fromBucketName(stack, 'Given', BUCKET) });
  const prefixes = ['A', 'B'].map(
    (id) => anEndpoint(stack, { endpointName: id, invokerOptions: { inputPolicy } }, id).invoker.inputPrefix,
  );
  expect(prefixes).toEqual(['input/A', 'input/B']);
});

test('an execution role that cannot be modified: a warning lists the statement to add', () => {
  const stack = aStack();
  const executionRole = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/given', { mutable: false });
  anEndpoint(stack, {
    endpointName: 'languages',
    executionRole,
    invokerOptions: { inputPolicy: InputPolicy.bySize() },
  });
  const warnings = Annotations.fromStack(stack).findWarning(
    '/Stack/Endpoint/Invoker',
    Match.stringLikeRegexp('roleNotModifiable'),
  );
  expect(warnings.map(({ entry }) => entry.data as string)).toEqual([
    expect.stringMatching(/s3:GetObject.*input\/languages\/\*/),
  ]);
});

test('an imported endpoint whose execution role is not known: a warning lists the statement to add', () => {
  const stack = aStack();
  const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
  new AsyncInferenceInvoker(stack, 'Invoker', { endpoint, inputPolicy: InputPolicy.bySize() });
  expect(statements(stack, 'InputPermissions')).toEqual([]);
  Annotations.fromStack(stack).hasWarning(
    '/Stack/Invoker',
    Match.stringLikeRegexp(
      'languages is not known: make sure that it has these statements.*s3:GetObject.*input/languages/.*cdk-sagemaker-async-inference:inputNotReadable',
    ),
  );
});

test('an imported endpoint whose execution role is known: the role may read, by a policy in the stack of the invoker', () => {
  const stack = aStack();
  const executionRole = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/given');
  const endpoint = AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Endpoint', {
    endpointName: 'languages',
    executionRole,
  });
  new AsyncInferenceInvoker(stack, 'Invoker', { endpoint, inputPolicy: InputPolicy.bySize() });
  const policies = Object.entries(resources(stack, 'AWS::IAM::ManagedPolicy')).filter(([id]) => id.includes('Input'));
  expect(policies.map(([, { Properties }]) => Properties.Roles)).toEqual([['given']]);
  expect(statements(stack, 'InvokerInputPermissions')).toMatchObject([{ Action: 's3:GetObject' }]);
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});

test.each<[string, InputBucketOptions, InputBucketOptions]>([
  ['prefix', { prefix: 'a' }, { prefix: '' }],
  ['prefix', { prefix: 'a'.repeat(800) }, { prefix: 'a'.repeat(801) }],
  ['prefix', { prefix: "a/B-9_!.'()" }, { prefix: 'a/*' }],
  ['prefix', { prefix: 'a/b' }, { prefix: '/a/b' }],
  ['prefix', { prefix: 'a/b' }, { prefix: 'a/b/' }],
  ['prefix', { prefix: 'a/..b' }, { prefix: 'a/../b' }],
  ['prefix', { prefix: 'a/.b' }, { prefix: '.' }],
  ['expiration', { expiration: Duration.days(1) }, { expiration: Duration.days(0) }],
  ['expiration', { expiration: Duration.hours(48) }, { expiration: Duration.hours(36) }],
])('the option %s of an input policy is validated by the invoker', (option, within, beyond) => {
  expect(() => withPolicy(() => InputPolicy.bySize(within))).not.toThrow();
  expect(() => withPolicy(() => InputPolicy.alwaysS3(beyond))).toThrow(
    new RegExp(`^Stack/Endpoint: invokerOptions: inputPolicy: ${option} must be `),
  );
});

test('options of a new bucket have no effect on a given one, and all errors are in one message', () => {
  const ofNewBucket = {
    expiration: Duration.days(1),
    encryptionKey: new kms.Key(aStack(), 'Key'),
    removalPolicy: RemovalPolicy.DESTROY,
  };
  for (const [option, value] of Object.entries(ofNewBucket)) {
    expect(() => inGivenBucket({ [option]: value })).toThrow(
      `inputPolicy: ${option} has no effect without a new bucket, and bucket is given: leave it out`,
    );
  }
  expect(() => inGivenBucket({ prefix: '/', expiration: Duration.hours(1) })).toThrow(
    /^Stack\/Endpoint:\n {2}- invokerOptions: inputPolicy: prefix .*\n {2}- .*: expiration must be .*\n {2}- .*: expiration has no effect /,
  );
});

describe('readableInputLocations', () => {
  test.each<[string, InputPolicy | undefined, string[]]>([
    ['the default policy', undefined, []],
    ['a policy with a bucket', InputPolicy.bySize({ prefix: 'v2' }), ['v2/*']],
  ])('are readable by the execution role with %s', (_, inputPolicy, own) => {
    const stack = aStack();
    const key = new kms.Key(stack, 'Key');
    const bucket = new s3.Bucket(stack, 'Former', { encryptionKey: key });
    const { invoker } = anEndpoint(stack, {
      invokerOptions: { inputPolicy, readableInputLocations: [{ bucket, prefix: 'v1' }] },
    });
    const arns = [...own.map((keys) => invoker.inputBucket!.arnForObjects(keys)), bucket.arnForObjects('v1/*')];
    const resource = stack.resolve(arns.length === 1 ? arns[0] : arns) as unknown;
    expect(statements(stack, 'EndpointInvokerInputPermissions')).toEqual([
      { Sid: 'ReadInputs', Effect: 'Allow', Action: 's3:GetObject', Resource: resource },
      { Sid: 'DecryptInputs', Effect: 'Allow', Action: 'kms:Decrypt', Resource: stack.resolve(key.keyArn) as unknown },
    ]);
    expect(JSON.stringify(statements(stack, 'InvokerPermissions'))).not.toContain('v1/*');
  });

  test('are by default in the bucket of the policy, and have a key of their own if the bucket had another one', () => {
    const stack = aStack();
    const key = new kms.Key(stack, 'FormerKey');
    const { invoker } = anEndpoint(stack, {
      invokerOptions: {
        inputPolicy: InputPolicy.alwaysS3({ prefix: 'v2' }),
        readableInputLocations: [{ prefix: 'v1', encryptionKey: key }],
      },
    });
    const arns = ['v2/*', 'v1/*'].map((keys) => invoker.inputBucket!.arnForObjects(keys));
    expect(statements(stack, 'EndpointInvokerInputPermissions')).toMatchObject([
      { Resource: stack.resolve(arns) as unknown },
      { Resource: stack.resolve(key.keyArn) as unknown },
    ]);
  });

  test('fail without a bucket or with a wildcard in the prefix, with all errors at once', () => {
    expect(() => anEndpoint(aStack(), { invokerOptions: { readableInputLocations: [{ prefix: 'v*' }] } })).toThrow(
      /invokerOptions: readableInputLocations: prefix must be .*, got 'v\*'[^]*the bucket of 'v\*' is required, because the input policy has no bucket/,
    );
  });
});

test.each<[string, RemovalPolicy | undefined, string]>([
  ['kept', undefined, 'Retain'],
  ['deleted with the stack', RemovalPolicy.DESTROY, 'Delete'],
])('the bucket that is %s has its policy for as long, so that it accepts TLS only', (_, removalPolicy, policy) => {
  const { stack } = withPolicy(() => InputPolicy.bySize({ removalPolicy }));
  const inputPolicy = Object.entries(resources(stack, 'AWS::S3::BucketPolicy')).find(([id]) => id.includes('Input'));
  expect(inputPolicy![1]).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: policy });
});
