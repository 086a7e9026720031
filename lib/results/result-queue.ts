import { Duration, Resource, Stack } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import type { InferenceOutcome } from '../core/result-subscription';
import { keyErrors } from '../shared/keys';
import { monitoredQueue, QUEUE_NAME } from '../shared/monitored-queue';
import { assertValid, text, wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import { warn } from '../shared/warnings';
import { QueueSubscription } from './queue-subscription';

/** Properties of a queue of results. */
export interface AsyncInferenceResultQueueProps {
  /**
   * The endpoints whose notifications the queue receives.
   *
   * @default - none: add them with `addEndpoint`
   */
  readonly endpoints?: IAsyncInferenceEndpoint[];

  /**
   * The outcomes that the queue receives.
   *
   * @default - all outcomes
   */
  readonly outcomes?: InferenceOutcome[];

  /**
   * The name of the queue: at most 62 characters. The dead-letter queue has the same name and the suffix `-dead-letters`. A new name
   * replaces both queues.
   *
   * @default - CloudFormation chooses it
   */
  readonly queueName?: string;

  /**
   * How long a message stays hidden after a consumer has received it: 0 seconds to 12 hours. For a Lambda function that consumes
   * the queue, AWS recommends six times the timeout of the function.
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
   * The age of the oldest message at which an alarm enters ALARM, in whole seconds from one minute to 14 days.
   *
   * @default Duration.hours(1)
   */
  readonly maxMessageAge?: Duration;

  /**
   * The key that encrypts the messages. SNS must be able to use it. The construct adds the statement to the policy of a key that
   * this app defines. For any other key, a warning prints it.
   *
   * @default - the encryption of the queue (SSE-SQS), which is free
   */
  readonly encryptionKey?: IKey;

  /**
   * What happens to the queue and its dead-letter queue when they are removed from the stack.
   *
   * @default RemovalPolicy.DESTROY - results stay in the output bucket
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Results in a queue. The body of each message is the notification of SageMaker, without the envelope of SNS. A dead-letter queue
 * keeps what cannot be delivered or consumed. Messages are encrypted, received over TLS only and kept for 14 days.
 *
 * SNS and SQS deliver at least once: deduplicate by `inferenceId`.
 *
 * @example
 * import { AsyncInferenceResultQueue } from 'cdk-sagemaker-async-inference';
 *
 * const results = new AsyncInferenceResultQueue(this, 'Results', { endpoints: [endpoint] });
 */
@propertyInjectable
export class AsyncInferenceResultQueue extends Construct {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceResultQueue';

  /** The queue to consume. */
  public readonly queue: sqs.Queue;
  /** The queue of messages that SNS could not deliver, or that were received too often. */
  public readonly deadLetterQueue: sqs.Queue;
  /** Enters ALARM when a message is in the dead-letter queue. */
  public readonly deadLetterAlarm: cloudwatch.Alarm;
  /** Enters ALARM when the oldest message is older than `maxMessageAge`. */
  public readonly ageAlarm: cloudwatch.Alarm;
  /** @internal */
  public readonly _outcomes?: InferenceOutcome[];
  /** @internal */
  public readonly _endpoints = new Set<IAsyncInferenceEndpoint>();
  private readonly _subscription: QueueSubscription;

  /** @throws if props exceed the limits of the service, with all errors in one message */
  constructor(scope: Construct, id: string, props: AsyncInferenceResultQueueProps = {}) {
    super(scope, id);
    assertValid(this, resultQueueErrors(props, Stack.of(this).region));
    this._outcomes = props.outcomes;
    const { queue, deadLetterQueue, deadLetterAlarm, ageAlarm } = monitoredQueue(this, {
      queueName: props.queueName,
      encryptionKey: props.encryptionKey,
      visibilityTimeout: props.visibilityTimeout ?? Duration.minutes(3),
      maxReceiveCount: props.maxReceiveCount,
      maxMessageAge: props.maxMessageAge ?? Duration.hours(1),
      removalPolicy: props.removalPolicy,
      deadLetterMeaning:
        'Notifications could not be delivered or consumed. Check first: the messages of the dead-letter queue, then your consumer.',
      ageMeaning: 'Notifications wait too long to be consumed. Check first: whether your consumer runs.',
    });
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    this.deadLetterAlarm = deadLetterAlarm;
    this.ageAlarm = ageAlarm;
    this._subscription = new QueueSubscription(queue, { rawMessageDelivery: true, deadLetterQueue });
    if (props.encryptionKey && !Resource.isOwnedResource(props.encryptionKey)) {
      warn(
        this,
        'resultQueueKeyPolicy',
        `the policy of ${props.encryptionKey.keyArn} cannot be modified here: make sure that it allows sns.amazonaws.com to use ` +
          'kms:Decrypt and kms:GenerateDataKey*, or no result reaches the queue',
      );
    }
    props.endpoints?.forEach((endpoint) => this.addEndpoint(endpoint));
  }

  /** Adds an endpoint whose notifications the queue receives. It may share topics with others. Adding it again has no effect. */
  public addEndpoint(endpoint: IAsyncInferenceEndpoint): void {
    if (this._endpoints.has(endpoint)) return;
    assertValid(this, [this._belowTopics(endpoint)]);
    this._endpoints.add(endpoint);
    endpoint.addResultSubscription(this._subscription, { outcomes: this._outcomes });
  }

  /** The stack of a topic depends on a nested stack below it, which cannot depend on it as well. */
  private _belowTopics({ node, attributes: { successTopic, errorTopic } }: IAsyncInferenceEndpoint): ValidationError {
    const stack = Stack.of(this);
    const parents = stack.node.scopes.filter((scope) => scope !== stack);
    const isBelow = [successTopic, errorTopic].some(
      (topic) => topic && Resource.isOwnedResource(topic) && parents.includes(Stack.of(topic)),
    );
    return stack.nested && isBelow
      ? `the queue is in a nested stack below the topics of ${node.path}: define it in the stack of the topics, or both in the nested stack`
      : undefined;
  }
}

/** Validates the props of a queue of results. */
export function resultQueueErrors(props: AsyncInferenceResultQueueProps, region: string): ValidationError[] {
  return [
    text('queueName', props.queueName, /^(?!.*\.fifo$)/, 'the name of a standard queue, without .fifo') ??
      text('queueName', props.queueName, QUEUE_NAME.pattern, QUEUE_NAME.allowed),
    wholeSeconds('visibilityTimeout', props.visibilityTimeout, 0, 43_200),
    wholeNumber('maxReceiveCount', props.maxReceiveCount, 1, 1_000),
    wholeSeconds('maxMessageAge', props.maxMessageAge, 60, 1_209_600),
    keyErrors('encryptionKey', props.encryptionKey, region),
  ];
}
