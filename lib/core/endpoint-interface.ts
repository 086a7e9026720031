import type { Duration, IResource } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic, ITopicSubscription, Subscription } from 'aws-cdk-lib/aws-sns';
import type { aws_sagemaker as sagemaker } from 'aws-cdk-lib/interfaces';
import type { ResultSubscriptionOptions } from './result-subscription';

/** An asynchronous inference endpoint that is defined in this app or imported. */
export interface IAsyncInferenceEndpoint extends IResource, sagemaker.IEndpointRef {
  /**
   * The name of the endpoint.
   *
   * @attribute
   */
  readonly endpointName: string;

  /**
   * The ARN of the endpoint.
   *
   * @attribute
   */
  readonly endpointArn: string;

  /** What is known about the endpoint. */
  readonly attributes: AsyncInferenceEndpointDetails;

  /**
   * Subscribes to the notifications of the endpoint: a queue, a function, an email address or anything else that SNS delivers to.
   * One subscription is created per topic.
   *
   * SageMaker also publishes a `TestNotification` whenever the endpoint is created, updated or scaled. A filter drops it. SNS
   * delivers at least once, so consumers must tolerate repeated notifications.
   *
   * @param subscription the subscription. A filter on the message body is combined with the filter of this library. If endpoints
   * share topics and a consumer, pass the same object, because SNS accepts one subscription of a consumer to a topic.
   * @throws if the topics are not known, if the subscription filters by message attributes, which SageMaker does not set, if no
   * outcome is given, or if one object is used for different outcomes of a topic or for more endpoints than a filter accepts
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
   */
  addResultSubscription(subscription: ITopicSubscription, options?: ResultSubscriptionOptions): Subscription[];
}

/** What is known about an asynchronous inference endpoint. Members that are not known are undefined. */
export interface AsyncInferenceEndpointDetails {
  /** The name of the endpoint. */
  readonly endpointName: string;

  /**
   * The name of the production variant. Metrics and scaling need it.
   *
   * @default - not known
   */
  readonly variantName?: string;

  /**
   * The bucket of results and failures. Readers of results need it.
   *
   * @default - not known
   */
  readonly outputBucket?: IBucket;

  /**
   * The key prefix of results, without a slash at the end. Readers of results need it.
   *
   * @default - not known
   */
  readonly outputPrefix?: string;

  /**
   * The key prefix of failures, without a slash at the end. Readers of results need it.
   *
   * @default - not known
   */
  readonly failurePrefix?: string;

  /**
   * The topic that receives success notifications. Subscriptions need it.
   *
   * @default - not known
   */
  readonly successTopic?: ITopic;

  /**
   * The topic that receives error notifications. Subscriptions need it.
   *
   * @default - not known
   */
  readonly errorTopic?: ITopic;

  /**
   * The role that SageMaker assumes to run the endpoint. Payloads in S3 need it.
   *
   * @default - not known
   */
  readonly executionRole?: IRole;

  /**
   * The key that encrypts results.
   *
   * @default - keys of AWS, or not known
   */
  readonly outputEncryptionKey?: IKey;

  /**
   * The number of requests that an instance processes at the same time.
   *
   * @default - SageMaker chooses it, or not known
   */
  readonly maxConcurrentInvocationsPerInstance?: number;

  /**
   * The maximum number of instances.
   *
   * @default - not known
   */
  readonly maxCapacity?: number;

  /**
   * How long a request may wait in the queue of the endpoint, unless the request sets it.
   *
   * @default - not known. Constructs of this library use 6 hours.
   */
  readonly defaultRequestTtl?: Duration;

  /**
   * How long the model may take to process a request, unless the request sets it.
   *
   * @default - not known. Constructs of this library use 15 minutes.
   */
  readonly defaultInvocationTimeout?: Duration;
}

/** The attributes of an endpoint to import: its name, its ARN or both, and whatever its use needs. */
export interface AsyncInferenceEndpointAttributes {
  /**
   * The name, in the case in which the endpoint was created.
   *
   * @default - the name in the ARN, which SageMaker writes in lower case
   */
  readonly endpointName?: string;

  /**
   * The ARN.
   *
   * @default - the ARN of the name in the account and region of the stack
   */
  readonly endpointArn?: string;

  /**
   * The name of the production variant. Metrics and scaling need it.
   *
   * @default - not known
   */
  readonly variantName?: string;

  /**
   * The bucket of results and failures. Readers of results need it.
   *
   * @default - not known
   */
  readonly outputBucket?: IBucket;

  /**
   * The key prefix of results, without a slash at the end. Readers of results need it.
   *
   * @default - not known
   */
  readonly outputPrefix?: string;

  /**
   * The key prefix of failures, without a slash at the end. Readers of results need it.
   *
   * @default - not known
   */
  readonly failurePrefix?: string;

  /**
   * The topic that receives success notifications. Subscriptions need it.
   *
   * @default - not known
   */
  readonly successTopic?: ITopic;

  /**
   * The topic that receives error notifications. Subscriptions need it.
   *
   * @default - not known
   */
  readonly errorTopic?: ITopic;

  /**
   * The role that SageMaker assumes to run the endpoint. Payloads in S3 need it.
   *
   * @default - not known
   */
  readonly executionRole?: IRole;

  /**
   * The key that encrypts results.
   *
   * @default - keys of AWS
   */
  readonly outputEncryptionKey?: IKey;

  /**
   * The number of requests that an instance processes at the same time.
   *
   * @default - not known
   */
  readonly maxConcurrentInvocationsPerInstance?: number;

  /**
   * The maximum number of instances.
   *
   * @default - not known
   */
  readonly maxCapacity?: number;

  /**
   * How long a request may wait in the queue of the endpoint, unless the request sets it.
   *
   * @default - constructs of this library use 6 hours
   */
  readonly defaultRequestTtl?: Duration;

  /**
   * How long the model may take to process a request, unless the request sets it.
   *
   * @default - constructs of this library use 15 minutes
   */
  readonly defaultInvocationTimeout?: Duration;
}
