import { Resource, Token, TokenComparison } from 'aws-cdk-lib';
import type { Duration, IResource } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic, ITopicSubscription, Subscription } from 'aws-cdk-lib/aws-sns';
import type { aws_sagemaker as sagemaker } from 'aws-cdk-lib/interfaces';
import { ASYNC_METRICS } from './metrics';
import { refuse } from '../shared/validation';
import { subscribeToResults } from './result-subscription';
import type { ResultSubscriptionOptions } from './result-subscription';

/** An asynchronous inference endpoint, defined here or elsewhere. */
export interface IAsyncInferenceEndpoint extends IResource, sagemaker.IEndpointRef {
  /**
   * The ARN of the endpoint.
   *
   * @attribute
   */
  readonly endpointArn: string;

  /**
   * The name of the endpoint.
   *
   * @attribute
   */
  readonly endpointName: string;

  /**
   * The name of the endpoint's one production variant.
   *
   * @attribute
   */
  readonly variantName: string;

  /** The bucket that results and failures are written to. */
  readonly outputBucket: IBucket;

  /** The key prefix of results in the bucket, without a slash at its end. */
  readonly outputPrefix: string;

  /** The key prefix of failures in the bucket, without a slash at its end. */
  readonly failurePrefix: string;

  /** The topic that is told of each result. */
  readonly successTopic: ITopic;

  /** The topic that is told of each failure. */
  readonly errorTopic: ITopic;

  /** The role that SageMaker runs the endpoint as. */
  readonly executionRole: iam.IRole;

  /** The key that results, failures and topics are encrypted with; undefined where AWS's own keys do it. */
  readonly encryptionKey?: IKey;

  /** How long a request may wait in the endpoint's queue, unless it says otherwise. */
  readonly requestTtl: Duration;

  /** How long the model may work on a request, unless the request says otherwise. */
  readonly invocationTimeout: Duration;

