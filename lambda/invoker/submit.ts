import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { InvokeEndpointAsyncCommand } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerResponse } from '../../lib/invoker-contract';
import { MissingOutputLocationError } from './errors';
import type { InferenceRequest } from './request';

/** Puts a request into the endpoint's queue. Errors of the service pass through as they are. */
export async function submit(client: SageMakerRuntimeClient, endpointName: string, request: InferenceRequest): Promise<InvokerResponse> {
  const answer = await client.send(new InvokeEndpointAsyncCommand({ ...request, EndpointName: endpointName }));
  const { InferenceId = request.InferenceId, OutputLocation, FailureLocation } = answer;
  if (!OutputLocation) throw new MissingOutputLocationError(InferenceId);
  return { InferenceId, OutputLocation, ...FailureLocation && { FailureLocation } };
}
