import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { Aws, Lazy } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ContainerImage,
  InferenceAmiVersion,
  InferenceModel,
  InputPolicy,
  InstanceType,
  ModelData,
} from '../../../lib';
import {
  ENV,
  aStack,
  anEndpoint,
  anImage,
  modelStatements,
  only,
  resources,
  statements,
} from '../../../tools/showcase/stacks';

const PACKAGE = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/languages/7';
const FOREIGN = '444455556666';
const IMAGE = join(__dirname, '../../support/image');
const ARCHIVE = join(__dirname, '../../support/model.tar.gz');

const warnings = (stack: Stack) =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => entry.data as string);
const serve = (stack: Stack, modelData?: ModelData, image = anImage()) =>
  anEndpoint(stack, { model: InferenceModel.fromContainer({ image, modelData }) });
const container = (stack: Stack) =>
  only(stack, 'AWS::SageMaker::Model').Properties.PrimaryContainer as Record<string, unknown>;

describe('an image from a folder', () => {
  function platform(options?: { platform: Platform }) {
    const stack = aStack();
    anEndpoint(stack, {
      model: InferenceModel.fromContainer({ image: ContainerImage.fromAsset(IMAGE, options) }),
      instanceType: InstanceType.of(options?.platform === Platform.LINUX_ARM64 ? 'ml.m7g.large' : 'ml.m5.large'),
    });
    const { directory } = (stack.node.root as App).synth();
    const { dockerImages } = JSON.parse(readFileSync(join(directory, 'Stack.assets.json'), 'utf8')) as {
      dockerImages: Record<string, { source: { platform: string } }>;
    };
    return Object.values(dockerImages).map(({ source }) => source.platform);
  }

  test('is built for linux/amd64 unless told', () => {
    expect(platform()).toEqual(['linux/amd64']);
    expect(platform({ platform: Platform.LINUX_ARM64 })).toEqual(['linux/arm64']);
  });

  test('is pulled from the repository of assets alone', () => {
    const stack = aStack();
    serve(stack, undefined, ContainerImage.fromAsset(IMAGE));
    expect(JSON.stringify(modelStatements(stack)[0])).toMatch(/:repository.*cdk-hnb659fds-container-assets-/);
  });
});

describe('model data under a prefix', () => {
  test.each(['v1', 'v1/', 'v1///'])('%s is read as it is, and nothing outside of it', (prefix) => {
    const stack = aStack();
    const bucket = new Bucket(stack, 'Models');
    serve(stack, ModelData.fromPrefix(bucket, prefix));
    expect(container(stack).ModelDataSource).toEqual({
      S3DataSource: {
        S3Uri: stack.resolve(bucket.s3UrlForObject('v1/')),
        S3DataType: 'S3Prefix',
        CompressionType: 'None',
      },
    });
    const [, , read, list] = modelStatements(stack);
    expect(read).toMatchObject({ Action: 's3:GetObject', Resource: stack.resolve(bucket.arnForObjects('v1/*')) });
    expect(list).toMatchObject({ Action: 's3:ListBucket', Resource: stack.resolve(bucket.bucketArn) });
  });

  test('of a gated model has its license accepted', () => {
    const stack = aStack();
    serve(stack, ModelData.fromPrefix(new Bucket(stack, 'Models'), 'v1', { acceptEula: true }));
    expect(container(stack).ModelDataSource).toMatchObject({
      S3DataSource: { ModelAccessConfig: { AcceptEula: true } },
    });
  });

  test.each(['', '/', '/v1'])('fails on %p', (prefix) => {
    expect(() => ModelData.fromPrefix(Bucket.fromBucketName(aStack(), 'B', 'models'), prefix)).toThrow(
      `ModelData.fromPrefix: prefix must name a folder in the bucket, without a scheme, a wildcard or a slash at the start, got '${prefix}'`,
    );
  });
});

test('several of each in one stack', () => {
  const stack = aStack();
  const model = () =>
    InferenceModel.fromContainer({ image: ContainerImage.fromAsset(IMAGE), modelData: ModelData.fromAsset(ARCHIVE) });
  ['One', 'Two'].forEach((id) => anEndpoint(stack, { model: model() }, id));
  const shared = model();
  ['Three', 'Four'].forEach((id) => anEndpoint(stack, { model: shared }, id));
  expect(Object.keys(resources(stack, 'AWS::SageMaker::Model'))).toHaveLength(4);
});

