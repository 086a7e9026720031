import { App, RemovalPolicy, Stack, Token, Duration } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { InferenceOutcome } from '../../../lib';
import { ENV, aStack, anEndpoint, only, resources, statements } from '../../../tools/showcase/stacks';

const FOREIGN = '444455556666';
const warnings = (stack: Stack) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => entry.data as string);

interface OutputConfig {
  readonly S3OutputPath: unknown;
  readonly S3FailurePath: unknown;
  readonly KmsKeyId?: unknown;
  readonly NotificationConfig: Record<string, unknown>;
}

const outputConfig = (stack: Stack) =>
  (only(stack, 'AWS::SageMaker::EndpointConfig').Properties.AsyncInferenceConfig as { OutputConfig: OutputConfig })
    .OutputConfig;

describe('a given bucket', () => {
  test('is written to under the name of the endpoint, and nowhere else', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, {
      outputBucket: Bucket.fromBucketName(stack, 'B', 'results'),
      endpointName: 'languages',
    });
    expect([endpoint.outputPrefix, endpoint.failurePrefix]).toEqual(['languages/output', 'languages/failure']);
    expect(outputConfig(stack)).toMatchObject({
      S3OutputPath: 's3://results/languages/output',
      S3FailurePath: 's3://results/languages/failure',
    });
    expect(JSON.stringify(statements(stack, 'EndpointPermissions')[0]!.Resource)).toMatch(
      /results\/languages\/output\/\*.*results\/languages\/failure\/\*/,
    );
    expect(resources(stack, 'AWS::S3::Bucket')).toEqual({});
  });

  test('with a key of its own: the role and readers may use it, since S3 encrypts with it', () => {
    const stack = aStack();
    const encryptionKey = Key.fromKeyArn(stack, 'K', 'arn:aws:kms:eu-west-1:111122223333:key/k');
    const endpoint = anEndpoint(stack, {
      outputBucket: Bucket.fromBucketAttributes(stack, 'B', { bucketName: 'results', encryptionKey }),
    });
    endpoint.grants.readResults(new iam.User(stack, 'Reader'));
    expect(statements(stack, 'ReaderDefaultPolicy')).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: encryptionKey.keyArn,
    });
    expect(statements(stack, 'EndpointKeyPermissions')).toContainEqual({
      Sid: 'EncryptResults',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: encryptionKey.keyArn,
    });
    expect(outputConfig(stack).KmsKeyId).toBeUndefined();
  });

  test('fails with what only a new bucket takes', () => {
    const stack = aStack();
    const outputBucket = Bucket.fromBucketName(stack, 'B', 'results');
    expect(() =>
      anEndpoint(stack, {
        outputBucket,
        outputExpiration: Duration.days(1),
        outputRemovalPolicy: RemovalPolicy.DESTROY,
      }),
    ).toThrow(/outputExpiration has no effect[^]*outputRemovalPolicy has no effect/);
  });
});

