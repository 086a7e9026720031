import type { Caller } from './caller';
import type { HttpEvent } from './http-event';
import { readHttpRequest } from './http-request';
import { acceptedResponse, problemResponse } from './http-response';

/** API Gateway and function URLs: the proxy event of version 1 (REST APIs) or of version 2 (HTTP APIs and function URLs). */
export const http: Caller<HttpEvent> = {
  name: 'API Gateway or function URL',
  event: 'the event of an API Gateway REST or HTTP API or of a function URL',
  matches(event): event is HttpEvent {
    const { version, httpMethod, requestContext } = (event ?? {}) as Partial<HttpEvent>;
    return (
      requestContext?.apiId !== undefined &&
      (httpMethod !== undefined || (version === '2.0' && requestContext.http !== undefined))
    );
  },
  read: readHttpRequest,
  accepted: (_, response) => acceptedResponse(response),
  failed: problemResponse,
};
