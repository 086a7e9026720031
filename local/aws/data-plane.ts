import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import { ApiError } from './api-error';
import { readMembers, validateRequest } from './async-request';
import type { AsyncRequest } from './async-request';
import type { EndpointConfiguration } from '../app/resources';
import { SYSTEM_CLOCK } from './clock';
import type { Clock } from './clock';
import type { Container } from './container';
import { Endpoint } from './endpoint';
import { LocalServer } from './local-server';
import { readSignature } from './principals';
import type { Principals } from './principals';
import { LOCAL_ACCOUNT } from '../app/synthesis';
import type { Services } from './services';
import { DEFAULT_ASSUMPTIONS } from './assumptions';
import type { Assumptions } from './assumptions';

/** A call to AWS. Tests check that the policies of the template allow it. */
export interface Call {
  /** The ARN of the role that signed the call, or the access key ID of a user. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
}

/** The dependencies of a data plane. */
export interface DataPlaneOptions {
  readonly services: Services;
  readonly principals: Principals;
  /** @default SYSTEM_CLOCK */
  readonly clock?: Clock;
  /** Read for each request, so that a test can change them while the data plane runs. @default DEFAULT_ASSUMPTIONS */
  readonly assumptions?: Assumptions;
}

/** Emulates the asynchronous data plane of SageMaker: the API `InvokeEndpointAsync` and the processing of its requests. */
export class DataPlane {
  public static async start(options: DataPlaneOptions): Promise<DataPlane> {
    const server = await LocalServer.start((request, response) => void dataPlane.serve(request, response));
    const dataPlane = new DataPlane(options, server);
    return dataPlane;
  }

  /** The calls that the data plane received, and the calls of the execution roles, in order. */
  public readonly calls: Call[] = [];
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly assumptions: Assumptions;

  private constructor(
    private readonly options: DataPlaneOptions,
    private readonly server: LocalServer,
  ) {
    this.assumptions = options.assumptions ?? DEFAULT_ASSUMPTIONS;
  }

  /** The address for `AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME`. */
  public get url(): string {
    return this.server.url;
  }

  /** Creates an endpoint. The promise is settled when the endpoint is in service. */
  public async createEndpoint(configuration: EndpointConfiguration, container: Container): Promise<void> {
    const { services, principals, clock = SYSTEM_CLOCK } = this.options;
    const { name, region, executionRoleArn } = configuration;
    const endpoint = new Endpoint(configuration, {
      container,
      clock,
      assumptions: this.assumptions,
      session: services.session(region, principals.credentials(executionRoleArn)),
      record: (action, resource) => this.calls.push({ principal: executionRoleArn, action, resource }),
    });
    await endpoint.create();
    this.endpoints.set(`${region}/${name}`, endpoint);
  }

  public async close(): Promise<void> {
    for (const endpoint of this.endpoints.values()) endpoint.close();
    await this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-amzn-requestid', randomUUID());
    try {
      // The body is read even if the request is invalid, because a client does not read the response before it sent the body.
      const body = await readBody(request);
      await this.invokeEndpointAsync(request, body, response);
    } catch (error) {
      const { status, type, message } =
        error instanceof ApiError ? error : new ApiError('InternalFailure', String(error), 500);
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type });
      response.end(JSON.stringify({ message: this.assumptions.describesErrors ? message : type }));
    }
  }

  private async invokeEndpointAsync(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const endpoint = this.authorize(request);
    const asyncRequest = this.validate(request, body);
    const { inferenceId, outputLocation, failureLocation, enqueue } = endpoint.accept(asyncRequest);

    if (this.assumptions.respondsBeforeNotifying) response.once('close', () => void enqueue());
    else await enqueue();
    response.writeHead(202, {
      'content-type': 'application/json',
      'x-amzn-sagemaker-outputlocation': outputLocation,
      ...(failureLocation !== undefined &&
        this.assumptions.returnsFailureLocation && {
          'x-amzn-sagemaker-failurelocation': failureLocation,
        }),
    });
    response.end(JSON.stringify({ InferenceId: inferenceId }));
  }

  private authorize(request: IncomingMessage): Endpoint {
    const name = /^\/endpoints\/([^/?]+)\/async-invocations$/.exec(request.url ?? '')?.[1];
    if (request.method !== 'POST' || !name)
      throw new ApiError('UnknownOperationException', 'Only InvokeEndpointAsync is supported.', 404);
    const signature = readSignature(request.headers.authorization);
    if (!signature) throw new ApiError('MissingAuthenticationTokenException', 'The request is not signed.', 403);
    if (signature.service !== 'sagemaker')
      throw new ApiError('InvalidSignatureException', 'The request is signed for another service.', 403);

    const endpoint = this.endpoints.get(`${signature.region}/${name}`);
    this.calls.push({
      principal: this.options.principals.arn(signature.accessKeyId),
      action: 'sagemaker:InvokeEndpointAsync',
      resource:
        endpoint?.configuration.arn ??
        `arn:aws:sagemaker:${signature.region}:${LOCAL_ACCOUNT}:endpoint/${name.toLowerCase()}`,
    });
    if (endpoint) return endpoint;
    const message = `Endpoint ${name} of ${signature.region} not found.`;
    throw this.assumptions.validatesEndpointName
      ? new ApiError('ValidationError', message)
      : new ApiError('ResourceNotFound', message, 404);
  }

  private validate(request: IncomingMessage, body: Buffer): AsyncRequest {
    const { ignoresEmptyBody, validatesInput } = this.assumptions;
    const members = readMembers(request.headers);
    const hasBody = body.length > 0 || (!ignoresEmptyBody && members.InputLocation === undefined);
    const asyncRequest = { ...members, ...(hasBody && { Body: body }) };

    const errors = validateRequest(asyncRequest);
    if (errors.length > 0) throw new ApiError('ValidationError', errors.join('; '));
    if (!hasBody && members.InputLocation === undefined)
      throw new ApiError(validatesInput ? 'ValidationError' : 'BadRequest', 'Body or InputLocation is required');
    return asyncRequest;
  }
}

/** Reads all of a body, but keeps only one byte more than the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let remaining = MAX_INLINE_PAYLOAD_BYTES + 1;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (remaining > 0) chunks.push(chunk.subarray(0, remaining));
    remaining -= chunk.length;
  }
  return Buffer.concat(chunks);
}
