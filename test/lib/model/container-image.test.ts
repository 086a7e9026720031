import { Aws } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { AsyncInferenceEndpointProps, ContainerImageConfig, ModelDataConfig } from '../../../lib';
import { ContainerImage, InferenceModel, ModelData } from '../../../lib';
import { ENV, aStack, anEndpoint, modelStatements, only, statements } from '../../../tools/showcase/stacks';

const DIGEST = `sha256:${'0'.repeat(64)}`;

describe('fromEcrRepository', () => {
  test.each([
    ['1.0', ':1.0'],
    [DIGEST, `@${DIGEST}`],
  ])('pulls %s from that repository and no other', (tagOrDigest, tail) => {
    const stack = aStack();
    const repository = new Repository(stack, 'Repository');
    const { imageUri, statements } = ContainerImage.fromEcrRepository(repository, tagOrDigest).bind(stack);
    expect(stack.resolve(imageUri)).toEqual(stack.resolve(repository.repositoryUri + tail));
    expect(statements!.map(({ resources }) => stack.resolve(resources) as unknown)).toEqual([
      [stack.resolve(repository.repositoryArn)],
      ['*'],
    ]);
    expect(statements![1]!.actions).toEqual(['ecr:GetAuthorizationToken']);
  });
});

describe('fromDlc', () => {
  test('pulls a digest', () => {
    const { imageUri } = ContainerImage.fromDlc('vllm', DIGEST).bind(aStack({ env: ENV }));
    expect(JSON.stringify(aStack().resolve(imageUri))).toContain(`/vllm@${DIGEST}"`);
  });

  test.each([
    ['cn-north-1', '727897471807'],
    ['us-gov-west-1', '442386744353'],
    ['us-iso-east-1', '886529160074'],
    ['me-west-1', '124382933778'],
  ])('takes domain and partition of %s from CloudFormation', (region, account) => {
    const stack = aStack({ env: { region } });
    const { imageUri, statements } = ContainerImage.fromDlc('pytorch-inference', '2.6.0-cpu-py312').bind(stack);
    expect(stack.resolve(imageUri)).toEqual({
      'Fn::Join': [
        '',
        [`${account}.dkr.ecr.${region}.`, { Ref: 'AWS::URLSuffix' }, '/pytorch-inference:2.6.0-cpu-py312'],
      ],
    });
    expect(JSON.stringify(stack.resolve(statements![0]!.resources))).toContain('{"Ref":"AWS::Partition"}');
  });

  test.each(['', ' ', 'a:b', 'a b', '.1', 'sha256:12', 'a'.repeat(129), undefined])('fails for the tag %j', (tag) =>
    expect(() => ContainerImage.fromDlc('vllm', tag!)).toThrow(
      'ContainerImage.fromDlc: tagOrDigest must be a tag of 1 to 128 letters, digits and ._-, or a digest',
    ),
  );

  test.each(['', 'vllm:1', 'VLLM', '-vllm', 'vllm/', 'vllm@sha256', undefined])('fails for the repository %j', (name) =>
    expect(() => ContainerImage.fromDlc(name!, '1.0')).toThrow(
      `ContainerImage.fromDlc: repositoryName must be the name of a repository, without registry and tag, got '${name}'`,
    ),
  );

  test.each(['latest', 'latest-gpu-py312-cu130-ubuntu24.04', 'server-sagemaker-cuda', 'server-sagemaker-cuda-v2'])(
    'warns of the tag %s, which moves',
    (tag) => {
      const stack = aStack({ env: ENV });
      ContainerImage.fromDlc('vllm', tag).bind(stack);
      Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp(`image tag '${tag}' has no version`));
    },
  );

  test.each(['0.30.0-gpu-py312-cu130-ubuntu24.04-sagemaker', 'server-sagemaker-cuda-v2.6', 'b9522', DIGEST])(
    'does not warn of %s',
    (tag) => {
      const stack = aStack({ env: ENV });
      ContainerImage.fromDlc('vllm', tag).bind(stack);
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    },
  );

  test('pulls from the registry of AWS in the region of the stack', () => {
    const stack = aStack({ env: { region: 'ap-northeast-3' } });
    const { imageUri, statements } = ContainerImage.fromDlc('djl-inference', '0.30').bind(stack);
    expect(stack.resolve(imageUri)).toEqual({
      'Fn::Join': ['', ['364406365360.dkr.ecr.ap-northeast-3.', { Ref: 'AWS::URLSuffix' }, '/djl-inference:0.30']],
    });
    expect(stack.resolve(statements![0]!.resources)).toEqual([
      {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':ecr:ap-northeast-3:364406365360:repository/djl-inference'],
        ],
      },
    ]);
  });

  test('or from the account that it is given, in any region', () => {
    const stack = aStack({ env: { region: 'xx-north-1' } });
    expect(
      JSON.stringify(
        stack.resolve(
          ContainerImage.fromDlc('djl-inference', '0.30', { accountId: '111122223333' }).bind(stack).imageUri,
        ),
      ),
    ).toContain('111122223333.dkr.ecr.xx-north-1');
  });
});

