import type { InvokeEndpointAsyncCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import { InvokeEndpointAsyncCommand } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerConfig, InvokerResponse } from '../../lib/contract/invoker';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import type { SdkError } from '../shared/sdk-error';
import { MissingOutputLocationError, UnreadableResponseError } from './errors';
import { isDefiniteRefusal } from './failure';
import type { InvokerContext } from './invoker-context';
import type { InferenceRequest } from './request';

/** What the service returned for a request that it accepted, and the attempts that it took. */
export interface SubmittedRequest {
  readonly response: InvokerResponse;
  readonly attempts?: number;
}

/** Whether a payload is put in S3 first. */
export function needsUpload({ inputPolicy = 'inline' }: InvokerConfig, payload: Buffer | undefined): payload is Buffer {
  if (payload === undefined || inputPolicy === 'inline') return false;
  return inputPolicy === 'always-s3' || payload.length > MAX_INLINE_PAYLOAD_BYTES;
}

/** Puts a request into the endpoint's queue. Errors of the service pass through unchanged. */
export async function submit(
  invoker: InvokerContext,
  { payload, members }: InferenceRequest,
  abortSignal: AbortSignal,
): Promise<SubmittedRequest> {
  if (!needsUpload(invoker.config, payload)) return send(invoker, members, { Body: payload }, abortSignal);
  if (!invoker.storeInput)
    throw new Error(
      'large payloads cannot be put in S3 while a deployment changes the code and the settings of this function',
    );
  const input = await invoker.storeInput(
    invoker.config,
    members.InferenceId,
    payload,
    members.ContentType,
    abortSignal,
  );
  try {
    return await send(invoker, members, { InputLocation: input.location }, abortSignal);
  } catch (error) {
    // An upload that cannot be removed expires, and the caller needs to know of the refusal.
    if (isDefiniteRefusal(error)) await input.remove().catch(() => undefined);
    throw error;
  }
}

async function send(
  { client, config }: InvokerContext,
  members: InferenceRequest['members'],
  input: Pick<InvokeEndpointAsyncCommandInput, 'Body' | 'InputLocation'>,
  abortSignal: AbortSignal,
): Promise<SubmittedRequest> {
  const command = new InvokeEndpointAsyncCommand({ ...members, ...input, EndpointName: config.endpointName });
  const output = await client.send(command, { abortSignal }).catch((error: SdkError) => {
    throw error instanceof SyntaxError ? new UnreadableResponseError(error.$metadata ?? {}) : error;
  });
  const { InferenceId = members.InferenceId, OutputLocation, FailureLocation, $metadata } = output;
  if (!OutputLocation) throw new MissingOutputLocationError(InferenceId);
  return { response: { InferenceId, OutputLocation, FailureLocation }, attempts: $metadata.attempts };
}
