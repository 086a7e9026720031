import { Lazy, Names, Resource, Token } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { IAsyncInferenceEndpoint } from './endpoint-base';
import { refuse } from '../shared/validation';

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

/** A subscription to a topic that may tell of other endpoints, and the names of those whose results it takes. */
interface SharedSubscription {
  readonly topic: sns.ITopic;
  readonly others: readonly string[];
  readonly endpointNames: Set<string>;
  readonly subscription: sns.Subscription;
}

/** SNS takes one subscription of a consumer to a topic: where one is given for several endpoints, it goes by all their names. */
const sharedSubscriptions = new WeakMap<sns.ITopicSubscription, SharedSubscription[]>();

/** So many combinations of values SNS takes in a filter. */
const MAX_COMBINATIONS = 150;

export function subscribeToResults(
  endpoint: IAsyncInferenceEndpoint,
  subscription: sns.ITopicSubscription,
  options: ResultSubscriptionOptions,
): sns.Subscription[] {
  const outcomes = new Set(options.outcomes ?? [InferenceOutcome.SUCCESS, InferenceOutcome.FAILURE]);
  refuse(endpoint, [
    outcomes.size === 0 ? 'outcomes is empty: name at least one of SUCCESS and FAILURE, or leave it out' : undefined,
  ]);

  const { successTopic, errorTopic } = endpoint;
  const [successArn, errorArn] = [successTopic, errorTopic].map(({ topicArn }) =>
    JSON.stringify(endpoint.stack.resolve(topicArn)),
  );
  if (successArn !== errorArn) {
    return [...outcomes].map((outcome) =>
      subscribe(endpoint, outcome === InferenceOutcome.SUCCESS ? successTopic : errorTopic, subscription),
    );
  }
  if (outcomes.size === 2) return [subscribe(endpoint, successTopic, subscription)];
  return [
    subscribe(
      endpoint,
      successTopic,
      subscription,
      outcomes.has(InferenceOutcome.SUCCESS) ? ['Failed', 'Expired'] : ['Completed'],
    ),
  ];
}

/** @param others the statuses that are not to be told of */
function subscribe(
  endpoint: IAsyncInferenceEndpoint,
  topic: sns.ITopic,
  subscription: sns.ITopicSubscription,
  others: readonly string[] = [],
): sns.Subscription {
  const statuses: Filters = others.length === 0 ? {} : { invocationStatus: anythingBut(...others) };
  if (topic.node.scope === endpoint && Resource.isOwnedResource(topic))
    return add(endpoint, topic, subscription, statuses);

  const shared = sharedSubscriptions.get(subscription) ?? [];
  sharedSubscriptions.set(subscription, shared);
  const known = shared.find((each) => isSame(each.topic, topic));
  refuse(endpoint, [
    known && known.others.join() !== others.join()
      ? `the topic ${topic.node.path} has this subscription for other outcomes already: use one subscription for each choice of outcomes`
      : undefined,
  ]);
  const endpointNames = known?.endpointNames ?? new Set();
  namesOf(endpoint).forEach((name) => endpointNames.add(name));
  // Values by their depth in the message, of the filters below
  const combinations = 2 * (others.length === 0 ? 1 : 2) * 2 * endpointNames.size;
  refuse(endpoint, [
    combinations > MAX_COMBINATIONS
      ? `a subscription to the topic ${topic.node.path} would have a filter of ${combinations} combinations of values, and SNS takes at most ` +
        `${MAX_COMBINATIONS}: give these endpoints more than one consumer, or topics of their own`
      : undefined,
  ]);
  if (known) return known.subscription;
  const added = add(endpoint, topic, subscription, {
    ...statuses,
    requestParameters: sns.FilterOrPolicy.policy({
      endpointName: sns.FilterOrPolicy.filter(
        sns.SubscriptionFilter.stringFilter({ allowlist: Lazy.list({ produce: () => [...endpointNames] }) }),
      ),
    }),
  });
  shared.push({ topic, others, endpointNames, subscription: added });
  return added;
}

function add(
  endpoint: IAsyncInferenceEndpoint,
  topic: sns.ITopic,
  subscription: sns.ITopicSubscription,
  filters: Filters,
): sns.Subscription {
  return topic.addSubscription({
    bind: (boundTopic) => {
      const config = subscription.bind(boundTopic);
      refuse(endpoint, [
        config.filterPolicy || config.filterPolicyWithMessageBody
          ? 'addResultSubscription got a subscription with a filter of its own, and SNS takes one filter a subscription: ' +
            'leave it out, and filter where the results are consumed'
          : undefined,
      ]);
      return {
        ...config,
        // Some subscriptions are named after the topic's own id, which the topics of all endpoints have in common.
        subscriberId: config.subscriberScope ? Names.nodeUniqueId(topic.node) : config.subscriberId,
        filterPolicyWithMessageBody: { eventName: anythingBut('TestNotification'), ...filters },
      };
    },
  });
}

/** A filter that lets through what it does not know: one that named what to let through would, if wrong, drop every result in silence. */
function anythingBut(...denylist: string[]): sns.FilterOrPolicy {
  return sns.FilterOrPolicy.filter(new sns.SubscriptionFilter([{ 'anything-but': denylist }, { exists: false }]));
}

/** SageMaker keeps the case of a name in some places, and lowers it in others. */
function namesOf({ endpointName }: IAsyncInferenceEndpoint): string[] {
  return Token.isUnresolved(endpointName) ? [endpointName] : [endpointName, endpointName.toLowerCase()];
}

function isSame(topic: sns.ITopic, other: sns.ITopic): boolean {
  if (topic === other) return true;
  return (
    topic.node.root === other.node.root && !Token.isUnresolved(topic.topicArn) && topic.topicArn === other.topicArn
  );
}
