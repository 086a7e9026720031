import { Duration } from 'aws-cdk-lib';
import type { AsyncInferenceEndpointDetails, IAsyncInferenceEndpoint } from './endpoint-interface';
import { assertValid } from '../shared/validation';

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

/** Details that must be known, or one error that tells how to provide all that are not. */
export function requiredDetails<K extends keyof AsyncInferenceEndpointDetails>(
  endpoint: IAsyncInferenceEndpoint,
  ...names: K[]
): { readonly [Name in K]: NonNullable<AsyncInferenceEndpointDetails[Name]> } {
  const details = detailsOf(endpoint);
  // Other languages pass null.
  const unknown = names.filter((name) => (details[name] ?? undefined) === undefined).join(', ');
  assertValid(endpoint, [
    unknown === ''
      ? undefined
      : `${unknown} of this endpoint must be known: import it with AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes and ${unknown}`,
  ]);
  return details as { [Name in K]: NonNullable<AsyncInferenceEndpointDetails[Name]> };
}

/** How long a request may wait in the queue of the endpoint, unless the request sets it. */
export function requestTtlOf(endpoint: IAsyncInferenceEndpoint): Duration {
  return detailsOf(endpoint).defaultRequestTtl ?? DEFAULT_REQUEST_TTL;
}

/** How long the model may take to process a request, unless the request sets it. */
export function invocationTimeoutOf(endpoint: IAsyncInferenceEndpoint): Duration {
  return detailsOf(endpoint).defaultInvocationTimeout ?? DEFAULT_INVOCATION_TIMEOUT;
}