function serve(
  image: ContainerImage,
  props: (stack: Stack) => Partial<AsyncInferenceEndpointProps> = () => ({}),
  modelData?: ModelData,
) {
  const stack = aStack({ env: ENV });
  anEndpoint(stack, {
    model: InferenceModel.fromContainer({ image, modelData }),
    createInvoker: false,
    ...props(stack),
  });
  return {
    stack,
    container: only(stack, 'AWS::SageMaker::Model').Properties.PrimaryContainer as Record<string, unknown>,
    pull: modelStatements(stack).find(({ Sid }) => Sid === 'PullImage'),
    warnings: Annotations.fromStack(stack)
      .findWarning('*', Match.anyValue())
      .map(({ entry }) => entry.data),
  };
}

const inVpc = (stack: Stack) => ({ vpc: new ec2.Vpc(stack, 'Vpc', { maxAzs: 2 }) });

describe('fromUri', () => {
  const ECR = '444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/models';

  test.each([`${ECR}:1.0`, `${ECR}@${DIGEST}`, `${ECR}:1.0@${DIGEST}`])(
    'serves %s, and the execution role may pull from the repository in the URI',
    (uri) => {
      const { container, pull, warnings } = serve(ContainerImage.fromUri(uri));
      expect(container.Image).toBe(uri);
      expect(pull!.Resource).toEqual({
        'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:eu-west-1:444455556666:repository/team/models']],
      });
      expect(warnings).toEqual([]);
    },
  );

  test.each([`${ECR}:latest`, ECR.replace('models', 'models:prod'), ECR])(
    'warns of %s, which has no version',
    (uri) => {
      expect(serve(ContainerImage.fromUri(uri)).warnings).toEqual([expect.stringContaining('movingImageTag')]);
    },
  );

  test('accepts a token, and warns that the execution role gets no permission to pull', () => {
    const { container, pull, warnings } = serve(ContainerImage.fromUri(Aws.STACK_NAME));
    expect(container.Image).toEqual({ Ref: 'AWS::StackName' });
    expect(pull).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/pass repository to ContainerImage.fromUri.*imagePullNotGranted/)]);
  });

  test('accepts a token with its repository, from which the execution role may pull', () => {
    const stack = aStack({ env: ENV });
    const repository = Repository.fromRepositoryName(stack, 'Repository', 'models');
    anEndpoint(stack, {
      model: InferenceModel.fromContainer({ image: ContainerImage.fromUri(Aws.STACK_NAME, { repository }) }),
    });
    expect(modelStatements(stack)[0]).toMatchObject({ Resource: stack.resolve(repository.repositoryArn) as unknown });
    Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
  });

  test('fails for a given repository of another region', () => {
    const repository = Repository.fromRepositoryArn(
      aStack(),
      'R',
      'arn:aws:ecr:us-east-1:444455556666:repository/models',
    );
    expect(() => serve(ContainerImage.fromUri(Aws.STACK_NAME, { repository }))).toThrow(
      'the repository must be in the region of the endpoint, eu-west-1, got us-east-1',
    );
  });

  test('serves an image of a private registry through the VPC, without a permission on Amazon ECR', () => {
    const image = ContainerImage.fromUri('registry.example.com:5000/models:1.0', { privateRegistry: true });
    const { stack, container, warnings } = serve(image, inVpc);
    expect(container).toEqual({
      Image: 'registry.example.com:5000/models:1.0',
      ImageConfig: { RepositoryAccessMode: 'Vpc' },
    });
    expect(JSON.stringify(statements(stack, ''))).not.toContain('ecr:');
    expect(warnings).toEqual([]);
  });

  test('names the function with the credentials of a private registry, which the execution role may call', () => {
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:credentials';
    const credentialsProvider = lambda.Function.fromFunctionArn(aStack(), 'Credentials', arn);
    const image = ContainerImage.fromUri('registry.example.com/models:1.0', {
      privateRegistry: true,
      credentialsProvider,
    });
    const { stack, container } = serve(image, inVpc);
    expect(container.ImageConfig).toEqual({
      RepositoryAccessMode: 'Vpc',
      RepositoryAuthConfig: { RepositoryCredentialsProviderArn: arn },
    });
    expect(statements(stack, 'EndpointPermissions')).toContainEqual({
      Sid: 'GetRegistryCredentials',
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: arn,
    });
  });

  test('fails for a private registry without a VPC', () => {
    expect(() => serve(ContainerImage.fromUri('registry.example.com/models:1.0', { privateRegistry: true }))).toThrow(
      'Stack/Endpoint: an image in a private registry needs a vpc, from which SageMaker pulls it',
    );
  });

  test('fails for options that contradict each other', () => {
    const repository = Repository.fromRepositoryName(aStack(), 'Repository', 'models');
    const credentialsProvider = lambda.Function.fromFunctionName(aStack(), 'Credentials', 'credentials');
    expect(() => ContainerImage.fromUri('a/b:1', { repository, privateRegistry: true })).toThrow(
      'ContainerImage.fromUri: repository is in Amazon ECR and excludes privateRegistry: give one of them',
    );
    expect(() => ContainerImage.fromUri('a/b:1', { credentialsProvider })).toThrow(
      'ContainerImage.fromUri: credentialsProvider has no effect without privateRegistry: true: leave it out',
    );
  });

  test.each([
    '',
    'a b',
    'https://a/b',
    'a/b:',
    'a/b:@sha256:1',
    '@sha256:1',
    `a@sha256:${'0'.repeat(63)}`,
    'a'.repeat(256),
  ])('fails for %p', (uri) => {
    expect(() => ContainerImage.fromUri(uri)).toThrow('ContainerImage.fromUri: imageUri must be the URI of an image');
  });
});

