import type { Members } from '../members';
import { MEMBER_NAMES } from '../members';
import { encodeBase64, encodeJson, encodeText } from '../payload';
import type { Caller } from './caller';

const PAYLOADS = ['Body', 'BodyBase64', 'InputLocation'];
const MEMBERS = new Set([...PAYLOADS, ...MEMBER_NAMES]);

/** A direct call: an event in the form of `InvokerRequest`. Its caller gets the response itself, or the error. */
export const direct: Caller<Members> = {
  name: 'Direct call',
  event: 'a direct call such as {"Body": "…"}',
  matches(event): event is Members {
    if (typeof event !== 'object' || event === null || Array.isArray(event)) return false;
    const names = Object.keys(event);
    return names.length === 0 || names.some((name) => MEMBERS.has(name));
  },
  read(event) {
    const { Body, BodyBase64, ...members } = event;
    const errors = [...unknownMemberErrors(event), ...payloadErrors(event)];
    return {
      payload: encode(Body, BodyBase64, errors),
      members: {
        ...(Body !== undefined && typeof Body !== 'string' && { ContentType: 'application/json' }),
        ...members,
      },
      errors,
    };
  },
  accepted: (_, response) => response,
  failed: (_, error) => {
    throw error;
  },
};

/** The event may be the payload itself, so an unknown member is counted and not named. */
function unknownMemberErrors(event: Members): string[] {
  const unknown = Object.keys(event).filter((name) => !MEMBERS.has(name));
  if (unknown.length === 0) return [];
  const found = unknown.includes('EndpointName')
    ? "EndpointName is not supported: requests go to this invoker's own endpoint"
    : `the event has unknown members (${unknown.length})`;
  return [`${found}. A direct call has ${[...MEMBERS].join(', ')}`];
}

function payloadErrors(event: Members): string[] {
  const given = PAYLOADS.filter((name) => event[name] !== undefined);
  const allowed = `give one of ${PAYLOADS.join(', ')}`;
  if (given.length === 0) return [`no payload is given: ${allowed}`];
  if (given.length > 1) return [`${given.join(' and ')} are mutually exclusive: ${allowed}`];
  return event.Body === null ? ['Body is null: give any other JSON value'] : [];
}

function encode(body: unknown, base64: unknown, errors: string[]): Buffer | undefined {
  if (base64 !== undefined) return encodeBase64('BodyBase64', base64, errors);
  if (body === undefined || body === null) return undefined;
  return typeof body === 'string' ? encodeText('Body', body, errors) : encodeJson('Body', body, errors);
}
