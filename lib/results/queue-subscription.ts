import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { SqsSubscriptionProps } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * A subscription of a queue whose key SNS may use for the topics of this account alone. CDK names the topic, and only under a feature
 * flag. If the same key encrypts the topic, the topic and the key would then depend on each other.
 */
export class QueueSubscription implements sns.ITopicSubscription {
  private readonly subscription: SqsSubscription;

  constructor(
    private readonly queue: sqs.Queue,
    props: SqsSubscriptionProps,
  ) {
    // CDK adds its own statement to the key of a queue that has one.
    const withoutKey = Object.create(queue, { encryptionMasterKey: { value: undefined } }) as sqs.Queue;
    this.subscription = new SqsSubscription(withoutKey, props);
  }

  public bind(topic: sns.ITopic): sns.TopicSubscriptionConfig {
    const { account, region } = topic.env;
    this.queue.encryptionMasterKey?.addToResourcePolicy(
      new iam.PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        principals: [new iam.ServicePrincipal('sns.amazonaws.com')],
        conditions: {
          ArnLike: {
            'aws:SourceArn': Stack.of(this.queue).formatArn({ service: 'sns', account, region, resource: '*' }),
          },
        },
      }),
    );
    return { ...this.subscription.bind(topic), subscriberScope: this.queue };
  }
}
