import type { ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { ApiError } from './api-error';
import { LocalServer } from './local-server';

/** The operations of a service, by name. */
export type Operations = Readonly<Record<string, (request: never) => object>>;

/** Starts an AWS service that speaks AWS JSON 1.0, as DynamoDB and Step Functions do. */
export function startJsonService(operations: Operations): Promise<LocalServer> {
  return LocalServer.start((request, response) => {
    void json(request)
      .then((body) => {
        const name = String(request.headers['x-amz-target']).split('.')[1]!;
        const operation = operations[name];
        if (!operation) throw new ApiError('UnknownOperationException', `${name} is not supported.`);
        respond(response, 200, operation(body as never));
      })
      .catch((error: Error) => {
        const { type, message, status } =
          error instanceof ApiError ? error : new ApiError('SerializationException', error.message);
        respond(response, status, { __type: type, message });
      });
  });
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
