import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';

/** The rates of all request queues of an endpoint, in requests per second and instance. They fill the same backlog. */
const rates = new WeakMap<IAsyncInferenceEndpoint, number>();

export function rateOfOthers(endpoint: IAsyncInferenceEndpoint): number {
  return rates.get(endpoint) ?? 0;
}

export function addRate(endpoint: IAsyncInferenceEndpoint, requestsPerSecond: number): void {
  rates.set(endpoint, rateOfOthers(endpoint) + requestsPerSecond);
}
