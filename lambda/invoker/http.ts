import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { InvokerConfig, InvokerResponse } from '../../lib/invoker-contract';
import { GUARDED_HEADERS, HEADER_TEXT, TEXT_LIMITS } from '../../lib/invoker-contract';
import { InvalidRequestError, PayloadTooLargeError } from './errors';
import { causeOf } from './failure';
import { encodeBase64, encodeText } from './payload';
import type { Draft } from './request';
import { membersOfText, shown } from './request';

/** What the proxy events of a REST API (version 1) and of an HTTP API or function URL (version 2) have in common. */
interface HttpEvent {
  readonly version?: string;
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: { readonly apiId: string; readonly requestId?: string; readonly http?: object };
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const API_HEADER = 'x-amzn-sagemaker-';

/** The headers that a member is read from, the first that is there. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  ContentType: [`${API_HEADER}content-type`, 'content-type'],
  Accept: [`${API_HEADER}accept`, 'accept'],
  CustomAttributes: [`${API_HEADER}custom-attributes`],
  InferenceId: [`${API_HEADER}inference-id`],
  RequestTTLSeconds: [`${API_HEADER}requestttlseconds`],
  InvocationTimeoutSeconds: [`${API_HEADER}invocationtimeoutseconds`],
  S3OutputPathExtension: [`${API_HEADER}s3outputpathextension`],
  Filename: [`${API_HEADER}filename`],
  InputLocation: [`${API_HEADER}inputlocation`],
};
const KNOWN_HEADERS = new Set(Object.values(HEADERS).flat());

export function isHttpEvent(event: unknown): event is HttpEvent {
  const { version, httpMethod, requestContext } = (event ?? {}) as Partial<HttpEvent>;
  return requestContext?.apiId !== undefined && (httpMethod !== undefined || (version === '2.0' && requestContext.http !== undefined));
}

/** The request of an HTTP call: its body is the payload, byte for byte, and its headers are the members. */
export function fromHttpCall(event: HttpEvent, { allowedHeaders = [] }: InvokerConfig): Draft {
  const headers = headersOf(event);
  const allowed = new Set(allowedHeaders.map((name) => name.toLowerCase()));
  const guarded = GUARDED_HEADERS.filter((name) => headers.has(name.toLowerCase()) && !allowed.has(name.toLowerCase()));
  const unknown = [...headers.keys()].filter((name) => name.startsWith(API_HEADER) && !KNOWN_HEADERS.has(name));
  const faults = [
    ...isEncoded(headers) ? [`Content-Encoding is ${shown(headers.get('content-encoding'))}: send the payload as it is`] : [],
    ...guarded.map((name) => `${name} is not allowed here: leave it out`),
    ...unknown.length > 0 ? [`${unknown.slice(0, 5).map(shown).join(', ')} is not taken: leave it out`] : [],
  ];
  const members = Object.entries(HEADERS).flatMap(([member, names]) => {
    const name = names.find((header) => headers.has(header));
    return name === undefined ? [] : [[member, headers.get(name)!]];
  });
  const found = Object.fromEntries(members) as Record<string, string>;
  const id = nameOf(headers.get('idempotency-key'), event.requestContext.requestId);
  return {
    payload: payloadOf(event, found.InputLocation !== undefined, faults),
    members: membersOfText({ ...id !== undefined && { InferenceId: id }, ...found }),
    faults,
  };
}

export function acceptedAnswer(response: InvokerResponse): HttpAnswer {
  return {
    statusCode: 202,
    headers: {
      'content-type': 'application/json',
      'x-amzn-sagemaker-outputlocation': response.OutputLocation,
      ...response.FailureLocation !== undefined && { 'x-amzn-sagemaker-failurelocation': response.FailureLocation },
    },
    body: JSON.stringify(response),
  };
}

/** The answer to a failure, in the form of RFC 9457. Of the service's errors it tells the name only: their texts hold ARNs. */
export function problemAnswer(event: HttpEvent, error: unknown): HttpAnswer {
  const status = statusOf(event, error);
  const { name, message } = error as Error;
  const detail = causeOf(error) === 'rejected' ? message : DETAILS[status];
  return {
    statusCode: status,
    headers: { 'content-type': 'application/problem+json', ...(status === 429 || status === 503) && { 'retry-after': '1' } },
    body: JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, error: name }),
  };
}

const DETAILS: Readonly<Record<number, string>> = {
  429: 'the endpoint takes no more requests for now: try again later with the same InferenceId or Idempotency-Key',
  502: 'the endpoint did not take the request: the logs of the invoker tell why',
  503: 'the endpoint did not answer in time and may have taken the request: try again with the same InferenceId or Idempotency-Key',
};

function statusOf(event: HttpEvent, error: unknown): number {
  if (error instanceof PayloadTooLargeError) return 413;
  if (error instanceof InvalidRequestError) return isEncoded(headersOf(event)) && error.faults.length === 1 ? 415 : 400;
  return { rejected: 400, throttled: 429, unavailable: 503, refused: 502, unexpected: 502 }[causeOf(error)];
}

function headersOf({ headers, multiValueHeaders }: HttpEvent): ReadonlyMap<string, string> {
  const all = Object.entries(multiValueHeaders ?? headers ?? {});
  return new Map(all.flatMap(([name, value]) => value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(', ')]]));
}

function isEncoded(headers: ReadonlyMap<string, string>): boolean {
  return (headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity';
}

function payloadOf({ body, isBase64Encoded }: HttpEvent, hasLocation: boolean, faults: string[]): Buffer | undefined {
  const payload = isBase64Encoded ? encodeBase64('the body', body ?? '', faults) : encodeText('the body', body ?? '', faults);
  if (!hasLocation) return payload;
  if (payload?.length !== 0) faults.push('a body and InputLocation are given: give one of them');
  return undefined;
}

/** The inference id of a call that gives none: two attempts with one Idempotency-Key get the same. */
function nameOf(idempotencyKey: string | undefined, requestId: string | undefined): string | undefined {
  const fits = (text: string): boolean => text.length > 0 && text.length <= TEXT_LIMITS.InferenceId.max && HEADER_TEXT.test(text);
  if (idempotencyKey === undefined) return requestId !== undefined && fits(requestId) ? requestId : undefined;
  return fits(idempotencyKey) ? idempotencyKey : createHash('sha256').update(idempotencyKey).digest('hex');
}
