import { STATUS_CODES } from 'node:http';
import type { Caller } from './caller';
import type { HttpEvent } from './http-event';
import { readHttpRequest } from './http-request';
import type { HttpResponse } from './http-response';
import { acceptedResponse, problemResponse } from './http-response';

/** A target group of an Application Load Balancer, with multi-value headers or without. */
export const applicationLoadBalancer: Caller<HttpEvent> = {
  name: 'Application Load Balancer',
  event: 'the event of an Application Load Balancer',
  matches(event): event is HttpEvent {
    return ((event ?? {}) as Partial<HttpEvent>).requestContext?.elb !== undefined;
  },
  read: readHttpRequest,
  accepted: (event, response) => targetResponse(event, acceptedResponse(response)),
  failed: (event, error) => targetResponse(event, problemResponse(event, error)),
};

/** A target group with multi-value headers accepts no other headers. */
function targetResponse({ multiValueHeaders }: HttpEvent, { statusCode, headers, body }: HttpResponse) {
  const single = multiValueHeaders === undefined || multiValueHeaders === null;
  return {
    statusCode,
    statusDescription: `${statusCode} ${STATUS_CODES[statusCode]}`,
    ...(single
      ? { headers }
      : { multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])) }),
    body,
    isBase64Encoded: false,
  };
}
