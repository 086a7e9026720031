import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { MAX_RECEIVE_COUNT, REQUEST_QUEUE_VARIABLES } from '../contract/request-queue';
import type { RequestQueueConfig } from '../contract/request-queue';
import { detailsOf } from '../core/endpoint-details';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { AsyncInferenceEndpointMetrics } from '../core/metrics';
import { ownScaling } from '../endpoint/own-scaling';
import type { AsyncInferenceInvoker, AsyncInferenceInvokerOptions } from '../invoker/invoker';
import type { AsyncInferenceScaling } from '../scaling/scaling';
import { monitoredQueue } from '../shared/monitored-queue';
import { attachKeyPermissions, attachPermissions } from '../shared/permissions';
import { consumeStatement, deadLetterStatements, keyStatements } from '../shared/statements';
import { assertValid } from '../shared/validation';
import { warn } from '../shared/warnings';
import { backPressure } from './back-pressure';
import { backPressurePolicy } from './back-pressure-policy';
import { mappingConcurrency, paceOf } from './pace';
import { QueueInvoker } from './queue-invoker';
import { addRate, rateOfOthers } from './rates';
import { concurrencyErrors, limitsOf, requestQueueErrors, unconditionalService, workloadOf } from './validate';
import { workloadErrors } from './workload';

/** Properties of a queue in front of an endpoint. */
export interface AsyncInferenceRequestQueueProps {
  /** The endpoint that receives the requests. */
  readonly endpoint: IAsyncInferenceEndpoint;

  /**
   * How long the model takes to process a request on average. Together with the TTL of requests, it limits what waits at the endpoint.
   * A message with a shorter `RequestTTLSeconds` than the default of the queue can expire. Choose the longest mean time that you expect: with a lower value than
   * the real one, requests may expire. At most the invocation timeout of the queue. The real one may be down to a quarter of it, and the fleet is still busy.
   */
  readonly expectedProcessingTime: Duration;

  /**
   * How long an instance takes from the decision to start it until it is in service: at least 1 whole second. The part of the
   * request TTL that this takes is not used for waiting.
   *
   * @default Duration.minutes(10)
   */
  readonly instanceStartTime?: Duration;

  /**
   * The scaling of the endpoint, which counts the messages of the queue. Set it for an imported endpoint that is scaled in this app.
   *
   * @default - the scaling that the endpoint has created
   */
  readonly scaling?: AsyncInferenceScaling;

  /**
   * The number of requests per instance in service above which the queue is disabled: at least 1. Requests in progress count too.
   * If `maxConcurrentInvocationsPerInstance` of the endpoint is not set, an instance counts as one that processes one request at a time.
   * Without instances, the first requests start them, and the queue is disabled as soon as they wait at the endpoint.
   *
   * @default - what the request TTL, `instanceStartTime`, `expectedProcessingTime` and the concurrency of an instance allow
   */
  readonly maxBacklogPerInstance?: number;

  /**
   * The number of requests per second and instance in service that are submitted at most: more than 0. The function keeps this pace by
   * waiting. If the endpoint has several request queues, their rates add up.
   *
   * @default - at least 3.2 times what an instance is expected to process, so that a faster model is busy as well
   */
  readonly maxRequestsPerSecondPerInstance?: number;

  /**
   * Whether the messages of a group are submitted in order. Producers set a group, and a deduplication ID. Results can overtake each
   * other nevertheless.
   *
   * @default false
   */
  readonly fifo?: boolean;

  /**
   * The name of the queue: 1 to 62 letters, digits, hyphens and underscores, with `.fifo` at the end for a FIFO queue. The dead-letter
   * queue is `<name>-dead-letters`, with `.fifo` behind it. A new name is a new queue. A queue that stays keeps its name, so a stack that
   * creates it again needs another one.
   *
   * @default - CloudFormation chooses it
   */
  readonly queueName?: string;

  /**
   * How often a message is received before it moves to the dead-letter queue: 1 to 1,000 times. After its first failure, a message
   * is hidden for 30 seconds, and for twice the time after each other one, up to ten minutes.
   *
   * @default - as often as in ten hours of failures
   */
  readonly maxReceiveCount?: number;

  /**
   * The age of the oldest message for the alarm: one minute to 14 days in whole seconds. SQS deletes a message after 14 days.
   *
   * @default Duration.days(7)
   */
  readonly maxMessageAge?: Duration;

  /**
   * The key that encrypts the messages. Producers must be able to use it, for which `grantSendMessages` has the permission.
   *
   * @default - the encryption of SQS (SSE-SQS), without a charge
   */
  readonly encryptionKey?: IKey;

  /**
   * What happens to the queues when they are removed from the stack or replaced. They contain work, so they stay by default.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Options of the function. Its `timeout` follows from the pace and cannot be set.
   *
   * @default - the defaults of an invoker
   */
  readonly invokerOptions?: AsyncInferenceInvokerOptions;
}

