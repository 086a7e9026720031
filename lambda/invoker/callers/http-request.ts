import { createHash } from 'node:crypto';
import { HTTP_HEADER_PREFIX, HTTP_HEADERS, TRUSTED_HTTP_HEADERS } from '../../../lib/contract/http-headers';
import type { InvokerConfig } from '../../../lib/contract/invoker';
import { HEADER_TEXT, TEXT_LIMITS } from '../../../lib/contract/invoker';
import { membersOfText } from '../members';
import type { ParsedRequest } from '../parsed-request';
import { encodeBase64, encodeText } from '../payload';
import { quote } from '../quote';
import type { HttpEvent } from './http-event';
import { headersOf, isEncoded } from './http-event';

/** HTTP's own headers, which label a payload where the API's do not. */
const STANDARD_HEADERS: Readonly<Record<string, string>> = { ContentType: 'content-type', Accept: 'accept' };

/** The headers that a member is read from, in lower case. The first that is given counts. */
const HEADERS = Object.entries(HTTP_HEADERS).map(([member, name]) => {
  const standard = STANDARD_HEADERS[member];
  return { member, names: [name.toLowerCase(), ...(standard === undefined ? [] : [standard])] };
});
const KNOWN_HEADERS = new Set(HEADERS.flatMap(({ names }) => names));

/** The request of an HTTP call: its body is the payload, byte for byte, and its headers are the members. */
export function readHttpRequest(event: HttpEvent, { trustedHttpHeaders = [] }: InvokerConfig): ParsedRequest {
  const headers = headersOf(event);
  const untrusted = TRUSTED_HTTP_HEADERS.filter(
    (name) => headers.has(name.toLowerCase()) && !trustedHttpHeaders.includes(name),
  );
  const unknown = [...headers.keys()].filter((name) => name.startsWith(HTTP_HEADER_PREFIX) && !KNOWN_HEADERS.has(name));
  const errors = [
    ...(isEncoded(headers)
      ? [`Content-Encoding is ${quote(headers.get('content-encoding'))}: send the payload as it is`]
      : []),
    ...untrusted.map((name) => `${name} is not allowed here: leave it out`),
    ...(unknown.length > 0
      ? [
          `unknown X-Amzn-SageMaker headers (${unknown.length}): the known ones are ${Object.values(HTTP_HEADERS).join(', ')}`,
        ]
      : []),
  ];
  const members = Object.fromEntries(
    HEADERS.flatMap(({ member, names }) => {
      const name = names.find((header) => headers.has(header));
      return name === undefined ? [] : [[member, headers.get(name)!]];
    }),
  );
  return {
    payload: payloadOf(event, members.InputLocation !== undefined, errors),
    members: membersOfText({ InferenceId: inferenceIdOf(headers.get('idempotency-key'), event), ...members }),
    errors,
  };
}

function payloadOf({ body, isBase64Encoded }: HttpEvent, hasLocation: boolean, errors: string[]): Buffer | undefined {
  const encode = isBase64Encoded ? encodeBase64 : encodeText;
  const payload = encode('the body', body ?? '', errors);
  if (!hasLocation) return payload;
  if (payload?.length !== 0) errors.push('a body and InputLocation are mutually exclusive: give one of them');
  return undefined;
}

/** The InferenceId of a call that gives none. Two attempts with one Idempotency-Key get the same. */
function inferenceIdOf(idempotencyKey: unknown, { requestContext: { requestId } }: HttpEvent): unknown {
  if (idempotencyKey === undefined) return fits(requestId) ? requestId : undefined;
  if (typeof idempotencyKey !== 'string' || fits(idempotencyKey)) return idempotencyKey;
  return createHash('sha256').update(idempotencyKey).digest('hex');
}

function fits(id: unknown): boolean {
  return typeof id === 'string' && id.length > 0 && id.length <= TEXT_LIMITS.InferenceId.max && HEADER_TEXT.test(id);
}
