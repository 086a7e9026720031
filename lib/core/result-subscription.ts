import { Lazy, Names, Resource, Token } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import { requiredDetails } from './endpoint-details';
import type { IAsyncInferenceEndpoint } from './endpoint-interface';
import { assertValid } from '../shared/validation';

/** The outcome of a request. */
export enum InferenceOutcome {
  /** The model responded, and its result is in the output bucket. */
  SUCCESS = 'SUCCESS',
  /** The request failed or expired. */
  FAILURE = 'FAILURE',
}

/** Options of a subscription to the notifications of an endpoint. */
export interface ResultSubscriptionOptions {
  /**
   * The outcomes to receive.
   *
   * @default - all outcomes
   */
  readonly outcomes?: InferenceOutcome[];
}

type Filters = Record<string, sns.FilterOrPolicy>;

/** A subscription to a topic that other endpoints may use, and the endpoints whose notifications it receives. */
interface SharedSubscription {
  readonly topic: sns.ITopic;
  readonly others: readonly string[];
  readonly endpointNames: Set<string>;
  readonly subscription: sns.Subscription;
}

/** SNS accepts one subscription of a consumer to a topic. If it serves several endpoints, its filter names all of them. */
const sharedSubscriptions = new WeakMap<sns.ITopicSubscription, SharedSubscription[]>();

/** The number of combinations of values that SNS accepts in a filter. */
const MAX_COMBINATIONS = 150;

export function subscribeToResults(
  endpoint: IAsyncInferenceEndpoint,
  subscription: sns.ITopicSubscription,
  options: ResultSubscriptionOptions,
): sns.Subscription[] {
  const outcomes = new Set(options.outcomes ?? [InferenceOutcome.SUCCESS, InferenceOutcome.FAILURE]);
  assertValid(endpoint, [
    outcomes.size === 0 ? 'outcomes is empty: give SUCCESS, FAILURE or both, or leave it out' : undefined,
  ]);

  const [successTopic, errorTopic] = topicsOf(endpoint, outcomes);
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

/** The topics of the outcomes. A topic that is not needed may be unknown. */
function topicsOf(
  endpoint: IAsyncInferenceEndpoint,
  outcomes: ReadonlySet<InferenceOutcome>,
): [sns.ITopic, sns.ITopic] {
  requiredDetails(
    endpoint,
    ...(outcomes.has(InferenceOutcome.SUCCESS) ? (['successTopic'] as const) : []),
    ...(outcomes.has(InferenceOutcome.FAILURE) ? (['errorTopic'] as const) : []),
  );
  const { successTopic, errorTopic } = endpoint.attributes;
  return [(successTopic ?? errorTopic)!, (errorTopic ?? successTopic)!];
}

/** @param others the statuses to drop */
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
  assertValid(endpoint, [
    known && known.others.join() !== others.join()
      ? `the topic ${topic.node.path} has this subscription for other outcomes: use one subscription object per choice of outcomes`
      : undefined,
  ]);
  const endpointNames = known?.endpointNames ?? new Set();
  namesOf(endpoint).forEach((name) => endpointNames.add(name));
  // SNS multiplies the numbers of values, each times the depth of its key in the message.
  const combinations = 2 * (others.length === 0 ? 1 : 2) * 2 * endpointNames.size;
  assertValid(endpoint, [
    combinations > MAX_COMBINATIONS
      ? `the filter of the subscription to the topic ${topic.node.path} would have ${combinations} combinations of values, and SNS accepts ` +
        `${MAX_COMBINATIONS}: use more than one consumer for these endpoints, or one topic per endpoint`
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
      assertValid(endpoint, [
        config.filterPolicy
          ? 'the subscription filters by message attributes, which SageMaker does not set: use filterPolicyWithMessageBody'
          : undefined,
      ]);
      return {
        ...config,
        // Some subscriptions use the ID of the topic, which is the same for the topics of all endpoints.
        subscriberId: config.subscriberScope ? Names.nodeUniqueId(topic.node) : config.subscriberId,
        filterPolicyWithMessageBody: combine(
          endpoint,
          { eventName: anythingBut('TestNotification'), ...filters },
          config.filterPolicyWithMessageBody ?? {},
        ),
      };
    },
  });
}

/** The filter that requires both filters. SNS has no AND for conditions on one key, so a key must not be in both. */
function combine(endpoint: IAsyncInferenceEndpoint, ours: Filters, theirs: Filters, path = ''): Filters {
  const combined: Filters = { ...ours };
  for (const [key, filter] of Object.entries(theirs)) {
    const own = combined[key];
    if (own?.isPolicy() && filter.isPolicy()) {
      combined[key] = sns.FilterOrPolicy.policy(combine(endpoint, own.policyDoc, filter.policyDoc, `${path}${key}.`));
      continue;
    }
    assertValid(endpoint, [
      own
        ? `the subscription filters by ${path}${key}, which this library filters by as well: leave it out`
        : undefined,
    ]);
    combined[key] = filter;
  }
  return combined;
}

/** A negative filter, because a positive one that is wrong would drop every result without a trace. */
function anythingBut(...denylist: string[]): sns.FilterOrPolicy {
  return sns.FilterOrPolicy.filter(new sns.SubscriptionFilter([{ 'anything-but': denylist }, { exists: false }]));
}

/** SageMaker keeps the case of a name in some places and changes it to lower case in others. */
function namesOf({ endpointName }: IAsyncInferenceEndpoint): string[] {
  return Token.isUnresolved(endpointName) ? [endpointName] : [endpointName, endpointName.toLowerCase()];
}

function isSame(topic: sns.ITopic, other: sns.ITopic): boolean {
  if (topic === other) return true;
  return (
    topic.node.root === other.node.root && !Token.isUnresolved(topic.topicArn) && topic.topicArn === other.topicArn
  );
}