describe('prefixes', () => {
  test('are the props', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, { outputPrefix: 'a/b', failurePrefix: 'a/c' });
    expect(outputConfig(stack).S3OutputPath).toEqual(stack.resolve(endpoint.outputBucket.s3UrlForObject('a/b')));
    expect(outputConfig(stack).S3FailurePath).toEqual(stack.resolve(endpoint.outputBucket.s3UrlForObject('a/c')));
  });

  test.each(['', '/a', 'a/', 'a//b', 'a*', '*', 'a b', 'ä', '..', 'a/./b', 'x'.repeat(401)])(
    'fails on %p, both in one error',
    (prefix) => {
      expect(() => anEndpoint(aStack(), { outputPrefix: prefix, failurePrefix: prefix })).toThrow(
        /outputPrefix must be[^]*failurePrefix must be/,
      );
    },
  );

  test('must differ from each other', () => {
    expect(() => anEndpoint(aStack(), { outputPrefix: 'a', failurePrefix: 'a' })).toThrow(
      "outputPrefix and failurePrefix must differ, got 'a'",
    );
  });

  test.each([
    ['imported twice', (stack: Stack, id: string) => Bucket.fromBucketName(stack, `B${id}`, 'results')],
    ['shared', (stack: Stack) => (stack.node.tryFindChild('B') as Bucket | undefined) ?? new Bucket(stack, 'B')],
  ])(
    'two endpoints that write to one prefix of a bucket that is %s get a warning that names the other one',
    (_, bucket) => {
      const stack = aStack();
      anEndpoint(stack, { outputBucket: bucket(stack, '1'), outputPrefix: 'a' }, 'One');
      anEndpoint(stack, { outputBucket: bucket(stack, '2'), outputPrefix: 'a' }, 'Two');
      anEndpoint(stack, { outputBucket: bucket(stack, '3'), outputPrefix: 'b' }, 'Three');
      expect(warnings(stack)).toEqual([
        expect.stringMatching(
          /^Stack\/One writes results to the prefix a of the bucket \S+, and this construct writes results to a: use another outputPrefix .*sharedOutputPrefix/,
        ),
      ]);
    },
  );

  test('endpoints of two apps may have the same prefix without a warning', () => {
    const define = () => {
      const stack = aStack();
      anEndpoint(stack, { outputBucket: Bucket.fromBucketName(stack, 'B', 'results'), outputPrefix: 'a' });
      return warnings(stack);
    };
    expect([define(), define()]).toEqual([[], []]);
  });
});

describe('a key', () => {
  const keyed = () => {
    const stack = aStack({ env: ENV });
    const encryptionKey = new Key(stack, 'Key');
    const endpoint = anEndpoint(stack, { outputEncryptionKey: encryptionKey });
    return { stack, encryptionKey, endpoint, arn: stack.resolve(encryptionKey.keyArn) as unknown };
  };

  test('encrypts bucket, objects and topics', () => {
    const { stack, arn } = keyed();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn },
          },
        ],
      },
    });
    template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: arn });
    expect(outputConfig(stack).KmsKeyId).toEqual(arn);
  });

  test('encrypts bucket and topics once the role may use it', () => {
    const { stack } = keyed();
    const encrypted = ['AWS::S3::Bucket', 'AWS::SNS::Topic'].flatMap((type) => Object.values(resources(stack, type)));
    expect(encrypted).toHaveLength(3);
    for (const { DependsOn } of encrypted) {
      expect(DependsOn).toEqual([expect.stringMatching(/^EndpointKeyPermissions/)]);
    }
  });

  test('may be used by the role to encrypt and by readers to decrypt, and no more, in the key policy and in the identity policy', () => {
    const { stack, endpoint, arn } = keyed();
    endpoint.grants.readResults(new iam.User(stack, 'Reader'));
    expect(statements(stack, 'EndpointKeyPermissions')).toContainEqual({
      Sid: 'EncryptResults',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: arn,
    });
    expect(statements(stack, 'ReaderDefaultPolicy')).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: arn,
    });
    const [, ...added] = (only(stack, 'AWS::KMS::Key').Properties.KeyPolicy as { Statement: unknown[] }).Statement;
    expect(added).toEqual([
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Principal: { AWS: stack.resolve(endpoint.executionRole.roleArn) as unknown },
        Resource: '*',
      },
    ]);
  });

  test('of another stack makes no cycle', () => {
    const app = new App();
    const encryptionKey = new Key(new Stack(app, 'Keys'), 'Key');
    const stack = new Stack(app, 'Stack');
    anEndpoint(stack, { outputEncryptionKey: encryptionKey, volumeEncryptionKey: encryptionKey });
    expect(statements(stack, 'EndpointKeyPermissions').map(({ Sid }) => Sid)).toEqual([
      'EncryptResults',
      'EncryptVolume',
    ]);
    app.synth();
  });

  test('left out: no right on any key', () => {
    const stack = aStack();
    anEndpoint(stack);
    expect(JSON.stringify(statements(stack, 'Policy'))).not.toContain('kms:');
  });
});

