import { Aws } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import type { ContainerImageConfig } from '../../../lib';
import { ContainerImage, ImageProcessor, InferenceModel, InstanceType } from '../../../lib';
import { hardwareOf } from '../../../lib/model/image-platform';
import { ENV, aStack, anEndpoint } from '../../../tools/showcase/stacks';

const DIGEST = `sha256:${'0'.repeat(64)}`;
const DIRECTORY = `${__dirname}/../../support/image`;

function serve(image: ContainerImage, instanceType: string, stack = aStack({ env: ENV })): Stack {
  anEndpoint(stack, {
    model: InferenceModel.fromContainer({ image, environment: { HF_MODEL_ID: 'org/model' } }),
    instanceType: InstanceType.of(instanceType),
    createInvoker: false,
  });
  return stack;
}

const CPU = ['huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'] as const;
const GPU = ['vllm', '0.30.0-gpu-py312-cu130-ubuntu24.04-sagemaker'] as const;
const GRAVITON = ['pytorch-inference-arm64', '2.6.0-cpu-py312-ubuntu22.04-sagemaker'] as const;

test.each([
  [...CPU, 'ml.m5.xlarge'],
  [...CPU, 'ml.r8i.large'],
  [...GPU, 'ml.g6.xlarge'],
  [...GPU, 'ml.p5.48xlarge'],
  ['djl-inference', '0.38.0-lmi29.0.0-cu130', 'ml.g5.xlarge'],
  ['huggingface-pytorch-inference-neuronx', '2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0', 'ml.inf2.xlarge'],
  ['huggingface-pytorch-inference-neuronx', '2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0', 'ml.trn1.2xlarge'],
  [...GRAVITON, 'ml.m7g.large'],
  ['sagemaker-xgboost', '1.5-1-arm64', 'ml.c7g.large'],
  ['sagemaker-xgboost', DIGEST, 'ml.c7g.large'],
  ['vllm', DIGEST, 'ml.g6.xlarge'],
  // What no table tells is not checked.
  ['pytorch-inference', '2.6.0', 'ml.g6.xlarge'],
  ['pytorch-inference', '2.6.0', 'ml.m5.xlarge'],
  [...GPU, 'ml.z9.xlarge'],
])('%s:%s is served by %s', (repository, tag, instanceType) => {
  const warnings = Annotations.fromStack(serve(ContainerImage.fromDlc(repository, tag), instanceType)).findWarning(
    '*',
    Match.anyValue(),
  );
  // An instance type may be newer than this version.
  expect(warnings.filter(({ entry }) => !(entry.data as string).includes('unknownInstanceType'))).toEqual([]);
});

test.each([
  ['763104351884', true],
  [ENV.account, false],
])('what the names of a repository of the account %s say is known: %p', (account, isKnown) => {
  const stack = aStack({ env: ENV });
  const arn = `arn:aws:ecr:${ENV.region}:${account}:repository/${GPU[0]}`;
  const image = ContainerImage.fromEcrRepository(Repository.fromRepositoryArn(stack, 'Repository', arn), GPU[1]);
  const define = () => serve(image, 'ml.m5.xlarge', stack);
  if (isKnown) expect(define).toThrow(NEEDS_GPU);
  else expect(define).not.toThrow();
});

const NEEDS_GPU = /the image needs an NVIDIA GPU, .*got the instance type (ml\.\S+): use another instance type/;
const NEEDS_NEURON = /the image needs AWS Inferentia2 or AWS Trainium, .*got the instance type (ml\.\S+): use another/;
const NEEDS_X86 = /the image is built for linux\/amd64, and the instance type ml\.\S+ runs linux\/arm64: use another/;
const NEEDS_ARM = /the image is built for linux\/arm64, and the instance type ml\.\S+ runs linux\/amd64: use another/;

test.each<[string, string, string, RegExp]>([
  [...GPU, 'ml.m5.xlarge', NEEDS_GPU],
  [...GPU, 'ml.c7g.xlarge', NEEDS_GPU],
  [...GPU, 'ml.inf2.xlarge', NEEDS_GPU],
  ['vllm', DIGEST, 'ml.m5.xlarge', NEEDS_GPU],
  ['vllm', 'server-sagemaker-cuda-v2.6', 'ml.t2.medium', NEEDS_GPU],
  ['djl-inference', '0.38.0-lmi29.0.0-cu130', 'ml.r7i.large', NEEDS_GPU],
  ['tei', '2.0.1-tei1.8.2', 'ml.m5.xlarge', NEEDS_GPU],
  ['djl-inference', '0.30.0-neuronx-sdk2.20.1', 'ml.g5.xlarge', NEEDS_NEURON],
  ['djl-inference', '0.30.0-neuronx-sdk2.20.1', 'ml.m5.xlarge', NEEDS_NEURON],
  [...CPU, 'ml.m7g.large', NEEDS_X86],
  ['tei-cpu', '2.0.1-tei1.8.2', 'ml.r8g.large', NEEDS_X86],
  ['pytorch-inference', '2.6.0', 'ml.p6e-gb200.36xlarge', NEEDS_X86],
  [...GRAVITON, 'ml.m5.xlarge', NEEDS_ARM],
  [...GRAVITON, 'ml.g6.xlarge', NEEDS_ARM],
  ['pytorch-inference-graviton', '2.4.0-cpu-py311', 'ml.c6i.xlarge', NEEDS_ARM],
])('%s:%s cannot run on %s', (repository, tag, instanceType, error) => {
  expect(() => serve(ContainerImage.fromDlc(repository, tag), instanceType)).toThrow(error);
});

