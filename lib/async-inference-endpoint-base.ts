import { Resource, Token, TokenComparison } from 'aws-cdk-lib';
import type { Duration, IResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic, ITopicSubscription, Subscription } from 'aws-cdk-lib/aws-sns';
import type { aws_sagemaker as sagemaker } from 'aws-cdk-lib/interfaces';
import { refuse } from './private/validation';
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
   * without which S3 answers 403 instead of 404 for a result that is not there yet.
   */
  grantReadResults(grantee: iam.IGrantable): iam.Grant;

  /**
   * Subscribes to the endpoint's results: a queue, a function, an e-mail address or whatever else SNS delivers to. One subscription
   * is made a topic; where successes and failures share a topic, one for both.
   *
   * SageMaker also publishes a `TestNotification` whenever the endpoint is created, updated or scaled. A filter drops it; tolerate
   * it all the same, and tolerate repeats: SNS delivers at least once.
   *
   * @param subscription a subscription without a filter of its own, since SNS takes one filter a subscription
   * @throws when the subscription has a filter, or when no outcome is named
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-check-predictions.html
   */
  addResultSubscription(subscription: ITopicSubscription, options?: ResultSubscriptionOptions): Subscription[];
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

  public get endpointRef(): sagemaker.EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  public grantInvokeAsync(grantee: iam.IGrantable): iam.Grant {
    const account = grantee.grantPrincipal.principalAccount;
    const foreign = account !== undefined && Token.compareStrings(account, this.env.account) === TokenComparison.DIFFERENT;
    const grant = foreign ? undefined : iam.Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpointAsync'],
      resourceArns: [this.endpointArn],
    });
    refuse(this, [
      foreign
        ? `grantInvokeAsync got a grantee of account ${account}, but an endpoint has no resource policy: `
          + `grant to a role in ${this.env.account}, and let the grantee assume that role`
        : undefined,
      grant?.success === false
        ? 'grantInvokeAsync got a grantee that takes no IAM policy, and an endpoint has no resource policy: '
          + 'grant to a role, user or group'
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
    return objects.combine(listing);
  }

  public addResultSubscription(subscription: ITopicSubscription, options: ResultSubscriptionOptions = {}): Subscription[] {
    return subscribeToResults(this, subscription, options);
  }
}