describe('topics', () => {
  test('given ones are published to, with the permissions on their keys, and none is defined', () => {
    const stack = aStack();
    const masterKey = new Key(stack, 'Key');
    const successTopic = new Topic(stack, 'T', { masterKey });
    anEndpoint(stack, { successTopic, errorTopic: successTopic });
    const arn = stack.resolve(successTopic.topicArn) as unknown;
    expect(Object.keys(resources(stack, 'AWS::SNS::Topic'))).toHaveLength(1);
    expect(outputConfig(stack).NotificationConfig).toEqual({ SuccessTopic: arn, ErrorTopic: arn });
    expect(statements(stack, 'EndpointPermissions')).toContainEqual({
      Sid: 'NotifyOfResults',
      Effect: 'Allow',
      Action: 'sns:Publish',
      Resource: arn,
    });
    expect(statements(stack, 'EndpointKeyPermissions')).toContainEqual(
      expect.objectContaining({ Resource: stack.resolve(masterKey.keyArn) as unknown }),
    );
    expect(warnings(stack)).toEqual([]);
  });

  test('of another account, bucket and key too: a warning each, with what must be allowed there', () => {
    const stack = aStack({ env: ENV });
    const topic = (id: string) => Topic.fromTopicArn(stack, id, `arn:aws:sns:eu-west-1:${FOREIGN}:${id}`);
    const outputBucket = Bucket.fromBucketAttributes(stack, 'B', { bucketName: 'results', account: FOREIGN });
    const encryptionKey = Key.fromKeyArn(stack, 'K', `arn:aws:kms:eu-west-1:${FOREIGN}:key/k`);
    anEndpoint(stack, {
      successTopic: topic('success'),
      errorTopic: topic('error'),
      outputBucket,
      outputEncryptionKey: encryptionKey,
    });
    expect(warnings(stack)).toEqual([
      expect.stringMatching(`output bucket belongs to account ${FOREIGN}.*s3:PutObject.*foreignOutputBucket`),
      expect.stringMatching(`success topic belongs to account ${FOREIGN}.*sns:Publish.*foreignSuccessTopic`),
      expect.stringMatching(`error topic belongs to account ${FOREIGN}.*sns:Publish.*foreignErrorTopic`),
      expect.stringMatching(`key belongs to account ${FOREIGN}.*kms:GenerateDataKey.*foreignKey`),
    ]);
  });

  test('FIFO is refused, both in one error', () => {
    const stack = aStack();
    const successTopic = new Topic(stack, 'T', { fifo: true });
    expect(() => anEndpoint(stack, { successTopic, errorTopic: successTopic })).toThrow(
      /successTopic must not be FIFO[^]*errorTopic must not be FIFO/,
    );
  });

  test('carry the response where told', () => {
    const stack = aStack();
    anEndpoint(stack, { includeInferenceResponseIn: [InferenceOutcome.SUCCESS] });
    expect(outputConfig(stack).NotificationConfig.IncludeInferenceResponseIn).toEqual(['SUCCESS_NOTIFICATION_TOPIC']);
  });
});

test('a name that is known at deploy time only is no wildcard in a default prefix', () => {
  const stack = aStack();
  const outputBucket = Bucket.fromBucketName(stack, 'B', 'results');
  const endpoint = anEndpoint(stack, { outputBucket, endpointName: Token.asString({ Ref: 'Name' }) });
  expect(stack.resolve(endpoint.outputPrefix)).toEqual({ 'Fn::Join': ['', [{ Ref: 'Name' }, '/output']] });
});

test.each<[string, RemovalPolicy | undefined, string]>([
  ['kept', undefined, 'Retain'],
  ['deleted with the stack', RemovalPolicy.DESTROY, 'Delete'],
])(
  'the bucket that is %s has its policy for as long, so that it accepts TLS only',
  (_, outputRemovalPolicy, policy) => {
    const stack = aStack();
    anEndpoint(stack, { outputRemovalPolicy, createInvoker: false });
    for (const type of ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'])
      expect(only(stack, type)).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: policy });
  },
);
