import { Duration } from 'aws-cdk-lib';
import type { AsyncInferenceEndpointDetails, IAsyncInferenceEndpoint } from './endpoint-interface';
import { assertValid, required } from '../shared/validation';

/** How long a request may wait if neither the request nor the endpoint sets it. This is the default of SageMaker. */
const DEFAULT_REQUEST_TTL = Duration.hours(6);

/** How long the model may take if neither the request nor the endpoint sets it. This is the default of SageMaker. */
const DEFAULT_INVOCATION_TIMEOUT = Duration.minutes(15);

/** What is known about an endpoint. The check is for implementations in other languages, which no compiler holds to the interface. */
export function detailsOf(endpoint: IAsyncInferenceEndpoint): AsyncInferenceEndpointDetails {
  const details = endpoint.attributes as Partial<AsyncInferenceEndpointDetails> | undefined;
  assertValid(endpoint, [
    details?.endpointName === undefined
      ? 'attributes must be an AsyncInferenceEndpointDetails with at least endpointName: the class of this endpoint returns none'
      : undefined,
  ]);
  return endpoint.attributes;
}

/** A detail that must be known, or an error that tells how to provide it. */
export function requiredDetail<K extends keyof AsyncInferenceEndpointDetails>(
  endpoint: IAsyncInferenceEndpoint,
  name: K,
): NonNullable<AsyncInferenceEndpointDetails[K]> {
  return required<NonNullable<AsyncInferenceEndpointDetails[K]>>(
    endpoint,
    detailsOf(endpoint)[name] ?? undefined,
    `${name} of this endpoint is not known: import it with AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes and ${name}`,
  );
}

/** How long a request may wait in the queue of the endpoint, unless the request sets it. */
export function requestTtlOf(endpoint: IAsyncInferenceEndpoint): Duration {
  return detailsOf(endpoint).defaultRequestTtl ?? DEFAULT_REQUEST_TTL;
}

/** How long the model may take to process a request, unless the request sets it. */
export function invocationTimeoutOf(endpoint: IAsyncInferenceEndpoint): Duration {
  return detailsOf(endpoint).defaultInvocationTimeout ?? DEFAULT_INVOCATION_TIMEOUT;
}
