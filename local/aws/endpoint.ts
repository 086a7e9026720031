import { randomUUID } from 'node:crypto';
import type { AsyncRequest } from './async-request';
import type { EndpointConfiguration } from '../app/resources';
import type { Clock } from './clock';
import type { Container, ContainerResponse } from './container';
import { EndpointQueue } from './endpoint-queue';
import { requestParameters, responseBody, TEST_NOTIFICATION } from './notification';
import type { ResultNotification } from './notification';
import { resultLocations } from './result-location';
import type { ResultLocations } from './result-location';
import { parseS3Uri } from '../../lib/contract/s3-location';
import type { Session } from './services';
import type { Assumptions } from './assumptions';

/** The defaults of SageMaker for a request without these members. */
const DEFAULT_TTL_SECONDS = 21_600;
const DEFAULT_TIMEOUT_SECONDS = 900;
/** SageMaker chooses the concurrency if the configuration has none. The value is not published. */
const DEFAULT_CONCURRENCY = 4;

/** The dependencies of an endpoint. */
export interface EndpointDependencies {
  readonly container: Container;
  /** S3 and SNS for the execution role. */
  readonly session: Session;
  readonly clock: Clock;
  readonly assumptions: Assumptions;
  /** Records a call of the execution role. */
  record(this: void, action: string, resource: string): void;
}

/** A request that the endpoint accepted. */
export interface AcceptedRequest extends ResultLocations {
  readonly inferenceId: string;
  /** Adds the request to the queue. The promise is settled when the request is completed. */
  enqueue(this: void): Promise<void>;
}

/** A request in the queue or in flight. */
interface Inference extends ResultLocations {
  readonly inferenceId: string;
  readonly request: AsyncRequest;
  readonly receivedTime: string;
}

/** The reason why a request failed, with the response of the model if there is one. */
class InferenceFailure extends Error {
  constructor(
    message: string,
    public readonly response?: ContainerResponse,
  ) {
    super(message);
  }
}

/** An endpoint in service: it takes requests from a queue, invokes the container, stores results and publishes notifications. */
export class Endpoint {
  private readonly queue: EndpointQueue;
  private readonly accepted = new Map<string, AcceptedRequest>();
  private readonly closing = new AbortController();

  constructor(
    public readonly configuration: EndpointConfiguration,
    private readonly dependencies: EndpointDependencies,
  ) {
    const { instances, maxConcurrentInvocationsPerInstance = DEFAULT_CONCURRENCY } = configuration;
    this.queue = new EndpointQueue(
      instances * maxConcurrentInvocationsPerInstance,
      dependencies.clock,
      () => dependencies.assumptions.servesInOrder,
    );
  }

  /** Does what CreateEndpoint does: checks the topics and waits for the container. */
  public async create(): Promise<void> {
    for (const topicArn of new Set([this.configuration.successTopicArn, this.configuration.errorTopicArn])) {
      if (topicArn) await this.publish(topicArn, TEST_NOTIFICATION);
    }
    await this.dependencies.container.becomeHealthy();
  }

  /** Accepts a valid request. */
  public accept(request: AsyncRequest): AcceptedRequest {
    const { assumptions } = this.dependencies;
    const inferenceId = request.InferenceId ?? randomUUID();
    const earlier = this.accepted.get(inferenceId);
    if (earlier && !assumptions.processesRepeatedIds) return { ...earlier, enqueue: () => Promise.resolve() };

    const locations = resultLocations(this.configuration, request, inferenceId, assumptions);
    const inference = { ...locations, inferenceId, request, receivedTime: this.time() };
    const accepted = { ...locations, inferenceId, enqueue: () => this.enqueue(inference) };
    this.accepted.set(inferenceId, accepted);
    return accepted;
  }

  /** Discards the waiting requests and aborts those in flight. */
  public close(): void {
    this.queue.clear();
    this.closing.abort();
  }

  private enqueue(inference: Inference): Promise<void> {
    const { RequestTTLSeconds: ttlSeconds = DEFAULT_TTL_SECONDS } = inference.request;
    return new Promise((resolve) => {
      this.queue.push({
        ttlSeconds,
        process: () =>
          this.process(inference)
            .catch(() => undefined)
            .then(resolve),
        expire: () => {
          const status = this.dependencies.assumptions.usesExpiredStatus ? 'Expired' : 'Failed';
          const failure = new InferenceFailure(`The request was not processed within ${ttlSeconds} seconds.`);
          void this.fail(inference, failure, status)
            .catch(() => undefined)
            .then(resolve);
        },
      });
    });
  }

  private async process(inference: Inference): Promise<void> {
    try {
      await this.succeed(inference, await this.infer(inference));
    } catch (error) {
      if (this.closing.signal.aborted) return;
      const failure =
        error instanceof InferenceFailure
          ? error
          : new InferenceFailure(`The result could not be stored: ${String(error)}`);
      await this.fail(inference, failure, 'Failed');
    }
  }

