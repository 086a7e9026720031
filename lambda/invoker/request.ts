import type { InvokeEndpointAsyncCommandInput } from '@aws-sdk/client-sagemaker-runtime';
import type { TextLimit } from '../../lib/invoker-contract';
import { HEADER_TEXT, MAX_INLINE_PAYLOAD_BYTES, SECONDS_LIMITS, TEXT_LIMITS } from '../../lib/invoker-contract';
import { InvalidRequestError, PayloadTooLargeError, tooLarge } from './errors';

/** A request that holds to every limit of InvokeEndpointAsync, whichever way it came. */
export type InferenceRequest = Omit<InvokeEndpointAsyncCommandInput, 'EndpointName'> & {
  readonly Body: Buffer;
  readonly InferenceId: string;
};

/** Members by the API's names, from a caller who may have put anything there. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * The request of a payload and its members.
 *
 * @param faults what the adapter has found before, in the caller's words
 * @throws PayloadTooLargeError when its size is all that is wrong
 * @throws InvalidRequestError with every fault there is
 */
export function toRequest(payload: Buffer, members: Members & { InferenceId: unknown }, faults: readonly string[]): InferenceRequest {
  const sizeFaults = payload.length > MAX_INLINE_PAYLOAD_BYTES ? [tooLarge(payload.length)] : [];
  const others = [...faults, ...memberFaults(members)];
  if (others.length > 0) throw new InvalidRequestError([...others, ...sizeFaults]);
  if (sizeFaults.length > 0) throw new PayloadTooLargeError(payload.length);
  return { ...members as { InferenceId: string }, Body: payload };
}

function memberFaults(members: Members): string[] {
  return [
    ...Object.entries(TEXT_LIMITS).flatMap(([name, limit]) => textFaults(name, members[name], limit)),
    ...Object.entries(SECONDS_LIMITS).flatMap(([name, { min, max }]) => {
      const value = members[name];
      const holds = value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max);
      return holds ? [] : [`${name} is ${shown(value)}: give a whole number from ${min} to ${max}`];
    }),
  ];
}

function textFaults(name: string, value: unknown, { min, max, pattern, form }: TextLimit): string[] {
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
