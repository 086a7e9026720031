import { createHash } from 'node:crypto';
import { HTTP_HEADER_PREFIX, HTTP_HEADERS, TRUSTED_HTTP_HEADERS } from '../../../lib/contract/http-headers';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { HEADER_TEXT, TEXT_LIMITS } from '../../../lib/contract/invoker';
import { membersOfText } from '../members';
import { encodeBase64, encodeText } from '../payload';
import type { Draft } from '../request';
import { shown } from '../quote';

/** What the proxy events of a REST API (version 1) and of an HTTP API or function URL (version 2) have in common. */
export interface HttpEvent {
  readonly version?: string;
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: { readonly apiId: string; readonly requestId?: string; readonly http?: object };
}

/** HTTP's own headers, which label a payload where the API's do not. */
const HTTP_ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  ContentType: ['content-type'],
  Accept: ['accept'],
};

/** The headers that a member is read from, the first that is there, in lower case. */
const HEADERS: readonly (readonly [member: string, names: readonly string[]])[] = Object.entries(HTTP_HEADERS).map(
  ([member, name]) => [member, [name.toLowerCase(), ...(HTTP_ALTERNATIVES[member] ?? [])]],
);
const KNOWN_HEADERS = new Set(HEADERS.flatMap(([, names]) => names));

export function isHttpEvent(event: unknown): event is HttpEvent {
  const { version, httpMethod, requestContext } = (event ?? {}) as Partial<HttpEvent>;
  return (
    requestContext?.apiId !== undefined &&
    (httpMethod !== undefined || (version === '2.0' && requestContext.http !== undefined))
  );
}

/** The request of an HTTP call: its body is the payload, byte for byte, and its headers are the members. */
export function fromHttpCall(event: HttpEvent, { trustedHttpHeaders = [] }: InvokerConfig): Draft {
  const headers = headersOf(event);
  const allowed = new Set(trustedHttpHeaders.map((name) => name.toLowerCase()));
  const guarded = TRUSTED_HTTP_HEADERS.filter(
    (name) => headers.has(name.toLowerCase()) && !allowed.has(name.toLowerCase()),
  );
  const unknown = [...headers.keys()].filter((name) => name.startsWith(HTTP_HEADER_PREFIX) && !KNOWN_HEADERS.has(name));
  const faults = [
    ...(isEncoded(headers)
      ? [`Content-Encoding is ${shown(headers.get('content-encoding'))}: send the payload as it is`]
      : []),
    ...guarded.map((name) => `${name} is not allowed here: leave it out`),
    ...(unknown.length > 0 ? [`${unknown.slice(0, 5).map(shown).join(', ')} is not taken: leave it out`] : []),
  ];
  const members = HEADERS.flatMap(([member, names]) => {
    const name = names.find((header) => headers.has(header));
    return name === undefined ? [] : [[member, headers.get(name)!]];
  });
  const found = Object.fromEntries(members) as Record<string, string>;
  const id = nameOf(headers.get('idempotency-key'), event.requestContext.requestId);
  return {
    payload: payloadOf(event, found.InputLocation !== undefined, faults),
    members: membersOfText({ ...(id !== undefined && { InferenceId: id }), ...found }),
    faults,
  };
}

/** All headers, with names in lower case. */
export function headersOf({ headers, multiValueHeaders }: HttpEvent): ReadonlyMap<string, string> {
  const all = Object.entries(multiValueHeaders ?? headers ?? {});
  return new Map(
    all.flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(', ')]])),
  );
}

/** Whether the payload came compressed, which the model's container would not see. */
export function isEncoded(headers: ReadonlyMap<string, string>): boolean {
  return (headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity';
}

function payloadOf({ body, isBase64Encoded }: HttpEvent, hasLocation: boolean, faults: string[]): Buffer | undefined {
  const payload = isBase64Encoded
    ? encodeBase64('the body', body ?? '', faults)
    : encodeText('the body', body ?? '', faults);
  if (!hasLocation) return payload;
  if (payload?.length !== 0) faults.push('a body and InputLocation are given: give one of them');
  return undefined;
}

/** The inference id of a call that gives none: two attempts with one Idempotency-Key get the same. */
function nameOf(idempotencyKey: string | undefined, requestId: string | undefined): string | undefined {
  const fits = (text: string): boolean =>
    text.length > 0 && text.length <= TEXT_LIMITS.InferenceId.max && HEADER_TEXT.test(text);
  if (idempotencyKey === undefined) return requestId !== undefined && fits(requestId) ? requestId : undefined;
  return fits(idempotencyKey) ? idempotencyKey : createHash('sha256').update(idempotencyKey).digest('hex');
}
