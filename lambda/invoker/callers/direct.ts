import type { Members } from '../members';
import { MEMBER_NAMES } from '../members';
import { encodeBase64, encodeJson, encodeText } from '../payload';
import type { Draft } from '../request';
import { kind, shown } from '../quote';

const PAYLOADS = ['Body', 'BodyBase64', 'InputLocation'];
const MEMBERS = new Set([...PAYLOADS, ...MEMBER_NAMES]);
const FORMS =
  'give a direct call such as {"Body": "…"}, or the event of an API Gateway REST or HTTP API, of a function URL or of an SQS queue';

/** The request of a direct call, an event in the form of `InvokerRequest`. */
export function fromDirectCall(event: unknown): Draft {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return { members: {}, faults: [`the event is ${kind(event)}: ${FORMS}`] };
  }
  const { Body, BodyBase64, ...members } = event as Members;
  const faults = [...unknownMembers(event), ...payloadFaults(event as Members)];
  return {
    payload: encode(Body, BodyBase64, faults),
    members: { ...(Body !== undefined && typeof Body !== 'string' && { ContentType: 'application/json' }), ...members },
    faults,
  };
}

function unknownMembers(event: object): string[] {
  const names = Object.keys(event);
  const unknown = names.filter((name) => !MEMBERS.has(name));
  if (unknown.length === 0) return [];
  const some =
    unknown.slice(0, 5).map(shown).join(', ') + (unknown.length > 5 ? ` and ${unknown.length - 5} more` : '');
  if (unknown.length === names.length) return [`the event has ${some} and fits no known form: ${FORMS}`];
  return [`${some} is not taken: a direct call has ${[...MEMBERS].join(', ')}, and the endpoint is this invoker's own`];
}

function payloadFaults(event: Members): string[] {
  const given = PAYLOADS.filter((name) => event[name] !== undefined);
  if (given.length !== 1)
    return [
      `${given.length === 0 ? 'no payload is' : `${given.join(' and ')} are`} given: give one of ${PAYLOADS.join(', ')}`,
    ];
  return event.Body === null ? ['Body is null: give any other JSON value'] : [];
}

function encode(body: unknown, base64: unknown, faults: string[]): Buffer | undefined {
  if (base64 !== undefined) return encodeBase64('BodyBase64', base64, faults);
  if (body === undefined || body === null) return undefined;
  return typeof body === 'string' ? encodeText('Body', body, faults) : encodeJson('Body', body, faults);
}
