import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import { faultsOf, readMembers } from './async-request';
import type { AsyncRequest } from './async-request';
import type { EndpointBlueprint } from '../app/blueprint';
import { SYSTEM_CLOCK } from './clock';
import type { Clock } from './clock';
import type { Container } from './container';
import { Endpoint } from './endpoint';
import { readSignature } from './principals';
import type { Principals } from './principals';
import { LOCAL_ACCOUNT } from '../app/synthesis';
import type { Services } from './services';
import { LIKELIEST } from './assumptions';
import type { Uncertainties } from './assumptions';

/** A call to AWS that was made, for whoever asks whether the one who made it was allowed to. */
export interface Call {
  /** The ARN of the role that signed, or the access key id of someone else. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
}

/** What a data plane is made of. */
export interface DataPlaneOptions {
  readonly services: Services;
  readonly principals: Principals;
  /** @default - the time of this machine */
  readonly clock?: Clock;
  /** Read anew for each request, so that a test may flip them under a running data plane. @default LIKELIEST */
  readonly uncertainties?: Uncertainties;
}

/** An error as the service answers it. */
class ServiceError extends Error {
  constructor(
    public readonly status: number,
    public readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

/** SageMaker's asynchronous data plane on this machine: the API `InvokeEndpointAsync`, and all that follows its 202. */
export class DataPlane {
  public static async start(options: DataPlaneOptions): Promise<DataPlane> {
    const dataPlane = new DataPlane(options);
    await new Promise<void>((resolve) => {
      dataPlane.server.listen(0, '127.0.0.1', resolve);
    });
    return dataPlane;
  }

  /** Each call that it served, or made in the name of an execution role. */
  public readonly calls: Call[] = [];
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly uncertainties: Uncertainties;
  private readonly server: Server;

  private constructor(private readonly options: DataPlaneOptions) {
    this.uncertainties = options.uncertainties ?? LIKELIEST;
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** Its address, for `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`. */
  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Creates an endpoint; settles when it is in service. */
  public async createEndpoint(blueprint: EndpointBlueprint, container: Container): Promise<void> {
    const { services, principals, clock = SYSTEM_CLOCK } = this.options;
    const { region, executionRoleArn } = blueprint;
    const endpoint = new Endpoint(blueprint, {
      container,
      clock,
      uncertainties: this.uncertainties,
      session: services.session(region, principals.credentials(executionRoleArn)),
      record: (action, resource) => this.calls.push({ principal: executionRoleArn, action, resource }),
    });
    await endpoint.create();
    this.endpoints.set(blueprint.name, endpoint);
  }

  public async close(): Promise<void> {
    for (const endpoint of this.endpoints.values()) endpoint.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      // The body is read whatever is wrong, since a client that cannot send it all would not read the answer.
      const body = await readBody(request);
      await this.invokeEndpointAsync(request, body, response);
    } catch (error) {
      const { status, type, message } =
        error instanceof ServiceError ? error : new ServiceError(500, 'InternalFailure', String(error));
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
      response.end(JSON.stringify({ message: this.uncertainties.explainsErrors ? message : type }));
    }
  }

  private async invokeEndpointAsync(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const endpoint = this.authorize(request);
    const asyncRequest = this.validate(request, body);
    const { inferenceId, outputLocation, failureLocation, enqueue } = endpoint.accept(asyncRequest);

    if (this.uncertainties.answersFirst) response.once('close', () => void enqueue());
    else await enqueue();
    response.writeHead(202, {
      'content-type': 'application/json',
      'x-amzn-sagemaker-outputlocation': outputLocation,
      ...(failureLocation !== undefined &&
        this.uncertainties.answersFailureLocation && {
          'x-amzn-sagemaker-failurelocation': failureLocation,
        }),
    });
    response.end(JSON.stringify({ InferenceId: inferenceId }));
  }

  private authorize(request: IncomingMessage): Endpoint {
    const name = /^\/endpoints\/([^/?]+)\/async-invocations$/.exec(request.url ?? '')?.[1];
    if (request.method !== 'POST' || !name)
      throw new ServiceError(404, 'UnknownOperationException', 'only InvokeEndpointAsync is served');
    const signature = readSignature(request.headers.authorization);
    if (!signature) throw new ServiceError(403, 'MissingAuthenticationTokenException', 'the request is not signed');
    if (signature.service !== 'sagemaker')
      throw new ServiceError(403, 'InvalidSignatureException', 'signed for another service');

    const endpoint = this.endpoints.get(name);
    this.calls.push({
      principal: this.options.principals.arn(signature.accessKeyId),
      action: 'sagemaker:InvokeEndpointAsync',
      resource:
        endpoint?.blueprint.arn ??
        `arn:aws:sagemaker:${signature.region}:${LOCAL_ACCOUNT}:endpoint/${name.toLowerCase()}`,
    });
    if (endpoint) return endpoint;
    const [status, type] = this.uncertainties.validatesEndpointName
      ? ([400, 'ValidationError'] as const)
      : ([404, 'ResourceNotFound'] as const);
    throw new ServiceError(status, type, `endpoint ${name} not found`);
  }

  private validate(request: IncomingMessage, body: Buffer): AsyncRequest {
    const { emptyBodyIsNone, validatesMissingInput } = this.uncertainties;
    const members = readMembers(request.headers);
    const hasBody = body.length > 0 || (!emptyBodyIsNone && members.InputLocation === undefined);
    const asyncRequest = { ...members, ...(hasBody && { Body: body }) };

    const faults = faultsOf(asyncRequest);
    if (faults.length > 0) throw new ServiceError(400, 'ValidationError', faults.join('; '));
    if (!hasBody && members.InputLocation === undefined) {
      throw new ServiceError(
        400,
        validatesMissingInput ? 'ValidationError' : 'BadRequest',
        'neither Body nor InputLocation is given',
      );
    }
    return asyncRequest;
  }
}

/** Reads all of a body, and keeps of it one byte more than is allowed at the most. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let room = MAX_INLINE_PAYLOAD_BYTES + 1;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (room > 0) chunks.push(chunk.subarray(0, room));
    room -= chunk.length;
  }
  return Buffer.concat(chunks);
}
