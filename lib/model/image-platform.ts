import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { DLC_REPOSITORIES } from './dlc-registry';
import type { ValidationError } from '../shared/validation';

/** The processor that the software in a container image uses. */
export enum ImageProcessor {
  /** The CPU. Such an image runs on every instance type of its architecture. */
  CPU = 'CPU',
  /** An NVIDIA GPU. */
  GPU = 'GPU',
  /** AWS Inferentia or AWS Trainium. */
  NEURON = 'NEURON',
}

/** What an image needs of the instance type. */
export interface ImageRequirements {
  readonly processor?: ImageProcessor;
  readonly platform?: Platform;
}

/** A word of a tag or of the name of a repository. */
const word = (pattern: string) => new RegExp(`(^|[-_.])(${pattern})([-_.]|$)`);
const MARKS: readonly (readonly [RegExp, ImageProcessor])[] = [
  [/neuron/, ImageProcessor.NEURON],
  [word('gpu|cuda|cu\\d{2,3}'), ImageProcessor.GPU],
  [word('cpu'), ImageProcessor.CPU],
];
const ARM = word('arm64|aarch64|graviton');

/** What the names of AWS say about an image of Deep Learning Containers. */
export function requirementsOfDlc(repositoryName: string, tagOrDigest: string): ImageRequirements {
  const known = DLC_REPOSITORIES.get(repositoryName);
  const marked = (name: string) => MARKS.find(([mark]) => mark.test(name))?.[1];
  const isArm = [tagOrDigest, repositoryName].some((name) => ARM.test(name));
  // A digest does not tell the architecture, and a repository that the tables lack may have images for several platforms.
  const isX86 = known !== undefined && !tagOrDigest.startsWith('sha256:');
  return {
    processor: marked(tagOrDigest) ?? marked(repositoryName) ?? processorNamed(known?.processor),
    platform: isArm ? Platform.LINUX_ARM64 : isX86 ? Platform.LINUX_AMD64 : undefined,
  };
}

/** The same for an image in a repository of AWS. What the names of other repositories mean is not known. */
export function requirementsOfRepository(repository: IRepository, tagOrDigest: string): ImageRequirements {
  const { repositoryName, env } = repository;
  const accounts = Object.values(DLC_REPOSITORIES.get(repositoryName)?.accounts ?? {});
  return accounts.includes(env.account) ? requirementsOfDlc(repositoryName, tagOrDigest) : {};
}

function processorNamed(name: string | undefined): ImageProcessor | undefined {
  return name === undefined ? undefined : ImageProcessor[name.toUpperCase() as ImageProcessor];
}

/** The processor of an instance type by the letters of its family. Undefined for families that are not known. */
export function processorOf(instanceTypeName: string): ImageProcessor | undefined {
  if (/^ml\.[gp]\d/.test(instanceTypeName)) return ImageProcessor.GPU;
  if (/^ml\.(inf|trn)\d/.test(instanceTypeName)) return ImageProcessor.NEURON;
  return /^ml\.[cmrt]\d/.test(instanceTypeName) ? ImageProcessor.CPU : undefined;
}

/** The architecture of an instance type. Undefined for families that are not known. */
function architectureOf(instanceTypeName: string): 'arm64' | 'amd64' | undefined {
  if (/^ml\.([cmrt]\d+g|g5g|p\w+-gb)/.test(instanceTypeName)) return 'arm64';
  return processorOf(instanceTypeName) && 'amd64';
}

/** What a model must be built for to run on an instance type, in words. Undefined for families that are not known. */
export function hardwareOf(instanceTypeName: string): string | undefined {
  const processor = processorOf(instanceTypeName);
  if (processor === ImageProcessor.NEURON) return 'Neuron';
  if (processor !== ImageProcessor.CPU) return processor;
  return architectureOf(instanceTypeName) === 'arm64' ? 'Graviton' : 'x86';
}

const NEEDS: Readonly<Record<ImageProcessor, string>> = {
  [ImageProcessor.CPU]: 'a CPU',
  [ImageProcessor.GPU]: 'an NVIDIA GPU, for example ml.g6.xlarge',
  [ImageProcessor.NEURON]: 'AWS Inferentia2 or AWS Trainium, for example ml.inf2.xlarge',
};

/** Reports an image that cannot run on an instance type. */
export function platformErrors(
  { processor, platform }: ImageRequirements,
  instanceTypeName: string,
): ValidationError[] {
  const actual = processorOf(instanceTypeName);
  const architecture = architectureOf(instanceTypeName);
  const built = /^linux\/(arm64|amd64)/.exec(platform?.platform ?? '')?.[1];
  return [
    processor && actual && processor !== ImageProcessor.CPU && processor !== actual
      ? `the image needs ${NEEDS[processor]}, got the instance type ${instanceTypeName}: use another instance type, or another image`
      : undefined,
    built && architecture && built !== architecture
      ? `the image is built for linux/${built}, and the instance type ${instanceTypeName} runs linux/${architecture}: use another ` +
        'instance type, or another image'
      : undefined,
  ];
}

/** Whether an instance type has a GPU or an AWS Neuron device that the image leaves idle. */
export function leavesAcceleratorIdle({ processor }: ImageRequirements, instanceTypeName: string): boolean {
  const actual = processorOf(instanceTypeName);
  return processor === ImageProcessor.CPU && actual !== undefined && actual !== ImageProcessor.CPU;
}
