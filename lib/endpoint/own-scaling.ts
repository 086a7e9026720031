import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import type { AsyncInferenceScaling } from '../scaling/scaling';
import { AsyncInferenceEndpoint } from './endpoint';

/** The scaling of an endpoint of this library. Undefined for all other endpoints. */
export function ownScaling(endpoint: IAsyncInferenceEndpoint): AsyncInferenceScaling | undefined {
  return AsyncInferenceEndpoint.isAsyncInferenceEndpoint(endpoint) ? endpoint.scaling : undefined;
}
