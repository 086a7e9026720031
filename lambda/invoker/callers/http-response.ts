import { STATUS_CODES } from 'node:http';
import { HTTP_RESPONSE_HEADERS } from '../../../lib/contract/http-headers';
import type { InvokerResponse } from '../../../lib/contract/invoker';
import { InvalidRequestError, PayloadTooLargeError } from '../errors';
import { failureOf } from '../failure';
import type { HttpEvent } from './http-event';
import { headersOf, isEncoded } from './http-event';

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a response may say of a failure that is not the caller's. */
const DETAILS: Readonly<Record<number, string>> = {
  429: 'the endpoint accepts no more requests at the moment: retry later with the same InferenceId or Idempotency-Key',
  502: 'the endpoint did not accept the request: see the logs of the invoker',
  503: 'the endpoint did not respond in time and may have accepted the request: retry with the same InferenceId or Idempotency-Key',
};

export function acceptedResponse(response: InvokerResponse): HttpResponse {
  const { OutputLocation, FailureLocation } = response;
  return {
    statusCode: 202,
    headers: {
      'content-type': 'application/json',
      [HTTP_RESPONSE_HEADERS.OutputLocation.toLowerCase()]: OutputLocation,
      ...(FailureLocation !== undefined && {
        [HTTP_RESPONSE_HEADERS.FailureLocation.toLowerCase()]: FailureLocation,
      }),
    },
    body: JSON.stringify(response),
  };
}

/** The response to a failure, in the form of RFC 9457. Messages of the service contain ARNs, so only its error's name is shown. */
export function problemResponse(event: HttpEvent, error: unknown): HttpResponse {
  const status = statusOf(event, error);
  const { name, message } = error as Error;
  const detail = failureOf(error) === 'rejected' ? message : DETAILS[status];
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...((status === 429 || status === 503) && { 'retry-after': '1' }),
    },
    body: JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, error: name }),
  };
}

function statusOf(event: HttpEvent, error: unknown): number {
  if (error instanceof PayloadTooLargeError) return 413;
  if (error instanceof InvalidRequestError) return isEncoded(headersOf(event)) && error.errors.length === 1 ? 415 : 400;
  return { rejected: 400, throttled: 429, unavailable: 503, refused: 502, unexpected: 502 }[failureOf(error)];
}