test.each([
  [...CPU, 'ml.g6.xlarge'],
  ['llama-cpp', 'server-sagemaker-cpu-v1.0.1', 'ml.inf2.xlarge'],
  ['tei-cpu', '2.0.1-tei1.8.2', 'ml.p4d.24xlarge'],
])('%s:%s leaves what makes %s expensive idle, which is a warning', (repository, tag, instanceType) => {
  Annotations.fromStack(serve(ContainerImage.fromDlc(repository, tag), instanceType)).hasWarning(
    '*',
    Match.stringLikeRegexp(`uses the CPU only, and the instance type ${instanceType} has a GPU.*cpuImageOnAccelerator`),
  );
});

describe('instance pools', () => {
  const image = (...[repository, tag]: readonly [string, string]) =>
    InferenceModel.fromContainer({ image: ContainerImage.fromDlc(repository, tag) });
  const pool = (instanceType: string, model?: InferenceModel) => ({
    instanceType: InstanceType.of(instanceType),
    model,
  });
  const define = (...instancePools: ReturnType<typeof pool>[]) =>
    anEndpoint(aStack({ env: ENV }), { model: image(...GPU), instanceType: InstanceType.G6_XLARGE, instancePools });

  test('serve the image of the endpoint, and the error names the type that cannot', () =>
    expect(() => define(pool('ml.g5.xlarge'), pool('ml.m5.xlarge'))).toThrow(NEEDS_GPU));

  test('serve their own image', () => {
    const neuron = image('huggingface-vllm-inference-neuronx', '0.11.0-optimum0.4.4');
    expect(() => define(pool('ml.g5.xlarge'), pool('ml.inf2.xlarge', neuron))).not.toThrow();
    expect(() => define(pool('ml.g5.xlarge', neuron))).toThrow(NEEDS_NEURON);
    const cpu = image(...CPU);
    expect(() => define(pool('ml.g5.xlarge'), pool('ml.m5.xlarge', cpu))).not.toThrow();
    expect(() => define(pool('ml.g5.xlarge'), pool('ml.m7g.xlarge', cpu))).toThrow(NEEDS_X86);
  });
});

test('an image that CDK builds must be built for the architecture of the instance type', () => {
  expect(() => serve(ContainerImage.fromAsset(DIRECTORY), 'ml.c7g.xlarge')).toThrow(NEEDS_X86);
  const arm = () => ContainerImage.fromAsset(DIRECTORY, { platform: Platform.LINUX_ARM64 });
  expect(() => serve(arm(), 'ml.c7g.xlarge')).not.toThrow();
  expect(() => serve(arm(), 'ml.c6i.xlarge')).toThrow(NEEDS_ARM);
  const other = ContainerImage.fromAsset(DIRECTORY, { platform: Platform.custom('linux/riscv64') });
  expect(() => serve(other, 'ml.c6i.xlarge')).not.toThrow();
});

test('an image of a class of the user says what it needs', () => {
  class Own extends ContainerImage {
    public bind(): ContainerImageConfig {
      return { imageUri: 'own.example.com/image:1', processor: ImageProcessor.NEURON };
    }
  }
  expect(() => serve(new Own(), 'ml.g5.xlarge')).toThrow(NEEDS_NEURON);
});

test('an image that is given by its URI is not checked', () =>
  expect(() =>
    serve(ContainerImage.fromUri(`763104351884.dkr.ecr.eu-west-1.amazonaws.com/${GPU.join(':')}`), 'ml.m5.xlarge'),
  ).not.toThrow());

test.each([
  ['ml.g5.xlarge', 'GPU'],
  ['ml.p5en.48xlarge', 'GPU'],
  ['ml.p6-b200.48xlarge', 'GPU'],
  ['ml.inf2.xlarge', 'Neuron'],
  ['ml.trn1n.32xlarge', 'Neuron'],
  ['ml.c7g.xlarge', 'Graviton'],
  ['ml.m6gd.xlarge', 'Graviton'],
  ['ml.m5.xlarge', 'x86'],
  ['ml.c6in.large', 'x86'],
  ['ml.dl1.24xlarge', undefined],
  [Aws.STACK_NAME, undefined],
])('the hardware of %s is %s', (name, hardware) => {
  expect(hardwareOf(name)).toBe(hardware);
});
