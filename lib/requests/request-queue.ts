import { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import { backPressure } from './back-pressure';
import { attachPermissions } from '../shared/permissions';
import { consumeStatements } from '../shared/statements';
import { requestQueueErrors } from './validate';
import { monitoredQueue } from '../shared/monitored-queue';
import { assertValid } from '../shared/validation';

/** Properties of a queue in front of an endpoint. */
export interface AsyncInferenceRequestQueueProps {
  /** The invoker that sends what is in the queue. It serves one request queue, and other callers besides. */
  readonly invoker: AsyncInferenceInvoker;

  /**
   * Whether the messages of a group are submitted in their order; producers give each a group and a deduplication id. Results may
   * overtake each other all the same.
   *
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * How many messages the invoker gets at a time: 1 to 10.
   *
   * @default 10
   */
  readonly batchSize?: number;

  /**
   * How many batches are under way at a time: 2 to 1,000, and no more than the invoker has concurrency reserved.
   *
   * @default 2
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maxConcurrency?: number;

  /**
   * How many requests a second are submitted at the most. It bounds what the endpoint gets until the queue is turned off, which
   * takes some minutes: with a lower rate, slower models lose nothing. The invoker keeps to it by waiting, for which Lambda
   * charges; so a batch must fit into half the invoker's timeout.
   *
   * @default 10
   */
  readonly maxRequestsPerSecond?: number;

  /**
   * How many requests the endpoint may hold before the queue is turned off.
   *
   * @default 1000
   */
  readonly maxBacklog?: number;

  /**
   * How old the endpoint's oldest request may become before the queue is turned off: whole seconds, less than the invoker's request
   * TTL, since an alarm that goes off at the TTL comes too late.
   *
   * @default - half the invoker's request TTL
   */
  readonly maxRequestAge?: Duration;

  /**
   * How often a message is received before it moves to the dead-letter queue: 1 to 1,000 times.
   *
   * @default 5
   */
  readonly maxReceiveCount?: number;

  /**
   * How long a message stays hidden once it is received: at least the invoker's timeout, at most 12 hours. AWS recommends six
   * times that timeout.
   *
   * @default - six times the invoker's timeout
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   */
  readonly visibilityTimeout?: Duration;

  /**
   * The age of the oldest message at which an alarm goes off, in whole seconds from one minute to 14 days, after which SQS drops it.
   *
   * @default Duration.days(7)
   */
  readonly maxMessageAge?: Duration;

  /**
   * The key that messages are encrypted with. Who sends them must be able to use it.
   *
   * @default - the queue's own encryption (SSE-SQS), which costs nothing
   */
  readonly encryptionKey?: IKey;
}

/**
 * Requests in a queue, where they are safe for 14 days, in front of an endpoint that keeps them for 6 hours at the most: the
 * queue is turned off while the endpoint's oldest request is too old or its backlog too large, and on again after that. Messages
 * are encrypted and taken over TLS only; one that can never succeed moves to a dead-letter queue.
 *
 * A message's body is the payload; its attributes of the names that InvokeEndpointAsync has carry the rest, and
 * `BodyEncoding` = `base64` says that the body is bytes.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
@propertyInjectable
export class AsyncInferenceRequestQueue extends Construct {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceRequestQueue';

  /** The queue to send requests to. */
  public readonly queue: sqs.Queue;
  /** Where messages go that were received too often. */
  public readonly deadLetterQueue: sqs.Queue;
  /** What hands the queue's messages to the invoker; it is off while the endpoint has enough. */
  public readonly mapping: lambda.EventSourceMapping;
  /** Goes off as soon as a message is in the dead-letter queue. */
  public readonly deadLetterAlarm: cloudwatch.Alarm;
  /** Goes off when the oldest message is older than `maxMessageAge`. */
  public readonly ageAlarm: cloudwatch.Alarm;
  /** Goes off while the endpoint holds more than `maxBacklog` requests, and turns the queue off. */
  public readonly backlogAlarm: cloudwatch.Alarm;
  /** Goes off while the endpoint's oldest request is older than `maxRequestAge`, and turns the queue off. */
  public readonly requestAgeAlarm: cloudwatch.Alarm;

  /** @throws when props are out of the service's limits, with all errors in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceRequestQueueProps) {
    super(scope, id);
    const { invoker, batchSize = 10, maxConcurrency = 2, maxRequestsPerSecond = 10 } = props;
    assertValid(this, requestQueueErrors({ ...props, batchSize, maxConcurrency, maxRequestsPerSecond }));
    const { queue, deadLetterQueue, deadLetterAlarm, ageAlarm } = monitoredQueue(this, {
      fifo: props.fifo,
      encryptionKey: props.encryptionKey,
      maxReceiveCount: props.maxReceiveCount,
      visibilityTimeout: props.visibilityTimeout ?? Duration.seconds(6 * invoker.function.timeout!.toSeconds()),
      maxMessageAge: props.maxMessageAge ?? Duration.days(7),
      deadLetterMeaning: 'Requests could not be submitted: see the reasons in the log of the invoker',
      ageMeaning: 'Requests wait too long to be submitted',
    });
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    this.deadLetterAlarm = deadLetterAlarm;
    this.ageAlarm = ageAlarm;

    invoker._pace(Math.ceil((1_000 * maxConcurrency) / maxRequestsPerSecond));
    // No `enabled`: what the template does not say, an update of the stack does not touch.
    this.mapping = new lambda.EventSourceMapping(this, 'Mapping', {
      target: invoker.function,
      eventSourceArn: queue.queueArn,
      batchSize,
      maxConcurrency,
      reportBatchItemFailures: true,
    });
    this.mapping.node.addDependency(
      ...attachPermissions(this, 'Permissions', invoker.function.role!, consumeStatements(queue)),
    );
    const { backlogAlarm, requestAgeAlarm } = backPressure(this, {
      endpoint: invoker.endpoint,
      mapping: this.mapping,
      maxBacklog: props.maxBacklog ?? 1_000,
      maxRequestAge: props.maxRequestAge ?? Duration.seconds(Math.floor(invoker.defaultRequestTtl.toSeconds() / 2)),
    });
    this.backlogAlarm = backlogAlarm;
    this.requestAgeAlarm = requestAgeAlarm;
  }

  /** Lets an identity send requests: `sqs:SendMessage`, and the use of the `encryptionKey`. */
  public grantSendMessages(grantee: iam.IGrantable): iam.Grant {
    const { encryptionMasterKey: key } = this.queue;
    // Queue.grantSendMessages would let it encrypt anything else with the key as well.
    const grant = this.queue.grant(grantee, 'sqs:SendMessage');
    return key ? grant.combine(key.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey')) : grant;
  }
}
