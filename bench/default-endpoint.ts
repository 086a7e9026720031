import type { Construct } from 'constructs';
import type { AsyncInferenceEndpointProps } from '../lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from '../lib';

/** An endpoint with no more than is required, besides what is measured. */
export function defaultEndpoint(
  scope: Construct,
  id: string,
  props: Partial<AsyncInferenceEndpointProps> = {},
): AsyncInferenceEndpoint {
  return new AsyncInferenceEndpoint(scope, id, {
    model: InferenceModel.fromContainer({
      image: ContainerImage.fromDlc('djl-inference', '1.0', { accountId: '763104351884' }),
    }),
    instanceType: InstanceType.M5_XLARGE,
    ...props,
  });
}
