import type { IncomingHttpHeaders } from 'node:http';
import { HTTP_HEADERS } from '../../lib/contract/http-headers';
import { HEADER_TEXT, MAX_INLINE_PAYLOAD_BYTES, SECONDS_LIMITS, TEXT_LIMITS } from '../../lib/contract/invoker';
import type { TextLimit } from '../../lib/contract/invoker';

type TextMember = keyof typeof TEXT_LIMITS;
type SecondsMember = keyof typeof SECONDS_LIMITS;

/** A request of InvokeEndpointAsync, without the endpoint's name, which is in the path. */
export type AsyncRequest = { readonly Body?: Buffer } & Partial<Readonly<Record<TextMember, string>>> &
  Partial<Readonly<Record<SecondsMember, number>>>;

/** Reads what travels in headers; the HTTP content type is none of it, it is always `application/octet-stream`. */
export function readMembers(headers: IncomingHttpHeaders): Omit<AsyncRequest, 'Body'> {
  const given = Object.entries(HTTP_HEADERS).flatMap(([member, header]) => {
    const value = headers[header.toLowerCase()];
    return typeof value === 'string' ? [[member, member in SECONDS_LIMITS ? Number(value) : value] as const] : [];
  });
  return Object.fromEntries(given);
}

/** What is wrong with a request, all of it; texts are told by their length only, since one of them is sensitive. */
export function faultsOf(request: AsyncRequest): string[] {
  const texts = Object.entries(TEXT_LIMITS) as [TextMember, TextLimit][];
  const seconds = Object.entries(SECONDS_LIMITS) as [SecondsMember, { min: number; max: number }][];
  return [
    ...texts.flatMap(([member, { min, max, pattern }]) => {
      const value = request[member];
      if (value === undefined) return [];
      if (value.length < min || value.length > max)
        return [`${member} has ${value.length} characters, not ${min} to ${max}`];
      if (!HEADER_TEXT.test(value)) return [`${member} has characters that are not printable ASCII`];
      return pattern && !pattern.test(value) ? [`${member} is not of the form ${pattern.source}`] : [];
    }),
    ...seconds.flatMap(([member, { min, max }]) => {
      const value = request[member];
      const fits = value === undefined || (Number.isInteger(value) && value >= min && value <= max);
      return fits ? [] : [`${member} is not a whole number from ${min} to ${max}`];
    }),
    ...((request.Body?.length ?? 0) > MAX_INLINE_PAYLOAD_BYTES
      ? [`Body has more than ${MAX_INLINE_PAYLOAD_BYTES} bytes`]
      : []),
    ...(request.Body && request.InputLocation !== undefined ? ['Body and InputLocation are both given'] : []),
  ];
}
