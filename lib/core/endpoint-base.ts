import { Resource } from 'aws-cdk-lib';
import type { ITopicSubscription, Subscription } from 'aws-cdk-lib/aws-sns';
import type { aws_sagemaker as sagemaker } from 'aws-cdk-lib/interfaces';
import type { AsyncInferenceEndpointDetails, IAsyncInferenceEndpoint } from './endpoint-interface';
import { AsyncInferenceEndpointGrants } from './grants';
import { AsyncInferenceEndpointMetrics } from './metrics';
import { subscribeToResults } from './result-subscription';
import type { ResultSubscriptionOptions } from './result-subscription';

/** What endpoints have in common, whether they are defined in this app or imported. */
export abstract class AsyncInferenceEndpointBase extends Resource implements IAsyncInferenceEndpoint {
  public abstract readonly endpointName: string;
  public abstract readonly endpointArn: string;
  public abstract readonly attributes: AsyncInferenceEndpointDetails;

  /** The grants of this endpoint. */
  public get grants(): AsyncInferenceEndpointGrants {
    return AsyncInferenceEndpointGrants.fromEndpoint(this);
  }

  /** The metrics of this endpoint. */
  public get metrics(): AsyncInferenceEndpointMetrics {
    return AsyncInferenceEndpointMetrics.fromEndpoint(this);
  }

  /** The reference to this endpoint that L1 constructs accept. */
  public get endpointRef(): sagemaker.EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  public addResultSubscription(
    subscription: ITopicSubscription,
    options: ResultSubscriptionOptions = {},
  ): Subscription[] {
    return subscribeToResults(this, subscription, options);
  }
}
