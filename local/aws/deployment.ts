import type { AppResources } from '../app/resources';
import type { Assumptions } from './assumptions';
import type { Clock } from './clock';
import { Container } from './container';
import { DataPlane } from './data-plane';
import type { Call } from './data-plane';
import { startContainerCommand } from './container-command';
import { LambdaFunction } from './lambda-function';
import { startModel } from './model';
import type { ResultNotification } from './notification';
import { Principals } from './principals';
import { Services } from './services';
import { StartedResources } from './started-resources';
import { TestSubscriber } from './test-subscriber';

/** The region of clients for services without regions, and of the test subscriber. */
const REGION = 'us-east-1';

export interface DeploymentOptions {
  /** The URL of a model container. @default - a language identification model in its own process */
  readonly containerUrl?: string;
  /** A command that serves the contract of a model container. Each endpoint has its own process. @default - `containerUrl` */
  readonly containerCommand?: string;
  readonly clock?: Clock;
  readonly assumptions?: Assumptions;
  /** The addresses of further services that the functions call, as variables such as `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly endpointUrls?: Readonly<Record<string, string>>;
}

/** An app that runs locally: all its endpoints, and its Lambda functions with assets. */
export class Deployment {
  public static start(resources: AppResources, options: DeploymentOptions = {}): Promise<Deployment> {
    return StartedResources.start(async (started) => {
      const { containerCommand } = options;
      const [services, containerUrl] = await Promise.all([
        started.add(Services.start()),
        containerCommand === undefined
          ? (options.containerUrl ?? started.add(startModel()).then(({ url }) => url))
          : undefined,
      ]);
      const principals = new Principals();
      const dataPlane = await started.add(DataPlane.start({ ...options, services, principals }));
      for (const bucket of resources.buckets) await services.session(REGION).createBucket(bucket);
      for (const topicArn of resources.topicArns) {
        await services.session(topicArn.split(':')[3]!).createTopic(topicArn);
      }
      const subscriber = await started.add(TestSubscriber.start(services, REGION, resources.topicArns));
      for (const endpoint of resources.endpoints) {
        const url =
          containerUrl ??
          (await started.add(startContainerCommand(containerCommand!, endpoint.containerEnvironment))).url;
        await dataPlane.createEndpoint(endpoint, new Container(url));
      }

      const endpointUrls = {
        ...options.endpointUrls,
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: dataPlane.url,
        AWS_ENDPOINT_URL_S3: services.url,
        AWS_ENDPOINT_URL_SNS: services.url,
        AWS_ENDPOINT_URL_SQS: services.url,
      };
      const functions = resources.functions.map(
        (each) => new LambdaFunction(each, principals.credentials(each.roleArn), endpointUrls),
      );
      for (const each of functions) void started.add(each);
      return new Deployment(services, dataPlane, subscriber, functions, endpointUrls, started);
    });
  }

  private constructor(
    public readonly services: Services,
    private readonly dataPlane: DataPlane,
    private readonly subscriber: TestSubscriber,
    public readonly functions: readonly LambdaFunction[],
    /** The variables that direct an AWS SDK or the AWS CLI to the local services. */
    public readonly endpointUrls: Readonly<Record<string, string>>,
    private readonly started: StartedResources,
  ) {}

  /** The calls that the data plane received, and the calls of the execution roles, in order. */
  public get calls(): readonly Call[] {
    return this.dataPlane.calls;
  }

  /** The messages that the topics published. */
  public get notifications(): TestSubscriber['messages'] {
    return this.subscriber.messages;
  }

  /** The function that invokes an endpoint. */
  public invokerOf(endpointName: string): LambdaFunction {
    const invoker = this.functions.find(({ configuration }) => configuration.invoker?.endpointName === endpointName);
    if (!invoker) throw new Error(`The app has no Lambda function that invokes the endpoint ${endpointName}.`);
    return invoker;
  }

  /** Waits for the notification of a request. */
  public notificationOf(inferenceId: string): Promise<ResultNotification> {
    return this.subscriber.notificationOf(inferenceId);
  }

  /** Reads a result or a failure. */
  public read(location: string): Promise<Buffer> {
    return this.services.session(REGION).getObject(location);
  }

  public close(): Promise<void> {
    return this.started.close();
  }
}
