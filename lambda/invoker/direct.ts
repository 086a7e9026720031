import type { InvokerConfig } from '../../lib/invoker-contract';
import { SECONDS_LIMITS, TEXT_LIMITS } from '../../lib/invoker-contract';
import { InvalidRequestError } from './errors';
import { encodeBase64, encodeJson, encodeText } from './payload';
import type { InferenceRequest, Members } from './request';
import { kind, shown, toRequest } from './request';

const PAYLOADS = ['Body', 'BodyBase64', 'InputLocation'];
const MEMBERS = new Set([...PAYLOADS, ...Object.keys(TEXT_LIMITS), ...Object.keys(SECONDS_LIMITS)]);

/** The request of a direct call, an event in the form of `InvokerRequest`. */
export function fromDirectCall(event: unknown, config: InvokerConfig, requestId: string): InferenceRequest {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new InvalidRequestError([`the event is ${kind(event)}: give an object such as {"Body": "…"}`]);
  }
  const { Body, BodyBase64, Accept, ...members } = event as Members;
  const faults = [...unknownMembers(event), ...payloadFaults(event as Members)];
  return toRequest(encode(Body, BodyBase64, faults), {
    ContentType: Body === undefined || typeof Body === 'string' ? config.defaultContentType : 'application/json',
    InferenceId: requestId,
    ...members,
    // Clients that take anything say so unasked; the model need not hear of it
    ...Accept !== '*/*' && { Accept },
  }, faults);
}

function unknownMembers(event: object): string[] {
  const unknown = Object.keys(event).filter((name) => !MEMBERS.has(name));
  if (unknown.length === 0) return [];
  const names = unknown.slice(0, 5).map(shown).join(', ') + (unknown.length > 5 ? ` and ${unknown.length - 5} more` : '');
  return [`${names} is not taken: an event has ${[...MEMBERS].join(', ')}, and the endpoint is this invoker's own`];
}

function payloadFaults(event: Members): string[] {
  const given = PAYLOADS.filter((name) => event[name] !== undefined);
  if (given.length !== 1) return [`${given.join(' and ') || 'no payload'} is given: give one of ${PAYLOADS.join(', ')}`];
  if (event.InputLocation !== undefined) return ['InputLocation is not taken by this invoker: give Body or BodyBase64'];
  if (event.Body === null) return ['Body is null: give any other JSON value'];
  return event.Body === '' || event.BodyBase64 === '' ? ['the payload is empty: give at least one byte'] : [];
}

function encode(body: unknown, base64: unknown, faults: string[]): Buffer {
  if (base64 !== undefined) return encodeBase64('BodyBase64', base64, faults);
  if (body === undefined || body === null) return Buffer.alloc(0);
  return typeof body === 'string' ? encodeText('Body', body, faults) : encodeJson('Body', body, faults);
}
