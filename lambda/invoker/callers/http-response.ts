import { STATUS_CODES } from 'node:http';
import type { InvokerResponse } from '../../../lib/contract/invoker';
import { InvalidRequestError, PayloadTooLargeError } from '../errors';
import { causeOf } from '../failure';
import type { HttpEvent } from './http';
import { headersOf, isEncoded } from './http';

interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What can be told of a failure that is not the caller's. */
const DETAILS: Readonly<Record<number, string>> = {
  429: 'the endpoint takes no more requests for now: try again later with the same InferenceId or Idempotency-Key',
  502: 'the endpoint did not take the request: the logs of the invoker tell why',
  503: 'the endpoint did not answer in time and may have taken the request: try again with the same InferenceId or Idempotency-Key',
};

export function acceptedAnswer(response: InvokerResponse): HttpAnswer {
  return {
    statusCode: 202,
    headers: {
      'content-type': 'application/json',
      'x-amzn-sagemaker-outputlocation': response.OutputLocation,
      ...(response.FailureLocation !== undefined && { 'x-amzn-sagemaker-failurelocation': response.FailureLocation }),
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
    headers: {
      'content-type': 'application/problem+json',
      ...((status === 429 || status === 503) && { 'retry-after': '1' }),
    },
    body: JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail, error: name }),
  };
}

function statusOf(event: HttpEvent, error: unknown): number {
  if (error instanceof PayloadTooLargeError) return 413;
  if (error instanceof InvalidRequestError) return isEncoded(headersOf(event)) && error.faults.length === 1 ? 415 : 400;
  return { rejected: 400, throttled: 429, unavailable: 503, refused: 502, unexpected: 502 }[causeOf(error)];
}