describe('warns of', () => {
  test.each([
    ['latest', true],
    ['prod', true],
    ['1.0', false],
    ['v2', false],
    [`sha256:${'a'.repeat(64)}`, false],
    [Aws.STACK_NAME, false],
  ])('the tag %s: %p', (tag, expected) => {
    const stack = aStack();
    serve(stack, undefined, ContainerImage.fromEcrRepository(new Repository(stack, 'R'), tag));
    expect(warnings(stack).some((text) => text.includes('cdk-sagemaker-async-inference:movingImageTag'))).toBe(
      expected,
    );
  });

  test.each([
    ['model.tar.gz', true],
    ['v1/model.tar.gz', false],
  ])('the key %s: %p', (key, expected) => {
    const stack = aStack();
    serve(stack, ModelData.fromBucket(new Bucket(stack, 'B'), key));
    expect(warnings(stack).some((text) => text.includes('cdk-sagemaker-async-inference:movingModelDataKey'))).toBe(
      expected,
    );
  });

  test('repository, bucket and key of another account, with what they must allow', () => {
    const stack = aStack({ env: ENV });
    const repository = Repository.fromRepositoryArn(stack, 'R', `arn:aws:ecr:eu-west-1:${FOREIGN}:repository/r`);
    const bucket = Bucket.fromBucketAttributes(stack, 'B', { bucketName: 'models', account: FOREIGN });
    serve(stack, ModelData.fromBucket(bucket, 'v1/model.tar.gz'), ContainerImage.fromEcrRepository(repository, '1.0'));
    expect(warnings(stack)).toEqual([
      expect.stringMatching(`the repository belongs to account ${FOREIGN}.*ecr:BatchGetImage.*foreignRepository`),
      expect.stringMatching(
        `the bucket of the model data belongs to account ${FOREIGN}.*s3:GetObject.*foreignModelDataBucket`,
      ),
    ]);
    expect(modelStatements(stack).map(({ Sid }) => Sid)).toEqual(['PullImage', 'LogInToRegistry', 'ReadModelData']);
  });

  test('nothing where there is nothing', () => {
    const stack = aStack({ env: ENV });
    serve(stack, ModelData.fromBucket(new Bucket(stack, 'B'), 'v1/model.tar.gz'));
    expect(warnings(stack)).toEqual([]);
  });
});

test('the key of an imported bucket is named on the identity', () => {
  const stack = aStack();
  const encryptionKey = Key.fromKeyArn(stack, 'K', 'arn:aws:kms:eu-west-1:111122223333:key/k');
  serve(
    stack,
    ModelData.fromBucket(
      Bucket.fromBucketAttributes(stack, 'B', { bucketName: 'models', encryptionKey }),
      'v1/model.tar.gz',
    ),
  );
  expect(modelStatements(stack)[3]).toMatchObject({ Action: 'kms:Decrypt', Resource: encryptionKey.keyArn });
});

describe('environment', () => {
  const model = (environment: Record<string, string>) => () =>
    anEndpoint(aStack(), { model: InferenceModel.fromContainer({ image: anImage(), environment }) });
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`V${index}`, '']));

  test.each([
    many(100),
    { _: 'x'.repeat(1024) },
    { ['a'.repeat(1024)]: '' },
    { A: Lazy.string({ produce: () => 'x'.repeat(2000) }) },
  ])('takes the bounds (%#)', (environment) => expect(model(environment)).not.toThrow());

  test.each<[Record<string, string>, RegExp]>([
    [many(101), /environment must have at most 100 variables, got 101/],
    [
      { '1A': '' },
      /the name of the environment variable 1A must be 1 to 1,024 letters, digits and underscores, and must not start with a digit, got '1A'/,
    ],
    [{ ['a'.repeat(1025)]: '' }, /the name of the environment variable a+ must be/],
    [
      { 'A-B': '', TOKEN: 's3cret'.repeat(171) },
      /:\n {2}- the name of the environment variable A-B .*\n {2}- the value of the environment variable TOKEN must have at most 1,024 characters, got 1026$/,
    ],
  ])('fails out of them (%#), and never shows a value', (environment, message) => {
    expect(model(environment)).toThrow(message);
    expect(model(environment)).not.toThrow(/s3cret/);
  });
});

