import { Names, Resource, Token } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IAsyncInferenceEndpoint } from './async-inference-endpoint-base';
import { refuse } from './private/validation';

/** What can come of a request. */
export enum InferenceOutcome {
  /** The model answered, and its answer is in the output bucket. */
  SUCCESS = 'SUCCESS',
  /** The request failed or expired. */
  FAILURE = 'FAILURE',
}

/** Options of a subscription to an endpoint's results. */
export interface ResultSubscriptionOptions {
  /**
   * The outcomes to be told of.
   *
   * @default - all of them
   */
  readonly outcomes?: InferenceOutcome[];
}

type Filters = Record<string, sns.FilterOrPolicy>;

export function subscribeToResults(
  endpoint: IAsyncInferenceEndpoint, subscription: sns.ITopicSubscription, options: ResultSubscriptionOptions,
): sns.Subscription[] {
  const outcomes = new Set(options.outcomes ?? [InferenceOutcome.SUCCESS, InferenceOutcome.FAILURE]);
  refuse(endpoint, [outcomes.size === 0 ? 'outcomes is empty: name at least one of SUCCESS and FAILURE, or leave it out' : undefined]);

  const { successTopic, errorTopic } = endpoint;
  const [successArn, errorArn] = [successTopic, errorTopic].map(({ topicArn }) => JSON.stringify(endpoint.stack.resolve(topicArn)));
  if (successArn !== errorArn) {
    return [...outcomes].map((outcome) =>
      subscribe(endpoint, outcome === InferenceOutcome.SUCCESS ? successTopic : errorTopic, subscription));
  }
  if (outcomes.size === 2) return [subscribe(endpoint, successTopic, subscription)];
  const others = outcomes.has(InferenceOutcome.SUCCESS) ? ['Failed', 'Expired'] : ['Completed'];
  return [subscribe(endpoint, successTopic, subscription, { invocationStatus: anythingBut(...others) })];
}

function subscribe(
  endpoint: IAsyncInferenceEndpoint, topic: sns.ITopic, subscription: sns.ITopicSubscription, filters: Filters = {},
): sns.Subscription {
  return topic.addSubscription({
    bind: (boundTopic) => {
      const config = subscription.bind(boundTopic);
      refuse(endpoint, [
        config.filterPolicy || config.filterPolicyWithMessageBody
          ? 'addResultSubscription got a subscription with a filter of its own, and SNS takes one filter a subscription: '
            + 'leave it out, and filter where the results are consumed'
          : undefined,
      ]);
      return {
        ...config,
        // Some subscriptions are named after the topic's own id, which the topics of all endpoints have in common.
        subscriberId: config.subscriberScope ? Names.nodeUniqueId(topic.node) : config.subscriberId,
        filterPolicyWithMessageBody: { eventName: anythingBut('TestNotification'), ...ofEndpoint(endpoint, topic), ...filters },
      };
    },
  });
}

/** A filter that lets through what it does not know: one that named what to let through would, if wrong, drop every result in silence. */
function anythingBut(...denylist: string[]): sns.FilterOrPolicy {
  return sns.FilterOrPolicy.filter(new sns.SubscriptionFilter([{ 'anything-but': denylist }, { exists: false }]));
}

/** Topics that were given may tell of other endpoints too. */
function ofEndpoint(endpoint: IAsyncInferenceEndpoint, topic: sns.ITopic): Filters {
  if (topic.node.scope === endpoint && Resource.isOwnedResource(topic)) return {};
  const { endpointName } = endpoint;
  // SageMaker keeps the case of a name in some places, and lowers it in others.
  const allowlist = Token.isUnresolved(endpointName) ? [endpointName] : [...new Set([endpointName, endpointName.toLowerCase()])];
  return {
    requestParameters: sns.FilterOrPolicy.policy({
      endpointName: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist })),
    }),
  };
}
