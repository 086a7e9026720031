import { Resource } from 'aws-cdk-lib';
import type { ITopicSubscription, Subscription } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { AsyncInferenceEndpointDetails, IAsyncInferenceEndpoint, ResultSubscriptionOptions } from '../../lib';

/** An endpoint as another library implements it: with the public interface, and nothing of this library. */
export class ThirdPartyEndpoint extends Resource implements IAsyncInferenceEndpoint {
  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly endpointRef: { readonly endpointArn: string };
  /** The subscriptions of consumers, with their options. */
  public readonly consumers: [ITopicSubscription, ResultSubscriptionOptions | undefined][] = [];

  constructor(
    scope: Construct,
    id: string,
    public readonly attributes: AsyncInferenceEndpointDetails,
  ) {
    super(scope, id);
    this.endpointName = 'theirs';
    this.endpointArn = this.stack.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: 'theirs' });
    this.endpointRef = { endpointArn: this.endpointArn };
  }

  public addResultSubscription(subscription: ITopicSubscription, options?: ResultSubscriptionOptions): Subscription[] {
    this.consumers.push([subscription, options]);
    return [this.attributes.successTopic, this.attributes.errorTopic].flatMap(
      (topic) => topic?.addSubscription(subscription) ?? [],
    );
  }
}
