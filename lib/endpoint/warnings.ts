import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AsyncInferenceEndpointProps } from './endpoint-props';
import type { ServedModel } from './validate';
import { warnIfIdle } from '../model/container-image';
import type { InferenceModelConfig } from '../model/inference-model';
import { hardwareOf, processorOf } from '../model/image-platform';
import type { ImageProcessor } from '../model/image-platform';
import { unknownType } from '../model/known-instance-types';
import { capacityOf } from '../scaling/capacity';
import { warn } from '../shared/warnings';

/** Warns about props that are legal but probably a mistake. */
export function warnAboutProps(
  endpoint: Construct,
  props: AsyncInferenceEndpointProps,
  models: readonly InferenceModelConfig[],
  served: readonly ServedModel[],
): void {
  const { volumeSize, volumeEncryptionKey } = props;
  const names = served.map(({ instanceTypeName }) => instanceTypeName);
  const unknown = names.map(unknownType).filter((type) => type !== undefined);
  if (unknown.length > 0) {
    warn(
      endpoint,
      'unknownInstanceType',
      `instance types that this version does not know: ${unknown.join(', ')}: check the names, or acknowledge this warning for newer types`,
    );
  }
  const local = names.filter(hasLocalStorage).join(', ');
  if (local && volumeEncryptionKey) {
    warn(
      endpoint,
      'nvmeVolumeKey',
      `${local}: this instance type has local NVMe storage, which volumeEncryptionKey does not encrypt`,
    );
  }
  if (local && volumeSize) {
    warn(
      endpoint,
      'nvmeVolumeSize',
      `${local}: this instance type has local NVMe storage of a fixed size: leave volumeSize out`,
    );
  }
  if (models[0]?.image?.processor === undefined) warnAboutPools(endpoint, props);
  warnAboutAmi(endpoint, props, names);
  warnAboutIsolation(endpoint, props, models);
  warnAboutTwoDeployments(endpoint, props);
  served.forEach(({ image, instanceTypeName }) => image && warnIfIdle(endpoint, image, instanceTypeName));
}

/** Instance types with local NVMe storage. A guess by name, so only for warnings. */
function hasLocalStorage(instanceTypeName: string): boolean {
  return /^ml\.(\w*\dg?i?d|g4dn|g5|g6e?|g7e?|p4de|p5(e|en)?|p6-\w+|p6e-\w+|dl1|trn1n?|trn2)\./.test(instanceTypeName);
}

/** The hardware that a model is built for is only known by the instance type of the endpoint, if its image does not tell. */
function warnAboutPools(endpoint: Construct, { instanceType, instancePools = [] }: AsyncInferenceEndpointProps): void {
  const hardware = hardwareOf(instanceType.instanceTypeName);
  const others = instancePools
    .filter(({ model }) => !model)
    .map((pool) => ({ name: pool.instanceType.instanceTypeName, own: hardwareOf(pool.instanceType.instanceTypeName) }))
    .filter(({ own }) => own !== undefined && hardware !== undefined && own !== hardware);
  if (others.length === 0) return;
  warn(
    endpoint,
    'poolProcessor',
    `${others.map(({ name, own }) => `${name} (${own})`).join(', ')} would run the model of ${instanceType.instanceTypeName} (${hardware}): ` +
      'give these pools a model of their own, or acknowledge this warning if the model runs on both',
  );
}

function warnAboutAmi(
  endpoint: Construct,
  { inferenceAmiVersion }: AsyncInferenceEndpointProps,
  names: readonly string[],
): void {
  const ami = inferenceAmiVersion?.amiVersionName ?? '';
  const expected = /-(gpu|neuron)-/.exec(ami)?.[1]?.toUpperCase() as ImageProcessor | undefined;
  if (!expected) return;
  const wrong = names.filter((name) => ![undefined, expected].includes(processorOf(name)));
  if (wrong.length === 0) return;
  warn(
    endpoint,
    'amiProcessor',
    `inferenceAmiVersion ${ami} is for ${expected} instances, and ${wrong.join(', ')} is none: leave it out`,
  );
}

/** A container without a network cannot load a model from a hub. */
function warnAboutIsolation(
  endpoint: Construct,
  { enableNetworkIsolation }: AsyncInferenceEndpointProps,
  models: readonly InferenceModelConfig[],
): void {
  if (!enableNetworkIsolation) return;
  for (const { downloadVariable, container } of models) {
    if (!downloadVariable) continue;
    const { [downloadVariable]: source } = container?.environment as Readonly<Record<string, string>>;
    if (Token.isUnresolved(source)) continue;
    warn(
      endpoint,
      'isolatedDownload',
      `enableNetworkIsolation cuts the container off, and ${downloadVariable} makes it download the model: use modelData, or acknowledge ` +
        'this warning if the image contains the model',
    );
  }
}

/** SageMaker refuses to replace a variant that Application Auto Scaling manages. */
function warnAboutTwoDeployments(
  endpoint: Construct,
  { variantName, instancePools, scaling = {} }: AsyncInferenceEndpointProps,
): void {
  const { minCapacity, maxCapacity } = capacityOf(scaling);
  const given = Object.entries({ variantName, instancePools }).flatMap(([prop, value]) => (value ? [prop] : []));
  if (given.length === 0 || minCapacity === maxCapacity) return;
  warn(
    endpoint,
    'scaledVariant',
    `on an endpoint that scales, SageMaker refuses a change of ${given.join(' and ')}: deploy equal bounds of scaling first, then the change`,
  );
}
