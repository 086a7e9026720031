import { Annotations, Duration, Resource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-base';
import { safeQueue } from '../shared/monitored-queue';
import { refuse, wholeNumber, wholeSeconds } from '../shared/validation';
import type { InferenceOutcome } from '../core/result-subscription';

/** Properties of a queue of results. */
export interface AsyncInferenceResultQueueProps {
  /**
   * The endpoints whose results the queue takes.
   *
   * @default - none yet; give them to `addEndpoint`
   */
  readonly endpoints?: IAsyncInferenceEndpoint[];

  /**
   * The outcomes that the queue takes.
   *
   * @default - all of them
   */
  readonly outcomes?: InferenceOutcome[];

  /**
   * How long a message stays hidden once a consumer has received it: 0 seconds to 12 hours. For a Lambda function that
   * consumes the queue, AWS recommends six times the function's timeout.
   *
   * @default Duration.minutes(3)
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  readonly visibilityTimeout?: Duration;

  /**
   * How often a message is received before it moves to the dead-letter queue: 1 to 1,000 times.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * The age of the oldest message at which an alarm goes off, in whole seconds from one minute to 14 days: nobody consumes the
   * queue, or not fast enough.
   *
   * @default Duration.hours(1)
   */
  readonly maxMessageAge?: Duration;

  /**
   * The key that messages are encrypted with. SNS must be able to use it: the statement is added to the policy of a key that
   * this app defines; for another one a warning tells it.
   *
   * @default - the queue's own encryption (SSE-SQS), which costs nothing
   */
  readonly encryptionKey?: IKey;
}

/**
 * Results in a queue: each message body is SageMaker's notification itself, without an envelope of SNS. What cannot be delivered
 * or consumed is kept in a dead-letter queue. Messages are encrypted, taken over TLS only and kept for 14 days.
 *
 * SNS and SQS deliver at least once: deduplicate on `inferenceId`.
 */
export class AsyncInferenceResultQueue extends Construct {
  /** The queue to consume. */
  public readonly queue: sqs.Queue;
  /** Where messages go that SNS could not deliver, or that were received too often. */
  public readonly deadLetterQueue: sqs.Queue;
  /** Goes off as soon as a message is in the dead-letter queue. */
  public readonly deadLetterAlarm: cloudwatch.Alarm;
  /** Goes off when the oldest message is older than `maxMessageAge`. */
  public readonly ageAlarm: cloudwatch.Alarm;
  private readonly outcomes?: InferenceOutcome[];
  private readonly subscription: SqsSubscription;

  /** @throws when props are out of the service's limits, with all faults in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceResultQueueProps = {}) {
    super(scope, id);
    refuse(this, [
      wholeSeconds('visibilityTimeout', props.visibilityTimeout, 0, 43_200),
      wholeNumber('maxReceiveCount', props.maxReceiveCount, 1, 1_000),
      wholeSeconds('maxMessageAge', props.maxMessageAge, 60, 1_209_600),
    ]);
    this.outcomes = props.outcomes;
    const { queue, deadLetterQueue, deadLetterAlarm, ageAlarm } = safeQueue(this, {
      ...props,
      visibilityTimeout: props.visibilityTimeout ?? Duration.minutes(3),
      maxMessageAge: props.maxMessageAge ?? Duration.hours(1),
      deadLetterMeans: 'Results could not be delivered or consumed',
      ageMeans: 'Results wait too long to be consumed',
    });
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    this.deadLetterAlarm = deadLetterAlarm;
    this.ageAlarm = ageAlarm;
    this.subscription = new SqsSubscription(queue, { rawMessageDelivery: true, deadLetterQueue });
    if (props.encryptionKey) this.warnOfForeignKey(props.encryptionKey);
    props.endpoints?.forEach((endpoint) => this.addEndpoint(endpoint));
  }

  /** Takes the results of one more endpoint, which may share topics with others. */
  public addEndpoint(endpoint: IAsyncInferenceEndpoint): void {
    endpoint.addResultSubscription(this.subscription, { outcomes: this.outcomes });
  }

  private warnOfForeignKey(key: IKey): void {
    if (Resource.isOwnedResource(key)) return;
    Annotations.of(this).addWarningV2(
      'cdk-sagemaker-async-inference:resultQueueKeyPolicy',
      `the policy of ${key.keyArn} cannot be changed from here; see to it that it lets the service sns.amazonaws.com ` +
        'use kms:Decrypt and kms:GenerateDataKey*, else no result reaches the queue',
    );
  }
}
