import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import { AsyncInferenceEndpoint } from './endpoint';

/** The invoker that an endpoint of this library created. Undefined for all other endpoints. */
export function ownInvoker(endpoint: IAsyncInferenceEndpoint): AsyncInferenceInvoker | undefined {
  return AsyncInferenceEndpoint.isAsyncInferenceEndpoint(endpoint) ? endpoint._invoker : undefined;
}