describe('classes of users', () => {
  const statement = (sid: string) =>
    new PolicyStatement({ sid, actions: ['s3:GetObject'], resources: ['arn:aws:s3:::own/*'] });

  class OwnImage extends ContainerImage {
    public readonly scopes: Construct[] = [];

    public bind(scope: Construct): ContainerImageConfig {
      this.scopes.push(scope);
      new Bucket(scope, 'Own');
      return { imageUri: 'own.example.com/image:1', statements: [statement('OwnImage')] };
    }
  }

  class OwnModelData extends ModelData {
    public bind(): ModelDataConfig {
      return { s3Uri: 's3://own/model/', isPrefix: true, acceptEula: true, statements: [statement('OwnModelData')] };
    }
  }

  test('serve an image and model data of any source, with their statements', () => {
    const { stack, container } = serve(new OwnImage(), undefined, new OwnModelData());
    expect(container).toEqual({
      Image: 'own.example.com/image:1',
      ModelDataSource: {
        S3DataSource: {
          S3Uri: 's3://own/model/',
          S3DataType: 'S3Prefix',
          CompressionType: 'None',
          ModelAccessConfig: { AcceptEula: true },
        },
      },
    });
    expect(statements(stack, 'EndpointPermissions').map(({ Sid }) => Sid)).toEqual(
      expect.arrayContaining(['OwnImage', 'OwnModelData']),
    );
  });

  test('get a scope of their own for each use', () => {
    const image = new OwnImage();
    const stack = aStack();
    ['One', 'Two'].forEach((id) => anEndpoint(stack, { model: InferenceModel.fromContainer({ image }) }, id));
    expect(image.scopes.map(({ node }) => node.path)).toEqual(['Stack/One/Model', 'Stack/Two/Model']);
  });

  test('may return no statements', () => {
    class Public extends ContainerImage {
      public bind(): ContainerImageConfig {
        return { imageUri: 'public.example.com/image:1' };
      }
    }
    const { container, pull } = serve(new Public());
    expect([container.Image, pull]).toEqual(['public.example.com/image:1', undefined]);
  });

  test('of an image that is in a private registry need a VPC as well', () => {
    class Private extends ContainerImage {
      public bind(): ContainerImageConfig {
        return { imageUri: 'private.example.com/image:1', privateRegistry: true };
      }
    }
    expect(() => serve(new Private())).toThrow('an image in a private registry needs a vpc');
    expect(serve(new Private(), inVpc).container.ImageConfig).toEqual({ RepositoryAccessMode: 'Vpc' });
  });
});

test.each<[string, (stack: Stack) => ContainerImage]>([
  [
    'the repository',
    (stack) =>
      ContainerImage.fromEcrRepository(
        Repository.fromRepositoryArn(stack, 'Repository', `arn:aws:ecr:us-east-1:${ENV.account}:repository/models`),
        'v1',
      ),
  ],
  ['the image', () => ContainerImage.fromUri(`${ENV.account}.dkr.ecr.us-east-1.amazonaws.com/models:v1`)],
])('an image of another region is an error: %s', (what, image) => {
  const stack = aStack({ env: ENV });
  const model = InferenceModel.fromContainer({ image: image(stack) });
  expect(() => anEndpoint(stack, { model })).toThrow(
    `${what} must be in the region of the endpoint, eu-west-1, got us-east-1`,
  );
});

test.each([':v1', 'registry/models:v1', '', 'sha256:0', undefined])('the tag or digest %j is an error', (tag) => {
  const repository = Repository.fromRepositoryName(aStack(), 'Repository', 'models');
  expect(() => ContainerImage.fromEcrRepository(repository, tag!)).toThrow(
    `ContainerImage.fromEcrRepository: tagOrDigest must be a tag of 1 to 128 letters, digits and ._-, or a digest, got '${tag}'`,
  );
});

test('a URI is no repository name of Deep Learning Containers', () => {
  expect(() => ContainerImage.fromDlc('763104351884.dkr.ecr.eu-west-1.amazonaws.com/models', '1.0')).toThrow(
    'repositoryName must be the name of a repository, without registry and tag',
  );
});