  private async infer({ request, inferenceId }: Inference): Promise<ContainerResponse> {
    const input =
      request.InputLocation === undefined
        ? (request.Body ?? Buffer.alloc(0))
        : await this.download(request.InputLocation);
    const response = await this.invoke(
      input,
      {
        ...(request.ContentType !== undefined && { 'content-type': request.ContentType }),
        ...(request.Accept !== undefined && { accept: request.Accept }),
        ...(request.CustomAttributes !== undefined && {
          'x-amzn-sagemaker-custom-attributes': request.CustomAttributes,
        }),
        'x-amzn-sagemaker-inference-id': inferenceId,
      },
      request.InvocationTimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS,
    );
    if (response.status < 200 || response.status > 299) {
      const type = response.status < 500 ? 'ClientError' : 'ServerError';
      throw new InferenceFailure(`${type}: the model responded with status ${response.status}.`, response);
    }
    if (response.headers['content-length'] === undefined) {
      throw new InferenceFailure("The model's response did not specify the required Content-Length header.");
    }
    return response;
  }

  private async download(location: string): Promise<Buffer> {
    const { Bucket, Key } = parseS3Uri(location);
    this.dependencies.record('s3:GetObject', `arn:aws:s3:::${Bucket}/${Key}`);
    try {
      return await this.dependencies.session.getObject(location);
    } catch (error) {
      throw new InferenceFailure(`The input could not be read from S3: ${(error as Error).name}`);
    }
  }

  private async invoke(
    input: Buffer,
    headers: Record<string, string>,
    timeoutSeconds: number,
  ): Promise<ContainerResponse> {
    const timeout = new AbortController();
    const cancelTimeout = this.dependencies.clock.after(timeoutSeconds * 1000, () => timeout.abort());
    try {
      return await this.dependencies.container.invoke(
        input,
        headers,
        AbortSignal.any([timeout.signal, this.closing.signal]),
      );
    } catch (error) {
      throw new InferenceFailure(
        timeout.signal.aborted
          ? `The model did not respond within ${timeoutSeconds} seconds.`
          : `The model could not be reached: ${(error as Error).message}`,
      );
    } finally {
      cancelTimeout();
    }
  }

  private async succeed(inference: Inference, { body, headers }: ContainerResponse): Promise<void> {
    const { successTopicArn, includeInferenceResponseIn } = this.configuration;
    const { outputLocation } = inference;
    await this.upload(outputLocation, body, headers['content-type']);
    await this.notify(successTopicArn, {
      ...this.notification(inference, 'Completed'),
      responseParameters: { contentType: headers['content-type'], outputLocation },
      ...(includeInferenceResponseIn.includes('SUCCESS_NOTIFICATION_TOPIC') && {
        responseBody: responseBody(body, 'BASE64'),
      }),
    });
  }

  private async fail(
    inference: Inference,
    { message, response }: InferenceFailure,
    status: 'Failed' | 'Expired',
  ): Promise<void> {
    const { errorTopicArn, includeInferenceResponseIn } = this.configuration;
    const { failureLocation } = inference;
    const body = response?.body ?? Buffer.from(message);
    if (failureLocation) await this.upload(failureLocation, body, response?.headers['content-type']);
    await this.notify(errorTopicArn, {
      ...this.notification(inference, status),
      failureReason: message,
      ...(failureLocation && { responseParameters: { failureLocation } }),
      ...(includeInferenceResponseIn.includes('ERROR_NOTIFICATION_TOPIC') && { responseBody: responseBody(body) }),
    });
  }

  private notification(
    inference: Inference,
    invocationStatus: ResultNotification['invocationStatus'],
  ): ResultNotification {
    const { request, inferenceId, receivedTime } = inference;
    const { name, region } = this.configuration;
    return {
      awsRegion: region,
      eventTime: this.time(),
      receivedTime,
      invocationStatus,
      requestParameters: requestParameters(
        name,
        request,
        invocationStatus === 'Completed',
        this.dependencies.assumptions,
      ),
      inferenceId,
      eventVersion: '1.0',
      eventSource: 'aws:sagemaker',
      eventName: 'InferenceResult',
    };
  }

  private async notify(topicArn: string | undefined, notification: ResultNotification): Promise<void> {
    if (!topicArn) return;
    const { keepsMemberOrder, deliversOnce } = this.dependencies.assumptions;
    const message = keepsMemberOrder ? notification : Object.fromEntries(Object.entries(notification).reverse());
    await this.publish(topicArn, message);
    if (!deliversOnce) await this.publish(topicArn, message);
  }

  private async publish(topicArn: string, message: object): Promise<void> {
    this.dependencies.record('sns:Publish', topicArn);
    await this.dependencies.session.publish(topicArn, JSON.stringify(message));
  }

  private async upload(location: string, body: Buffer, contentType: string | undefined): Promise<void> {
    const { Bucket, Key } = parseS3Uri(location);
    this.dependencies.record('s3:PutObject', `arn:aws:s3:::${Bucket}/${Key}`);
    await this.dependencies.session.putObject(location, body, contentType);
  }

  private time(): string {
    return new Date(this.dependencies.clock.now()).toISOString();
  }
}
