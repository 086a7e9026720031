import type { InvokeEndpointAsyncCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerConfig, TextLimit } from '../../lib/invoker-contract';
import { HEADER_TEXT, MAX_INLINE_PAYLOAD_BYTES, SECONDS_LIMITS, TASK_ID_PREFIX, TEXT_LIMITS } from '../../lib/invoker-contract';
import { InvalidRequestError, PayloadTooLargeError, tooLarge } from './errors';

/** Members by the API's names, as a caller gave them: anything may be there. */
export type Members = Readonly<Record<string, unknown>>;

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
    ...config.requestTtlSeconds !== undefined && { RequestTTLSeconds: config.requestTtlSeconds },
    ...config.invocationTimeoutSeconds !== undefined && { InvocationTimeoutSeconds: config.invocationTimeoutSeconds },
    ...draft.members,
  };
  // Clients that take anything say so unasked; the model need not hear of it
  const kept = Accept === undefined || Accept === '*/*' ? members : { ...members, Accept };
  const faults = [
    ...draft.faults,
    ...payload?.length === 0 ? ['the payload is empty: give at least one byte'] : [],
    ...textFaults(kept),
    ...secondsFaults(kept),
    ...locationFaults(kept.InputLocation, config.inputLocationPrefixes ?? []),
  ];
  const oversize = (config.inputPolicy ?? 'inline') === 'inline' && payload !== undefined && payload.length > MAX_INLINE_PAYLOAD_BYTES;
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

/** Members that came as text, with whole numbers where the API has numbers. */
export function membersOfText(texts: Readonly<Record<string, string>>): Members {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) =>
    [name, name in SECONDS_LIMITS && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : text]));
}

function textFaults(members: Members): string[] {
  return Object.entries<TextLimit>(TEXT_LIMITS).flatMap(([name, { min, max, pattern, form }]) => {
    const value = members[name];
    if (value === undefined) return [];
    if (typeof value !== 'string') return [`${name} is ${kind(value)}: give a string`];
    const wanted = [
      value.length >= min && value.length <= max ? '' : `${min} to ${max} characters`,
      HEADER_TEXT.test(value) ? '' : 'printable ASCII without a space at either end',
      pattern?.test(value) ?? true ? '' : form,
    ].filter(Boolean);
    // The service marks CustomAttributes as sensitive
    const got = name === 'CustomAttributes' ? `${value.length} characters` : `${shown(value)} (${value.length} characters)`;
    return wanted.length === 0 ? [] : [`${name} is ${got}: give ${wanted.join(', ')}`];
  });
}

function secondsFaults(members: Members): string[] {
  return Object.entries(SECONDS_LIMITS).flatMap(([name, { min, max }]) => {
    const value = members[name];
    const holds = value === undefined || (Number.isInteger(value) && Number(value) >= min && Number(value) <= max);
    return holds ? [] : [`${name} is ${shown(value)}: give a whole number from ${min} to ${max}`];
  });
}

function locationFaults(location: unknown, prefixes: readonly string[]): string[] {
  if (typeof location !== 'string' || prefixes.some((prefix) => location.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`))) return [];
  if (prefixes.length === 0) return ['InputLocation is not taken by this invoker: give the payload itself'];
  return [`InputLocation is ${shown(location)}: give an object under ${prefixes.join(' or ')}`];
}

/** A caller's value, short and on one line. */
export function shown(value: unknown): string {
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kind(value);
  return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}…` : value);
}

export function kind(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
