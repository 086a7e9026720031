import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DefaultStackSynthesizer, DockerImage } from 'aws-cdk-lib';
import type { App, BundlingOptions, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { InferenceModel, ModelData } from '../../../lib';
import { aStack, anEndpoint, anImage, modelStatements, only, statements } from '../../../tools/showcase/stacks';

const ARCHIVE = join(__dirname, '../../support/model.tar.gz');

function serve(modelData: ModelData, stack = aStack()) {
  anEndpoint(stack, {
    model: InferenceModel.fromContainer({ image: anImage(), modelData }),
    createInvoker: false,
  });
  return { stack, container: only(stack, 'AWS::SageMaker::Model').Properties.PrimaryContainer };
}

test.each([
  's3://models/model.tar.gz',
  '/model.tar.gz',
  'models/',
  'models/*.tar.gz',
  'v1/model.zip',
  'v1/model.tgz',
  '',
])('an object key that is not the key of one archive is an error: %j', (key) => {
  expect(() => ModelData.fromBucket(Bucket.fromBucketName(aStack(), 'Models', 'models'), key)).toThrow(
    `objectKey must be the key of one .tar.gz archive, without a scheme, a wildcard or a slash at the start, got '${key}'`,
  );
});

test('a gated archive has its license accepted, which needs a data source instead of a URL', () => {
  const stack = aStack();
  const bucket = Bucket.fromBucketName(stack, 'Models', 'models');
  const { container } = serve(ModelData.fromBucket(bucket, 'v1/model.tar.gz', { acceptEula: true }), stack);
  expect(container).toMatchObject({
    ModelDataSource: {
      S3DataSource: {
        S3Uri: 's3://models/v1/model.tar.gz',
        S3DataType: 'S3Object',
        CompressionType: 'Gzip',
        ModelAccessConfig: { AcceptEula: true },
      },
    },
  });
  expect(container).not.toHaveProperty('ModelDataUrl');
});

describe('fromAsset', () => {
  /** Bundling without Docker, which writes a file with this name. */
  const bundling = (name: string): BundlingOptions => ({
    image: DockerImage.fromRegistry('unused'),
    local: {
      tryBundle(folder) {
        writeFileSync(join(folder, name), readFileSync(ARCHIVE));
        return true;
      },
    },
  });

  const filesIn = (stack: Stack) => {
    const { directory } = (stack.node.root as App).synth();
    const { files } = JSON.parse(readFileSync(join(directory, 'Stack.assets.json'), 'utf8')) as {
      files: Record<
        string,
        { displayName: string; source: object; destinations: Record<string, { objectKey: string }> }
      >;
    };
    return Object.values(files).filter(({ displayName }) => !displayName.includes('Template'));
  };

  test('uploads the archive under a key that ends in .tar.gz, which is read as that one object', () => {
    const { stack, container } = serve(ModelData.fromAsset(ARCHIVE));
    const [asset] = filesIn(stack);
    const { objectKey } = Object.values(asset!.destinations)[0]!;
    expect(objectKey).toMatch(/^[0-9a-f]{64}\.tar\.gz$/);
    expect(asset!.source).toEqual({ path: `asset.${objectKey}`, packaging: 'file' });
    expect(asset!.displayName).toBe('Endpoint/Model/ModelData');
    expect(JSON.stringify(container)).toContain(`/${objectKey}"`);
    expect(JSON.stringify(modelStatements(stack)[2]!.Resource)).toContain(`/${objectKey}"`);
  });

  test('takes the options of assets: other readers, a hash and a name', () => {
    const stack = aStack();
    const reader = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
    const options = { readers: [reader], assetHash: 'v1', displayName: 'The model' };
    const { container } = serve(ModelData.fromAsset(ARCHIVE, options), stack);
    expect(JSON.stringify(statements(stack, 'ReaderDefaultPolicy'))).toMatch(/s3:GetObject.*\.tar\.gz/);
    expect(JSON.stringify(container)).not.toBe(JSON.stringify(serve(ModelData.fromAsset(ARCHIVE)).container));
    expect(filesIn(stack)[0]!.displayName).toBe('The model');
  });

  test('uploads what bundling makes of a folder', () => {
    const { container } = serve(ModelData.fromAsset(dirname(ARCHIVE), { bundling: bundling('model.tar.gz') }));
    expect(JSON.stringify(container)).toMatch(/\/[0-9a-f]{64}\.tar\.gz"/);
  });

  test('may decrypt with the key of the bucket of assets', () => {
    class Encrypted extends DefaultStackSynthesizer {
      public override addFileAsset(...[asset]: Parameters<DefaultStackSynthesizer['addFileAsset']>) {
        return { ...super.addFileAsset(asset), kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/assets' };
      }
    }
    const stack = aStack({ synthesizer: new Encrypted() });
    serve(ModelData.fromAsset(ARCHIVE), stack);
    expect(modelStatements(stack)).toContainEqual(
      expect.objectContaining({ Sid: 'DecryptModelData', Resource: 'arn:aws:kms:eu-west-1:111122223333:key/assets' }),
    );
  });

  test.each(['model.zip', 'model.tgz', 'model'])('fails for %s', (path) =>
    expect(() => ModelData.fromAsset(path)).toThrow(
      `ModelData.fromAsset: path must be the path of a .tar.gz archive, which SageMaker unpacks, got '${path}'`,
    ),
  );

  test('fails for what is no archive: a folder, and what bundling makes', () => {
    const options = { bundling: bundling('model.zip') };
    expect(() => serve(ModelData.fromAsset(dirname(ARCHIVE), options))).toThrow(
      /the model data must be one .tar.gz archive, and what bundling makes of .*support is none/,
    );
  });

  test('fails for an archive that CDK may delete after the deployment', () =>
    expect(() => ModelData.fromAsset(ARCHIVE, { deployTime: true })).toThrow(
      'ModelData.fromAsset: deployTime must not be true: instances read the archive whenever they start, so it must stay',
    ));
});