/** SQS keeps a message for the time of a whole invocation, and for as long as Lambda retries to start it. */
const VISIBILITY_FACTOR = 6;

/** The time that the function has for the submissions of a batch, after it has waited for its turn. */
const SUBMISSION_SECONDS = 30;

const EACH_MINUTE = { period: Duration.minutes(1) };

/**
 * A queue in front of an asynchronous endpoint. An endpoint keeps a request for 6 hours at most, and this queue for 14 days. A function
 * of its own submits the messages, at a pace that follows the instances in service. A workflow disables the queue while the
 * endpoint has enough work, so that no request waits there for longer than its TTL. The scaling of the endpoint counts the messages.
 *
 * The body of a message is the payload. Its attributes with the names of the members of InvokeEndpointAsync are these members, and
 * `BodyEncoding` = `base64` means that the body is base64. A message that the function rejects moves to the dead-letter queue at
 * once, with the reason in the attribute `DeadLetterReason`. All others that fail are retried for hours.
 *
 * @example
 * import { Duration } from 'aws-cdk-lib';
 * import { AsyncInferenceEndpoint, AsyncInferenceRequestQueue, InstanceType } from 'cdk-sagemaker-async-inference';
 *
 * const endpoint = new AsyncInferenceEndpoint(this, 'Endpoint', {
 *   model,
 *   instanceType: InstanceType.G6_XLARGE,
 *   createInvoker: false, // The queue brings its own.
 * });
 * const requests = new AsyncInferenceRequestQueue(this, 'Requests', {
 *   endpoint,
 *   expectedProcessingTime: Duration.seconds(30),
 * });
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
@propertyInjectable
export class AsyncInferenceRequestQueue extends Construct {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceRequestQueue';

  /** The queue that receives the requests. */
  public readonly queue: sqs.Queue;
  /** The queue of messages that could not be submitted. */
  public readonly deadLetterQueue: sqs.Queue;
  /** The function that submits the messages. */
  public readonly invoker: AsyncInferenceInvoker;
  /** The event source mapping. It is disabled while the endpoint has enough work. */
  public readonly mapping: lambda.EventSourceMapping;
  /** In ALARM while the dead-letter queue has a message. */
  public readonly deadLetterAlarm: cloudwatch.Alarm;
  /** In ALARM while the oldest message is older than `maxMessageAge`. */
  public readonly ageAlarm: cloudwatch.Alarm;
  /** In ALARM if the workflow that enables and disables the queue fails. */
  public readonly backPressureAlarm: cloudwatch.Alarm;
  /** In ALARM if messages have waited for 30 minutes, although the fleet is idle and could grow. */
  public readonly idleFleetAlarm: cloudwatch.Alarm;

  /** @throws if props exceed the limits of the service, or if requests would expire, with all errors in one message */
  constructor(scope: Construct, id: string, props: AsyncInferenceRequestQueueProps) {
    super(scope, id);
    const { endpoint, invokerOptions } = props;
    assertValid(this, requestQueueErrors(this, props));
    const workload = workloadOf(props);
    const limits = limitsOf(props, workload);
    const scaling = props.scaling ?? ownScaling(endpoint);
    const { maxCapacity } = detailsOf(endpoint);
    const pace = paceOf(limits.requestsPerSecond, Token.isUnresolved(maxCapacity) ? undefined : maxCapacity);
    assertValid(this, [
      ...workloadErrors(workload, limits, rateOfOthers(endpoint)),
      ...concurrencyErrors(props, pace),
      scaling?._limitTarget(limits.maxBacklog),
    ]);
    const timeout = Duration.seconds(Math.ceil(pace.batchSize * pace.intervalSeconds) + SUBMISSION_SECONDS);

    const { queue, deadLetterQueue, deadLetterAlarm, ageAlarm } = monitoredQueue(this, {
      fifo: props.fifo,
      queueName: props.queueName,
      encryptionKey: props.encryptionKey,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      maxReceiveCount: props.maxReceiveCount ?? MAX_RECEIVE_COUNT,
      visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * timeout.toSeconds()),
      maxMessageAge: props.maxMessageAge ?? Duration.days(7),
      deadLetterMeaning:
        'Requests could not be submitted. Check first: the attribute DeadLetterReason of the messages, then the log of the function.',
      ageMeaning:
        'Requests wait too long to be submitted. Check first: whether the endpoint has instances, then maxCapacity.',
    });
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    this.deadLetterAlarm = deadLetterAlarm;
    this.ageAlarm = ageAlarm;

    this.invoker = new QueueInvoker(this, 'Invoker', { ...invokerOptions, endpoint, timeout });
    const role = this.invoker.function.role!;
    const keyStatement = keyStatements('UseQueueKey', queue.encryptionMasterKey, 'kms:Decrypt', 'kms:GenerateDataKey');
    attachKeyPermissions(this, 'KeyPermissions', role, keyStatement, [queue, deadLetterQueue]);
    this._configure({
      queueUrl: queue.queueUrl,
      deadLetterQueueUrl: deadLetterQueue.queueUrl,
      intervalMilliseconds: Math.ceil(1_000 * pace.intervalSeconds),
    });
    // No `enabled`: an update of the stack does not touch what the template does not contain.
    this.mapping = new lambda.EventSourceMapping(this, 'Mapping', {
      target: this.invoker.function,
      eventSourceArn: queue.queueArn,
      batchSize: pace.batchSize,
      maxConcurrency: mappingConcurrency(pace, 1),
      reportBatchItemFailures: true,
    });
    this.mapping.node.addDependency(
      ...attachPermissions(this, 'Permissions', role, [
        consumeStatement(queue),
        ...deadLetterStatements(queue, deadLetterQueue),
      ]),
    );
    this.backPressureAlarm = backPressure(this, {
      endpoint,
      mapping: this.mapping,
      policy: backPressurePolicy(workload, limits, pace),
    });
    this.idleFleetAlarm = this._watchIdleFleet(endpoint, workload.concurrency, maxCapacity);
    this._addDemand(endpoint, scaling, props.queueName);
    addRate(endpoint, limits.requestsPerSecond);
  }

  /** All alarms of the queue. */
  public get alarms(): cloudwatch.Alarm[] {
    return [this.deadLetterAlarm, this.ageAlarm, this.backPressureAlarm, this.idleFleetAlarm];
  }

  /**
   * Allows an identity to send requests: `sqs:SendMessage`, and the use of `encryptionKey`.
   *
   * @param grantee a role, user, group or account, or a service with conditions
   * @throws if the grantee is a service without a condition on its source
   */
  public grantSendMessages(grantee: iam.IGrantable): iam.Grant {
    assertValid(this, [unconditionalService(grantee)]);
    const { encryptionMasterKey: key } = this.queue;
    // Queue.grantSendMessages would let it encrypt anything else with the key as well.
    const grant = this.queue.grant(grantee, 'sqs:SendMessage');
    return key ? grant.combine(key.grant(grantee, 'kms:Decrypt', 'kms:GenerateDataKey')) : grant;
  }

  private _configure(config: RequestQueueConfig): void {
    for (const [member, variable] of Object.entries(REQUEST_QUEUE_VARIABLES)) {
      this.invoker.function.addEnvironment(variable, `${config[member as keyof RequestQueueConfig]}`);
    }
  }

  private _watchIdleFleet(
    endpoint: IAsyncInferenceEndpoint,
    concurrency: number,
    maxCapacity?: number,
  ): cloudwatch.Alarm {
    const metrics = AsyncInferenceEndpointMetrics.fromEndpoint(endpoint);
    const hasCpuMetric = detailsOf(endpoint).variantName !== undefined;
    const canGrow = hasCpuMetric && maxCapacity !== undefined && !Token.isUnresolved(maxCapacity);
    return new cloudwatch.MathExpression({
      expression:
        `IF(visible > 0 AND FILL(backlogPerInstance, 0) < ${concurrency}` +
        `${canGrow ? ` AND FILL(instances, 0) < ${maxCapacity}` : ''}, 1, 0)`,
      usingMetrics: {
        visible: this.queue.metricApproximateNumberOfMessagesVisible(EACH_MINUTE),
        backlogPerInstance: metrics.approximateBacklogSizePerInstance(EACH_MINUTE),
        ...(canGrow && { instances: metrics.instanceCount() }),
      },
      ...EACH_MINUTE,
    }).createAlarm(this, 'IdleFleetAlarm', {
      alarmDescription:
        `Messages have waited for 30 minutes, although the instances of ${endpoint.endpointName} are idle. Check first: the state of ` +
        'the event source mapping, then the scaling activities of the endpoint.',
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 30,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** In another stack, a queue without a literal name would make the two stacks depend on each other. */
  private _addDemand(endpoint: IAsyncInferenceEndpoint, scaling?: AsyncInferenceScaling, queueName?: string): void {
    if (scaling && !scaling.scalableTarget) return;
    const metric = this.queue.metricApproximateNumberOfMessagesVisible(EACH_MINUTE);
    const { namespace, metricName, statistic } = metric;
    if (scaling && Stack.of(scaling) === Stack.of(this)) {
      scaling.addDemand(metric);
    } else if (scaling && queueName !== undefined && !Token.isUnresolved(queueName)) {
      const dimensionsMap = { QueueName: queueName };
      scaling.addDemand(new cloudwatch.Metric({ namespace, metricName, statistic, dimensionsMap, ...EACH_MINUTE }));
    } else {
      warn(
        this,
        'demandNotCounted',
        `the scaling of the endpoint ${endpoint.endpointName} does not count the messages of this queue, because it is ` +
          (scaling ? 'in another stack: set queueName' : 'not known here: set scaling'),
      );
    }
  }
}
