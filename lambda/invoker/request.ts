import type { InvokeEndpointAsyncCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerConfig } from '../../lib/contract/invoker';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import { InvalidRequestError, PayloadTooLargeError, tooLarge } from './errors';
import { memberErrors } from './members';
import type { ParsedRequest } from './parsed-request';

/** A request within every limit of InvokeEndpointAsync, with one of `payload` and `members.InputLocation`. */
export interface InferenceRequest {
  readonly payload?: Buffer;
  readonly members: Omit<InvokeEndpointAsyncCommandInput, 'EndpointName' | 'Body'> & { readonly InferenceId: string };
}

/**
 * Completes a request with the defaults of the stack and checks it.
 *
 * @param requestId the InferenceId of a request that has none
 * @throws PayloadTooLargeError when only its size is wrong
 * @throws InvalidRequestError with all errors
 */
export function toRequest(parsed: ParsedRequest, config: InvokerConfig, requestId: string): InferenceRequest {
  const { payload } = parsed;
  // A member that is undefined is absent.
  const members: Record<string, unknown> = {
    ContentType: config.defaultContentType,
    InferenceId: requestId,
    RequestTTLSeconds: config.defaultRequestTtlSeconds,
    InvocationTimeoutSeconds: config.defaultInvocationTimeoutSeconds,
    ...parsed.members,
  };
  // HTTP clients send it by default, and it says nothing to the model.
  if (members.Accept === '*/*') members.Accept = undefined;
  const errors = [
    ...parsed.errors,
    ...(payload?.length === 0 ? ['the payload is empty: give at least one byte'] : []),
    ...memberErrors(members, config.inputLocationPrefixes ?? []),
  ];
  const oversize =
    (config.inputPolicy ?? 'inline') === 'inline' && payload !== undefined && payload.length > MAX_INLINE_PAYLOAD_BYTES;
  if (errors.length > 0) throw new InvalidRequestError(oversize ? [...errors, tooLarge(payload.length)] : errors);
  if (oversize) throw new PayloadTooLargeError(payload.length);
  return { payload, members: members as unknown as InferenceRequest['members'] };
}
