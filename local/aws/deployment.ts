import type { Blueprint } from '../app/blueprint';
import { Container } from './container';
import type { Clock } from './clock';
import { DataPlane } from './data-plane';
import type { Call } from './data-plane';
import { Inbox } from './test-subscriber';
import { LambdaFunction } from './lambda-function';
import { startModel } from './model';
import type { ResultNotification } from './notification';
import { Principals } from './principals';
import { Services } from './services';
import type { Uncertainties } from './assumptions';

/** What a deployment may be given in place of the usual. */
export interface DeploymentOptions {
  /** The address of a model's container. @default - a language identification model, in a process of its own */
  readonly containerUrl?: string;
  readonly clock?: Clock;
  readonly uncertainties?: Uncertainties;
  /** Where other services are that the functions call: variables such as `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly endpointUrls?: Readonly<Record<string, string>>;
}

/** An app in service on this machine: all its endpoints, and the Lambda functions that it has in its assets. */
export class Deployment {
  public static async start(blueprint: Blueprint, options: DeploymentOptions = {}): Promise<Deployment> {
    const [services, model] = await Promise.all([
      Services.start(),
      options.containerUrl === undefined ? startModel() : { url: options.containerUrl, end: () => Promise.resolve() },
    ]);
    const principals = new Principals();
    const dataPlane = await DataPlane.start({ ...options, services, principals });
    const deployer = services.session('us-east-1');
    for (const bucket of blueprint.buckets) await deployer.createBucket(bucket);
    for (const topicArn of blueprint.topicArns) await services.session(topicArn.split(':')[3]!).createTopic(topicArn);
    const inbox = await Inbox.open(services, 'us-east-1', blueprint.topicArns);

    for (const endpoint of blueprint.endpoints) await dataPlane.createEndpoint(endpoint, new Container(model.url));

    const endpointUrls = {
      ...options.endpointUrls,
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: dataPlane.url,
      AWS_ENDPOINT_URL_S3: services.url,
      AWS_ENDPOINT_URL_SNS: services.url,
      AWS_ENDPOINT_URL_SQS: services.url,
    };
    const functions = blueprint.functions.map(
      (each) => new LambdaFunction(each, principals.credentials(each.roleArn), endpointUrls),
    );
    return new Deployment(services, dataPlane, inbox, functions, endpointUrls, model.end);
  }

  private constructor(
    public readonly services: Services,
    private readonly dataPlane: DataPlane,
    private readonly inbox: Inbox,
    public readonly functions: readonly LambdaFunction[],
    /** The variables that lead an AWS SDK or the AWS CLI here. */
    public readonly endpointUrls: Readonly<Record<string, string>>,
    private readonly endModel: () => Promise<void>,
  ) {}

  /** The calls that reached the data plane or that it made, in order. */
  public get calls(): readonly Call[] {
    return this.dataPlane.calls;
  }

  /** What the topics published so far. */
  public get notifications(): Inbox['messages'] {
    return this.inbox.messages;
  }

  /** The function that invokes an endpoint. */
  public invokerOf(endpointName: string): LambdaFunction {
    const invoker = this.functions.find(({ blueprint }) => blueprint.endpointName === endpointName);
    if (!invoker) throw new Error(`no Lambda function among the assets invokes ${endpointName}`);
    return invoker;
  }

  /** Waits for what came of a request. */
  public notificationOf(inferenceId: string): Promise<ResultNotification> {
    return this.inbox.notificationOf(inferenceId);
  }

  /** Reads a result, or a failure, where its location says. */
  public read(location: string): Promise<Buffer> {
    return this.services.session('us-east-1').getObject(location);
  }

  public async close(): Promise<void> {
    await Promise.all(this.functions.map((each) => each.close()));
    await this.dataPlane.close();
    await this.inbox.close();
    await this.endModel();
    await this.services.close();
  }
}
