import { STATUS_CODES } from 'node:http';
import { HTTP_RESPONSE_HEADERS } from '../../../lib/contract/http-headers';
import type { InvokerResponse } from '../../../lib/contract/invoker';
import { InvalidRequestError } from '../errors';
import type { Failure } from '../failure';
import { failureOf } from '../failure';
import type { HttpEvent } from './http-event';
import { headersOf, isEncoded } from './http-event';

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The responses to failures that are not the caller's. */
const FAILURES: Readonly<Record<Exclude<Failure, 'rejected'>, { readonly status: number; readonly detail: string }>> = {
  throttled: {
    status: 429,
    detail:
      'the endpoint accepts no more requests at the moment: retry later with the same InferenceId or Idempotency-Key',
  },
  unavailable: {
    status: 503,
    detail:
      'the endpoint did not respond in time and may have accepted the request: retry with the same InferenceId or Idempotency-Key',
  },
  refused: { status: 502, detail: 'the endpoint did not accept the request: see the logs of the invoker' },
  unusable: {
    status: 502,
    detail: 'the endpoint may have accepted the request, but its response cannot be used: see the logs of the invoker',
  },
  unexpected: { status: 502, detail: 'the invoker failed: see its logs' },
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
  const failure = failureOf(error);
  const { name, message } = error as Error;
  const { status, detail } =
    failure === 'rejected' ? { status: rejectionStatus(event, error), detail: message } : FAILURES[failure];
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...((status === 429 || status === 503) && { 'retry-after': '1' }),
    },
    body: JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, error: name }),
  };
}

function rejectionStatus(event: HttpEvent, error: unknown): number {
  if (error instanceof InvalidRequestError) return isEncoded(headersOf(event)) && error.errors.length === 1 ? 415 : 400;
  return 413;
}