describe('the environment of a container', () => {
  const environmentOf = (environment: Record<string, string>) => {
    const stack = aStack();
    anEndpoint(stack, { model: InferenceModel.fromContainer({ image: anImage(), environment }) });
    return JSON.stringify(container(stack).Environment);
  };

  test('is in the order of the names, because maps of some languages have no order', () => {
    expect(environmentOf({ b: '2', A: '1', a: '3' })).toBe('{"A":"1","a":"3","b":"2"}');
    expect(environmentOf({ a: '3', b: '2', A: '1' })).toBe(environmentOf({ b: '2', A: '1', a: '3' }));
  });

  test.each([
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 1, 'number'],
  ])('with a value that is %s is an error, as of a variable of the shell that is not set', (_, value, type) => {
    expect(() => environmentOf({ MODEL: value as unknown as string })).toThrow(
      `Stack/Endpoint: the value of the environment variable MODEL must be a string, got ${type}`,
    );
  });

  test('of a model package is validated in the same way', () => {
    const model = InferenceModel.fromModelPackageArn(PACKAGE, { image: anImage(), environment: { '1A': '' } });
    expect(() => anEndpoint(aStack(), { model })).toThrow('the name of the environment variable 1A must be');
  });

  test('has its errors in one message with those of the endpoint and of the options of the invoker', () => {
    const model = InferenceModel.fromContainer({
      image: anImage(),
      environment: { '1A': '', MODEL: undefined as unknown as string },
    });
    expect(() =>
      anEndpoint(aStack(), {
        endpointName: '-',
        model,
        scaling: { minCapacity: -1 },
        invokerOptions: { memorySize: 1, inputPolicy: InputPolicy.bySize({ prefix: '/' }) },
      }),
    ).toThrow(
      /^Stack\/Endpoint:\n {2}- endpointName .*\n {2}- the name of the environment variable 1A .*\n {2}- the value of the environment variable MODEL .*\n {2}- scaling: minCapacity .*\n {2}- invokerOptions: memorySize .*\n {2}- invokerOptions: inputPolicy: prefix [^\n]*$/,
    );
  });
});

describe('an existing model', () => {
  test('is referred to, with its role, and neither is defined', () => {
    const stack = aStack();
    const role = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/given');
    const endpoint = anEndpoint(stack, {
      model: InferenceModel.fromModelName('languages-7', { executionRole: role }),
      createInvoker: false,
    });
    expect(endpoint.executionRole).toBe(role);
    expect(resources(stack, 'AWS::SageMaker::Model')).toEqual({});
    expect(resources(stack, 'AWS::IAM::Role')).toEqual({});
    expect(only(stack, 'AWS::SageMaker::EndpointConfig').Properties).toMatchObject({
      ProductionVariants: [{ ModelName: 'languages-7' }],
    });
    expect(only(stack, 'AWS::IAM::ManagedPolicy').Properties.Roles).toEqual(['given']);
    expect(statements(stack, 'EndpointPermissions').map(({ Sid }) => Sid)).toContain('WriteResults');
  });

  test('whose role is not known: a warning lists what it needs, and an error explains why the role is missing', () => {
    const stack = aStack();
    const endpoint = anEndpoint(stack, { model: InferenceModel.fromModelName('languages-7'), createInvoker: false });
    expect(warnings(stack)).toEqual([expect.stringMatching(/roleNotKnown/)]);
    expect(warnings(stack)[0]).toMatch(/s3:PutObject.*sns:Publish/);
    expect(() => endpoint.executionRole).toThrow('executionRole is not known: pass it to InferenceModel.fromModelName');
    Template.fromStack(stack);
  });

  test('fails with what belongs to the model, all at once', () => {
    const stack = aStack();
    const executionRole = iam.Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/given');
    expect(() =>
      anEndpoint(stack, { model: InferenceModel.fromModelName('m'), executionRole, enableNetworkIsolation: true }),
    ).toThrow(/executionRole belongs to the model[^]*enableNetworkIsolation belongs to the model/);
  });

  test.each(['', 'a_b', 'x'.repeat(64)])('fails on the name %p', (name) => {
    expect(() => InferenceModel.fromModelName(name)).toThrow('modelName must be 1 to 63 letters, digits and hyphens');
  });
});

