import { randomUUID } from 'node:crypto';
import type { AsyncRequest } from './async-request';
import type { EndpointBlueprint } from '../app/blueprint';
import type { Clock } from './clock';
import type { Container, ContainerResponse } from './container';
import { requestParameters, responseBody, TEST_NOTIFICATION } from './notification';
import type { ResultNotification } from './notification';
import { RequestQueue } from './request-queue';
import { resultLocations } from './result-location';
import type { ResultLocations } from './result-location';
import { parseS3Uri } from '../../lib/contract/s3-location';
import type { Session } from './services';
import type { Uncertainties } from './assumptions';

/** What SageMaker goes by where a request does not say. */
const DEFAULT_TTL_SECONDS = 21_600;
const DEFAULT_TIMEOUT_SECONDS = 900;
/** Without a number in the configuration SageMaker picks one of its own; which one, is published nowhere. */
const DEFAULT_CONCURRENCY = 4;

/** What an endpoint runs on. */
export interface EndpointSurroundings {
  readonly container: Container;
  /** S3 and SNS, as the execution role sees them. */
  readonly session: Session;
  readonly clock: Clock;
  readonly uncertainties: Uncertainties;
  /** Told of each call that the execution role makes. */
  record(this: void, action: string, resource: string): void;
}

/** A request that was taken. */
export interface Acceptance extends ResultLocations {
  readonly inferenceId: string;
  /** Puts the request into the queue; settles when all is done with it. */
  enqueue(this: void): Promise<void>;
}

/** A request on its way. */
interface Inference extends ResultLocations {
  readonly inferenceId: string;
  readonly request: AsyncRequest;
  readonly receivedTime: string;
}

/** Why a request came to nothing; with what the model said, if it said something. */
class InferenceFailure extends Error {
  constructor(
    message: string,
    public readonly response?: ContainerResponse,
  ) {
    super(message);
  }
}

/** An endpoint in service: a queue, the container behind it, and where results and notifications go. */
export class Endpoint {
  private readonly queue: RequestQueue;
  private readonly acceptances = new Map<string, Acceptance>();
  private readonly closing = new AbortController();

  constructor(
    public readonly blueprint: EndpointBlueprint,
    private readonly surroundings: EndpointSurroundings,
  ) {
    const places = blueprint.instances * (blueprint.maxConcurrentInvocationsPerInstance ?? DEFAULT_CONCURRENCY);
    this.queue = new RequestQueue(places, surroundings.clock, () => surroundings.uncertainties.servesInOrder);
  }

  /** What CreateEndpoint does: it tries the topics and waits for the container. */
  public async create(): Promise<void> {
    for (const topicArn of new Set([this.blueprint.successTopicArn, this.blueprint.errorTopicArn])) {
      if (topicArn) await this.publish(topicArn, TEST_NOTIFICATION);
    }
    await this.surroundings.container.becomeHealthy();
  }

  /** Takes a request that is known to have no faults. */
  public accept(request: AsyncRequest): Acceptance {
    const { uncertainties } = this.surroundings;
    const inferenceId = request.InferenceId ?? randomUUID();
    const earlier = this.acceptances.get(inferenceId);
    if (earlier && !uncertainties.repeatsAreRequests) return { ...earlier, enqueue: () => Promise.resolve() };

    const locations = resultLocations(this.blueprint, request, inferenceId, uncertainties);
    const inference = { ...locations, inferenceId, request, receivedTime: this.time() };
    const acceptance = { ...locations, inferenceId, enqueue: () => this.enqueue(inference) };
    this.acceptances.set(inferenceId, acceptance);
    return acceptance;
  }

  /** Goes out of service: what waits is forgotten, what runs is given up. */
  public close(): void {
    this.queue.clear();
    this.closing.abort();
  }

  private enqueue(inference: Inference): Promise<void> {
    const { RequestTTLSeconds: ttlSeconds = DEFAULT_TTL_SECONDS } = inference.request;
    return new Promise((resolve) => {
      this.queue.push({
        ttlSeconds,
        run: () =>
          this.process(inference)
            .catch(() => undefined)
            .then(resolve),
        expire: () => {
          const status = this.surroundings.uncertainties.notifiesExpired ? 'Expired' : 'Failed';
          const failure = new InferenceFailure(`the request was not served within ${ttlSeconds} seconds`);
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
          : new InferenceFailure(`the result could not be stored: ${String(error)}`);
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
      const fault = response.status < 500 ? 'ClientError' : 'ServerError';
      throw new InferenceFailure(`${fault}: the model answered with status ${response.status}`, response);
    }
    if (response.headers['content-length'] === undefined) {
      throw new InferenceFailure("the model's response did not specify the required Content-Length header");
    }
    return response;
  }

  private async download(location: string): Promise<Buffer> {
    const { Bucket, Key } = parseS3Uri(location);
    this.surroundings.record('s3:GetObject', `arn:aws:s3:::${Bucket}/${Key}`);
    try {
      return await this.surroundings.session.getObject(location);
    } catch (error) {
      throw new InferenceFailure(`the input could not be read from S3: ${(error as Error).name}`);
    }
  }

  private async invoke(
    input: Buffer,
    headers: Record<string, string>,
    timeoutSeconds: number,
  ): Promise<ContainerResponse> {
    const timeout = new AbortController();
    const answered = this.surroundings.clock.after(timeoutSeconds * 1000, () => timeout.abort());
    try {
      return await this.surroundings.container.invoke(
        input,
        headers,
        AbortSignal.any([timeout.signal, this.closing.signal]),
      );
    } catch (error) {
      throw new InferenceFailure(
        timeout.signal.aborted
          ? `the model did not answer within ${timeoutSeconds} seconds`
          : `the model could not be reached: ${(error as Error).message}`,
      );
    } finally {
      answered();
    }
  }

  private async succeed(inference: Inference, { body, headers }: ContainerResponse): Promise<void> {
    const { successTopicArn, includeInferenceResponseIn } = this.blueprint;
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
    const { errorTopicArn, includeInferenceResponseIn } = this.blueprint;
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
    const { name, region } = this.blueprint;
    return {
      awsRegion: region,
      eventTime: this.time(),
      receivedTime,
      invocationStatus,
      requestParameters: requestParameters(
        name,
        request,
        invocationStatus === 'Completed',
        this.surroundings.uncertainties,
      ),
      inferenceId,
      eventVersion: '1.0',
      eventSource: 'aws:sagemaker',
      eventName: 'InferenceResult',
    };
  }

  private async notify(topicArn: string | undefined, notification: ResultNotification): Promise<void> {
    if (!topicArn) return;
    const { ordersNotificationMembers, deliversOnce } = this.surroundings.uncertainties;
    const message = ordersNotificationMembers
      ? notification
      : Object.fromEntries(Object.entries(notification).reverse());
    await this.publish(topicArn, message);
    if (!deliversOnce) await this.publish(topicArn, message);
  }

  private async publish(topicArn: string, message: object): Promise<void> {
    this.surroundings.record('sns:Publish', topicArn);
    await this.surroundings.session.publish(topicArn, JSON.stringify(message));
  }

  private async upload(location: string, body: Buffer, contentType: string | undefined): Promise<void> {
    const { Bucket, Key } = parseS3Uri(location);
    this.surroundings.record('s3:PutObject', `arn:aws:s3:::${Bucket}/${Key}`);
    await this.surroundings.session.putObject(location, body, contentType);
  }

  private time(): string {
    return new Date(this.surroundings.clock.now()).toISOString();
  }
}
