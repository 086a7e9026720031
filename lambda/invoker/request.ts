import type { InvokeEndpointAsyncCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerConfig } from '../../lib/contract/invoker';
import { MAX_INLINE_PAYLOAD_BYTES, TASK_ID_PREFIX } from '../../lib/contract/invoker';
import { InvalidRequestError, PayloadTooLargeError, tooLarge } from './errors';
import type { Members } from './members';
import { memberFaults } from './members';

/** A request as an adapter read it. */
export interface Draft {
  /** Absent where the members name an InputLocation, or where the faults tell why. */
  readonly payload?: Buffer;
  readonly members: Members;
  /** What the adapter found wrong, in the caller's words. */
  readonly faults: readonly string[];
  /** What names the request in the log where its caller gave a wrong id. */
  readonly origin?: Readonly<Record<string, string>>;
}

/** A request within every limit of InvokeEndpointAsync, with one of `payload` and `members.InputLocation`. */
export interface InferenceRequest {
  readonly payload?: Buffer;
  readonly members: Omit<InvokeEndpointAsyncCommandInput, 'EndpointName' | 'Body'> & { readonly InferenceId: string };
}

/**
 * @throws PayloadTooLargeError when its size is all that is wrong
 * @throws InvalidRequestError with every fault there is
 */
export function toRequest({ payload, ...draft }: Draft, config: InvokerConfig, requestId: string): InferenceRequest {
  const { Accept, ...members }: Members = {
    ContentType: config.defaultContentType,
    InferenceId: requestId,
    ...(config.requestTtlSeconds !== undefined && { RequestTTLSeconds: config.requestTtlSeconds }),
    ...(config.invocationTimeoutSeconds !== undefined && { InvocationTimeoutSeconds: config.invocationTimeoutSeconds }),
    ...draft.members,
  };
  // Clients that take anything say so unasked; the model need not hear of it
  const kept = Accept === undefined || Accept === '*/*' ? members : { ...members, Accept };
  const faults = [
    ...draft.faults,
    ...(payload?.length === 0 ? ['the payload is empty: give at least one byte'] : []),
    ...memberFaults(kept, config.inputLocationPrefixes ?? []),
  ];
  const oversize =
    (config.inputPolicy ?? 'inline') === 'inline' && payload !== undefined && payload.length > MAX_INLINE_PAYLOAD_BYTES;
  if (faults.length > 0) throw new InvalidRequestError(oversize ? [...faults, tooLarge(payload.length)] : faults);
  if (oversize) throw new PayloadTooLargeError(payload.length);
  return { payload, members: kept as InferenceRequest['members'] };
}

/** A draft whose id is not one that a task of Step Functions waits for. */
export function refuseTaskId(draft: Draft): Draft {
  const { InferenceId } = draft.members;
  if (typeof InferenceId !== 'string' || !InferenceId.startsWith(TASK_ID_PREFIX)) return draft;
  const fault = `InferenceId begins with "${TASK_ID_PREFIX}", which is kept for tasks of Step Functions: give another one`;
  return { ...draft, faults: [...draft.faults, fault] };
}