describe('a model package', () => {
  test('is served by its version, with the permissions on what it names', () => {
    const stack = aStack();
    const modelData = ModelData.fromBucket(Bucket.fromBucketName(stack, 'B', 'models'), 'v7/model.tar.gz');
    anEndpoint(stack, {
      model: InferenceModel.fromModelPackageArn(PACKAGE, { image: anImage(), modelData, environment: { A: 'b' } }),
    });
    expect(container(stack)).toEqual({ ModelPackageName: PACKAGE, Environment: { A: 'b' } });
    expect(modelStatements(stack).map(({ Sid }) => Sid)).toEqual(['PullImage', 'LogInToRegistry', 'ReadModelData']);
    expect(warnings(stack)).toEqual([]);
  });

  test('is served as one of its inference specifications says', () => {
    const stack = aStack();
    anEndpoint(stack, {
      model: InferenceModel.fromModelPackageArn(PACKAGE, { image: anImage(), inferenceSpecificationName: 'neuron' }),
    });
    expect(container(stack)).toEqual({ ModelPackageName: PACKAGE, InferenceSpecificationName: 'neuron' });
    expect(() => InferenceModel.fromModelPackageArn(PACKAGE, { inferenceSpecificationName: 'a_b' })).toThrow(
      "inferenceSpecificationName must be 1 to 63 letters, digits and hyphens, got 'a_b'",
    );
  });

  test('without its image: a warning', () => {
    const stack = aStack();
    anEndpoint(stack, { model: InferenceModel.fromModelPackageArn(PACKAGE) });
    expect(warnings(stack)).toEqual([expect.stringContaining('cdk-sagemaker-async-inference:modelPackageImage')]);
  });

  test('of another region is an error', () => {
    const model = InferenceModel.fromModelPackageArn(PACKAGE.replace(ENV.region, 'us-east-1'), { image: anImage() });
    expect(() => anEndpoint(aStack({ env: ENV }), { model })).toThrow(
      'the model package must be in the region of the endpoint, eu-west-1, got us-east-1',
    );
  });

  test.each(['languages', PACKAGE.replace('model-package', 'model'), `${PACKAGE}x`])('fails on %s', (arn) => {
    expect(() => InferenceModel.fromModelPackageArn(arn)).toThrow(
      `modelPackageArn must be the ARN of a model package, got '${arn}'`,
    );
  });
});

test.each<[string, (unset: string) => unknown, string]>([
  ['InferenceModel.fromModelName', (unset) => InferenceModel.fromModelName(unset), 'modelName'],
  ['InferenceModel.fromModelPackageArn', (unset) => InferenceModel.fromModelPackageArn(unset), 'modelPackageArn'],
  ['InstanceType.of', (unset) => InstanceType.of(unset), 'instanceTypeName'],
  ['ContainerImage.fromUri', (unset) => ContainerImage.fromUri(unset), 'imageUri'],
  ['ModelData.fromBucket', (unset) => ModelData.fromBucket(aBucket(), unset), 'objectKey'],
  ['ModelData.fromPrefix', (unset) => ModelData.fromPrefix(aBucket(), unset), 'prefix'],
  ['ModelData.fromAsset', (unset) => ModelData.fromAsset(unset), 'path'],
  ['ContainerImage.fromAsset', (unset) => ContainerImage.fromAsset(unset), 'directory'],
  ['InferenceAmiVersion.of', (unset) => InferenceAmiVersion.of(unset), 'amiVersionName'],
])('%s with a variable of the environment that is not set is an error', (place, call, name) => {
  expect(() => call(process.env.NOT_SET!)).toThrow(new RegExp(`^${place}: ${name} must be .*, got undefined`));
});

test.each<[string, (nothing: never) => unknown, string]>([
  ['ModelData.fromBucket', (nothing) => ModelData.fromBucket(nothing, 'v1.tar.gz'), 'bucket'],
  ['ModelData.fromPrefix', (nothing) => ModelData.fromPrefix(nothing, 'v1'), 'bucket'],
  ['ContainerImage.fromEcrRepository', (nothing) => ContainerImage.fromEcrRepository(nothing, '1.0'), 'repository'],
  ['Stack/Endpoint', (image) => anEndpoint(aStack(), { model: InferenceModel.fromContainer({ image }) }), 'image'],
])('%s without what it needs is an error', (place, call, name) => {
  expect(() => call(undefined as never)).toThrow(new RegExp(`^${place}: ${name} must be .*, got undefined`));
  expect(() => call(null as never)).toThrow(new RegExp(`^${place}: ${name} must be .*, got null`));
});

test.each(['https://models/v1.tar.gz', 'arn:aws:s3:::models/v1.tar.gz', 's3://models/v1.tar.gz'])(
  '%s is no key and no prefix of a bucket',
  (uri) => {
    expect(() => ModelData.fromBucket(aBucket(), uri)).toThrow('objectKey must be the key of one .tar.gz archive');
    expect(() => ModelData.fromPrefix(aBucket(), uri)).toThrow('prefix must name a folder in the bucket');
  },
);

const aBucket = () => Bucket.fromBucketName(aStack(), 'Models', 'models');
