import type { InvokeEndpointAsyncCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import { InvokeEndpointAsyncCommand } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerConfig, InvokerResponse } from '../../lib/contract/invoker';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import { MissingOutputLocationError, UnreadableAnswerError } from './errors';
import { isDefiniteRefusal } from './failure';
import type { Outlet } from './invoker-context';
import type { InferenceRequest } from './request';

/** The service's answer to a request that it accepted, and the attempts that it took. */
export interface Acceptance {
  readonly response: InvokerResponse;
  readonly attempts?: number;
}

/** Whether a payload is put in S3 first. */
export function needsUpload({ inputPolicy = 'inline' }: InvokerConfig, payload: Buffer | undefined): payload is Buffer {
  if (payload === undefined || inputPolicy === 'inline') return false;
  return inputPolicy === 'always-s3' || payload.length > MAX_INLINE_PAYLOAD_BYTES;
}

/** Puts a request into the endpoint's queue. Errors of the service pass through as they are. */
export async function submit(
  outlet: Outlet,
  { payload, members }: InferenceRequest,
  abortSignal: AbortSignal,
): Promise<Acceptance> {
  if (!needsUpload(outlet.config, payload)) return send(outlet, { ...members, Body: payload }, abortSignal);
  if (!outlet.storeInput)
    throw new Error(
      "the function's code and settings are being changed: it cannot put a payload in S3 yet, or any more",
    );
  const input = await outlet.storeInput(outlet.config, members.InferenceId, payload, members.ContentType, abortSignal);
  try {
    return await send(outlet, { ...members, InputLocation: input.location }, abortSignal);
  } catch (error) {
    // What cannot be removed expires; the refusal is what the caller needs to know
    if (isDefiniteRefusal(error)) await input.remove().catch(() => undefined);
    throw error;
  }
}

type Input = Omit<InvokeEndpointAsyncCommandInput, 'EndpointName'> & InferenceRequest['members'];

async function send({ client, config }: Outlet, input: Input, abortSignal: AbortSignal): Promise<Acceptance> {
  const command = new InvokeEndpointAsyncCommand({ ...input, EndpointName: config.endpointName });
  const answer = await client.send(command, { abortSignal }).catch((error: Error & UnreadableAnswerError) => {
    throw error instanceof SyntaxError ? new UnreadableAnswerError(error.$metadata) : error;
  });
  const { InferenceId = input.InferenceId, OutputLocation, FailureLocation, $metadata } = answer;
  if (!OutputLocation) throw new MissingOutputLocationError(InferenceId);
  return { response: { InferenceId, OutputLocation, FailureLocation }, attempts: $metadata.attempts };
}
