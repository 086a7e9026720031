import type { IncomingHttpHeaders } from 'node:http';
import { HTTP_HEADERS } from '../../lib/contract/http-headers';
import { HEADER_TEXT, MAX_INLINE_PAYLOAD_BYTES, SECONDS_LIMITS, TEXT_LIMITS } from '../../lib/contract/invoker';
import type { TextLimit } from '../../lib/contract/invoker';

type TextMember = keyof typeof TEXT_LIMITS;
type SecondsMember = keyof typeof SECONDS_LIMITS;

/** A request of InvokeEndpointAsync, without the name of the endpoint, which is in the path. */
export type AsyncRequest = { readonly Body?: Buffer } & Partial<Readonly<Record<TextMember, string>>> &
  Partial<Readonly<Record<SecondsMember, number>>>;

/** Reads the members from headers. `Content-Type` is not one of them, because it is always `application/octet-stream`. */
export function readMembers(headers: IncomingHttpHeaders): Omit<AsyncRequest, 'Body'> {
  const given = Object.entries(HTTP_HEADERS).flatMap(([member, header]) => {
    const value = headers[header.toLowerCase()];
    return typeof value === 'string' ? [[member, member in SECONDS_LIMITS ? Number(value) : value] as const] : [];
  });
  return Object.fromEntries(given);
}

/** All errors of a request. They contain the length of a text, not the text, because `CustomAttributes` is sensitive. */
export function validateRequest(request: AsyncRequest): string[] {
  const texts = Object.entries(TEXT_LIMITS) as [TextMember, TextLimit][];
  const seconds = Object.entries(SECONDS_LIMITS) as [SecondsMember, { min: number; max: number }][];
  return [
    ...texts.flatMap(([member, { min, max, pattern }]) => {
      const value = request[member];
      if (value === undefined) return [];
      if (value.length < min || value.length > max)
        return [`${member} must have ${min} to ${max} characters, got ${value.length}`];
      if (!HEADER_TEXT.test(value)) return [`${member} must have printable ASCII characters only`];
      return pattern && !pattern.test(value) ? [`${member} must match ${pattern.source}`] : [];
    }),
    ...seconds.flatMap(([member, { min, max }]) => {
      const value = request[member];
      const isValid = value === undefined || (Number.isInteger(value) && value >= min && value <= max);
      return isValid ? [] : [`${member} must be a whole number from ${min} to ${max}`];
    }),
    ...((request.Body?.length ?? 0) > MAX_INLINE_PAYLOAD_BYTES
      ? [`Body must have at most ${MAX_INLINE_PAYLOAD_BYTES} bytes`]
      : []),
    ...(request.Body && request.InputLocation !== undefined ? ['Body and InputLocation are mutually exclusive'] : []),
  ];
}