  /**
   * Lets a role, user or group send requests: `sagemaker:InvokeEndpointAsync` on this endpoint, and nothing else.
   * An inline payload needs no right on any bucket.
   *
   * @param grantee a role, user or group of the endpoint's account
   * @throws when the grantee is of another account or no IAM identity, since endpoints have no resource policy
   * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
   */
  grantInvokeAsync(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets an identity read results and failures: `s3:GetObject` on the two prefixes, and `s3:ListBucket` on the bucket,
   * without which S3 answers 403 instead of 404 for a result that is not there yet. With an `encryptionKey`, also to decrypt with it.
   */
  grantReadResults(grantee: iam.IGrantable): iam.Grant;

  /**
   * Subscribes to the endpoint's results: a queue, a function, an e-mail address or whatever else SNS delivers to. One subscription
   * is made a topic; where successes and failures share a topic, one for both.
   *
   * SageMaker also publishes a `TestNotification` whenever the endpoint is created, updated or scaled. A filter drops it; tolerate
   * it all the same, and tolerate repeats: SNS delivers at least once.
   *
   * @param subscription a subscription without a filter of its own, since SNS takes one filter a subscription. For endpoints that
   * share given topics and a consumer give the same object: SNS takes one subscription of a consumer to a topic
   * @throws when the subscription has a filter, when no outcome is named, or when one object is given for other outcomes of the same
   * topic or for more endpoints than a filter takes
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
   */
  addResultSubscription(subscription: ITopicSubscription, options?: ResultSubscriptionOptions): Subscription[];

  /**
   * A metric of the endpoint by the name that SageMaker gives it. Those that it publishes by endpoint alone
   * (`ApproximateBacklogSize`, `ApproximateBacklogSizePerInstance`, `ApproximateAgeOfOldestRequest`, `HasBacklogWithoutCapacity`)
   * get that one dimension, all others endpoint and variant.
   *
   * Counts are absent, not zero, while the endpoint is idle: let alarms treat missing data as not breaching.
   *
   * @param metricName for example 'InvocationFailures'
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html
   */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Requests that wait or are being processed. Count, average. */
  metricApproximateBacklogSize(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Requests that wait or are being processed, for each instance. Count, average. */
  metricApproximateBacklogSizePerInstance(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** The age of the oldest request in the queue. Seconds, maximum. */
  metricApproximateAgeOfOldestRequest(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** 1 while requests wait and no instance is there to take them, else 0. Average. */
  metricHasBacklogWithoutCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Requests that the endpoint has processed. Count, sum. */
  metricInvocationsProcessed(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Requests that failed, for whatever reason. Count, sum. */
  metricInvocationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Requests that expired in the queue. Count, sum. */
  metricExpiredRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Requests whose payload could not be read from S3. Count, sum. Inline payloads are not read from there. */
  metricRequestDownloadFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Requests whose result could not be written to S3. Count, sum. */
  metricResponseUploadFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Notifications that could not be published, which nothing else tells of. Count, sum. */
  metricNotificationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Answers of the model's container with a status of 4xx. Count, sum. */
  metricInvocation4XXErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Answers of the model's container with a status of 5xx. Count, sum. */
  metricInvocation5XXErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** The time it took to read a payload from S3. Microseconds, average. */
  metricRequestDownloadLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** The time it took to write a result to S3. Microseconds, average. */
  metricResponseUploadLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** The time that a request waited in the queue. Milliseconds, average. */
  metricTimeInBacklog(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** The time from the acceptance of a request to its end. Milliseconds, average. */
  metricTotalProcessingTime(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** The time that the model took to answer. Microseconds, average. */
  metricModelLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** CPU that the containers use, in percent of one core: up to 100 for each core. Average. */
  metricCPUUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Memory that the containers use. Percent, average. */
  metricMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Disk that the containers use. Percent, average. */
  metricDiskUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** GPU that the containers use, in percent of one GPU: up to 100 for each GPU. Average. */
  metricGPUUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** GPU memory that the containers use, in percent of one GPU: up to 100 for each GPU. Average. */
  metricGPUMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric;
}

/** What is known of an endpoint that is defined elsewhere: its name, its ARN or both, and whatever its use needs. */
export interface AsyncInferenceEndpointAttributes {
  /**
   * The name, in the case that the endpoint was created with.
   *
   * @default - the name in the ARN, where SageMaker writes it in lower case
   */
  readonly endpointName?: string;

  /**
   * The ARN.
   *
   * @default - that of the name, in the account and region of the stack
   */
  readonly endpointArn?: string;

  /**
   * The name of the production variant, which metrics and scaling need.
   *
   * @default - not known
   */
  readonly variantName?: string;

  /**
   * The bucket that results and failures are written to, which readers of results need.
   *
   * @default - not known
   */
  readonly outputBucket?: IBucket;

  /**
   * The key prefix of results, without a slash at its end.
   *
   * @default - not known
   */
  readonly outputPrefix?: string;

  /**
   * The key prefix of failures, without a slash at its end.
   *
   * @default - not known
   */
  readonly failurePrefix?: string;

  /**
   * The topic that is told of each result, which subscriptions need.
   *
   * @default - not known
   */
  readonly successTopic?: ITopic;

  /**
   * The topic that is told of each failure, which subscriptions need.
   *
   * @default - not known
   */
  readonly errorTopic?: ITopic;

  /**
   * The role that SageMaker runs the endpoint as, which payloads through S3 need.
   *
   * @default - not known
   */
  readonly executionRole?: iam.IRole;

  /**
   * The key that encrypts results.
   *
   * @default - none but AWS's own
   */
  readonly encryptionKey?: IKey;

  /**
   * How long a request may wait in the endpoint's queue, unless it says otherwise.
   *
   * @default Duration.hours(6)
   */
  readonly requestTtl?: Duration;

  /**
   * How long the model may work on a request, unless the request says otherwise.
   *
   * @default Duration.minutes(15)
   */
  readonly invocationTimeout?: Duration;
}

/**
 * What an endpoint does whether it is defined here or elsewhere.
 *
 * @internal
 */
export abstract class AsyncInferenceEndpointBase extends Resource implements IAsyncInferenceEndpoint {
  public abstract readonly endpointArn: string;
  public abstract readonly endpointName: string;
  public abstract readonly variantName: string;
  public abstract readonly outputBucket: IBucket;
  public abstract readonly outputPrefix: string;
  public abstract readonly failurePrefix: string;
  public abstract readonly successTopic: ITopic;
  public abstract readonly errorTopic: ITopic;
  public abstract readonly executionRole: iam.IRole;
  public abstract readonly encryptionKey?: IKey;
  public abstract readonly requestTtl: Duration;
  public abstract readonly invocationTimeout: Duration;

  /**
   * The execution role; undefined where it is not known.
   *
   * @internal
   */
  public get _knownExecutionRole(): iam.IRole | undefined {
    return this.executionRole;
  }

  public get endpointRef(): sagemaker.EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  public grantInvokeAsync(grantee: iam.IGrantable): iam.Grant {
    const account = grantee.grantPrincipal.principalAccount;
    const foreign =
      account !== undefined && Token.compareStrings(account, this.env.account) === TokenComparison.DIFFERENT;
    const grant = foreign
      ? undefined
      : iam.Grant.addToPrincipal({
          grantee,
          actions: ['sagemaker:InvokeEndpointAsync'],
          resourceArns: [this.endpointArn],
        });
    refuse(this, [
      foreign
        ? `grantInvokeAsync got a grantee of account ${account}, but an endpoint has no resource policy: ` +
          `grant to a role in ${this.env.account}, and let the grantee assume that role`
        : undefined,
      grant?.success === false
        ? 'grantInvokeAsync got a grantee that takes no IAM policy, and an endpoint has no resource policy: ' +
          'grant to a role, user or group'
        : undefined,
    ]);
    return grant!;
  }

  public grantReadResults(grantee: iam.IGrantable): iam.Grant {
    const resource = this.outputBucket;
    const objects = iam.Grant.addToPrincipalOrResource({
      grantee,
      resource,
      actions: ['s3:GetObject'],
      resourceArns: [this.outputPrefix, this.failurePrefix].map((prefix) => resource.arnForObjects(`${prefix}/*`)),
    });
    const listing = iam.Grant.addToPrincipalOrResource({
      grantee,
      resource,
      actions: ['s3:ListBucket'],
      resourceArns: [resource.bucketArn],
    });
    const reading = objects.combine(listing);
    return this.encryptionKey ? reading.combine(this.encryptionKey.grantDecrypt(grantee)) : reading;
  }

  public addResultSubscription(
    subscription: ITopicSubscription,
    options: ResultSubscriptionOptions = {},
  ): Subscription[] {
    return subscribeToResults(this, subscription, options);
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    const facts = ASYNC_METRICS[metricName];
    return new cloudwatch.Metric({
      namespace: facts?.namespace ?? 'AWS/SageMaker',
      metricName,
      statistic: facts?.statistic,
      dimensionsMap: {
        EndpointName: this.endpointName,
        ...(facts?.endpointWide ? {} : { VariantName: this.variantName }),
      },
      ...options,
    }).attachTo(this);
  }

  public metricApproximateBacklogSize(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ApproximateBacklogSize', options);
  }

  public metricApproximateBacklogSizePerInstance(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ApproximateBacklogSizePerInstance', options);
  }

  public metricApproximateAgeOfOldestRequest(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ApproximateAgeOfOldestRequest', options);
  }

  public metricHasBacklogWithoutCapacity(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('HasBacklogWithoutCapacity', options);
  }

  public metricInvocationsProcessed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('InvocationsProcessed', options);
  }

  public metricInvocationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('InvocationFailures', options);
  }

  public metricExpiredRequests(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ExpiredRequests', options);
  }

  public metricRequestDownloadFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RequestDownloadFailures', options);
  }

  public metricResponseUploadFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ResponseUploadFailures', options);
  }

  public metricNotificationFailures(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NotificationFailures', options);
  }

  public metricInvocation4XXErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Invocation4XXErrors', options);
  }

  public metricInvocation5XXErrors(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('Invocation5XXErrors', options);
  }

  public metricRequestDownloadLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('RequestDownloadLatency', options);
  }

  public metricResponseUploadLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ResponseUploadLatency', options);
  }

  public metricTimeInBacklog(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('TimeInBacklog', options);
  }

  public metricTotalProcessingTime(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('TotalProcessingTime', options);
  }

  public metricModelLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('ModelLatency', options);
  }

  public metricCPUUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('CPUUtilization', options);
  }

  public metricMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('MemoryUtilization', options);
  }

  public metricDiskUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('DiskUtilization', options);
  }

  public metricGPUUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('GPUUtilization', options);
  }

  public metricGPUMemoryUtilization(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('GPUMemoryUtilization', options);
  }
}
