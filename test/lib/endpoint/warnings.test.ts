import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { AsyncInferenceEndpointProps } from '../../../lib';
import { ContainerImage, InferenceAmiVersion, InferenceModel, InstanceType, ModelData } from '../../../lib';
import { aStack, anEndpoint, anImage } from '../../../tools/showcase/stacks';

/** An image whose name does not tell the hardware that it needs. */
const unknownImage = () =>
  InferenceModel.fromContainer({
    image: ContainerImage.fromUri('111122223333.dkr.ecr.eu-west-1.amazonaws.com/models:1.0'),
  });
const FIXED = { minCapacity: 1, maxCapacity: 1 };

function warningsOf(props: Partial<AsyncInferenceEndpointProps>, id: string): string[] {
  const stack = aStack();
  anEndpoint(stack, { createInvoker: false, ...props });
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp(id))
    .map(({ entry }) => entry.data as string);
}

describe('processors', () => {
  const pool = (instanceType: InstanceType, model?: InferenceModel) =>
    warningsOf({ model: unknownImage(), scaling: FIXED, instancePools: [{ instanceType, model }] }, 'poolProcessor');

  test.each([InstanceType.C7G_XLARGE, InstanceType.G5_XLARGE, InstanceType.INF2_XLARGE])(
    'a pool of %s would run the model of an x86 type',
    (type) => {
      expect(pool(type)).toEqual([expect.stringContaining('would run the model of ml.m5.xlarge (x86)')]);
    },
  );

  test('a pool with a model of its own, or of the same processor, is silent', () => {
    expect(pool(InstanceType.C7G_XLARGE, unknownImage())).toEqual([]);
    expect(pool(InstanceType.C6I_XLARGE)).toEqual([]);
  });

  test.each([
    [InferenceAmiVersion.AL2_GPU_2, InstanceType.M5_XLARGE, 1],
    [InferenceAmiVersion.AL2_GPU_2, InstanceType.INF2_XLARGE, 1],
    [InferenceAmiVersion.AL2_NEURON_2, InstanceType.G5_XLARGE, 1],
    [InferenceAmiVersion.AL2_GPU_2, InstanceType.G5_XLARGE, 0],
    [InferenceAmiVersion.AL2_NEURON_2, InstanceType.INF2_XLARGE, 0],
    [InferenceAmiVersion.of('al2027-ami-other'), InstanceType.M5_XLARGE, 0],
  ])('the machine image %o on %s: %i warnings', (inferenceAmiVersion, instanceType, count) => {
    expect(warningsOf({ inferenceAmiVersion, instanceType }, 'amiProcessor')).toHaveLength(count);
  });
});

describe('network isolation and a model of a hub', () => {
  const isolated = (environment: Record<string, string>) =>
    warningsOf(
      { enableNetworkIsolation: true, model: InferenceModel.fromContainer({ image: anImage(), environment }) },
      'isolatedDownload',
    );

  test.each([
    ['HF_MODEL_ID', 'owner/model'],
    ['HF_MODEL_ID', 's3://models/v1/'],
    ['SM_VLLM_MODEL', 'owner/model'],
  ])('%s=%s does not go with it', (name, value) => {
    expect(isolated({ [name]: value })).toEqual([expect.stringContaining(`${name} makes it download the model`)]);
  });

  test('a path in the container is none', () => {
    expect(isolated({ HF_MODEL_ID: '/opt/ml/model' })).toEqual([]);
  });

  test('without isolation, there is nothing to say', () => {
    const model = InferenceModel.fromContainer({ image: anImage(), environment: { HF_MODEL_ID: 'owner/model' } });
    expect(warningsOf({ model }, 'isolatedDownload')).toEqual([]);
  });
});

describe('what takes more than one deployment', () => {
  test.each<Partial<AsyncInferenceEndpointProps>>([
    { variantName: 'main' },
    { instancePools: [{ instanceType: InstanceType.M5_2XLARGE }] },
  ])('%o on an endpoint that scales gets a warning that tells how', (props) => {
    const [prop] = Object.keys(props);
    expect(warningsOf(props, 'scaledVariant')).toEqual([
      expect.stringContaining(`SageMaker refuses a change of ${prop}: deploy equal bounds of scaling first`),
    ]);
    expect(warningsOf({ ...props, scaling: FIXED }, 'scaledVariant')).toEqual([]);
  });

  test('an endpoint without them is silent', () => expect(warningsOf({}, '')).toEqual([]));
});

describe('an image without a model', () => {
  const serving = (repository: string, environment?: Record<string, string>, modelData?: ModelData) =>
    warningsOf(
      {
        instanceType: InstanceType.G6_XLARGE,
        model: InferenceModel.fromContainer({ image: anImage('1.0', repository), environment, modelData }),
      },
      'noModel',
    );

  test.each(['huggingface-pytorch-inference', 'huggingface-vllm', 'tei-cpu', 'vllm', 'sglang'])('%s', (repository) => {
    expect(serving(repository)).toEqual([expect.stringContaining(`the image ${repository} contains no model`)]);
    expect(serving(repository, { HF_TASK: 'text-classification', HF_MODEL_ID: '' })).toHaveLength(1);
  });

  test.each(['HF_MODEL_ID', 'SM_VLLM_MODEL', 'SM_SGLANG_MODEL_PATH', 'LLAMA_ARG_HF_REPO'])('%s names one', (name) => {
    expect(serving('huggingface-vllm', { [name]: 'owner/model' })).toEqual([]);
  });

  test('model data is one, and an image of another kind may contain one', () => {
    const models = Bucket.fromBucketName(aStack(), 'Models', 'models');
    expect(serving('vllm', {}, ModelData.fromPrefix(models, 'v1'))).toEqual([]);
    expect(serving('pytorch-inference')).toEqual([]);
  });
});
