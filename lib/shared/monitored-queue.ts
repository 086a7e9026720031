import { Duration } from 'aws-cdk-lib';
import type { RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface MonitoredQueueProps {
  readonly queueName?: string;
  readonly fifo?: boolean;
  readonly encryptionKey?: IKey;
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount?: number;
  readonly maxMessageAge: Duration;
  readonly removalPolicy?: RemovalPolicy;
  /** What it means that a message is in the dead-letter queue. */
  readonly deadLetterMeaning: string;
  /** What it means that the oldest message is too old. */
  readonly ageMeaning: string;
}

export interface MonitoredQueue {
  readonly queue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
  readonly deadLetterAlarm: cloudwatch.Alarm;
  readonly ageAlarm: cloudwatch.Alarm;
}

/** A queue with encryption, TLS only, 14 days of retention, a dead-letter queue and alarms on both, as children of the scope. */
export function monitoredQueue(scope: Construct, props: MonitoredQueueProps): MonitoredQueue {
  const queueDefaults = {
    // CloudFormation does not accept `false` here.
    fifo: props.fifo ? true : undefined,
    ...(props.encryptionKey
      ? { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey }
      : { encryption: sqs.QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: props.removalPolicy,
  };
  const deadLetterQueue = new sqs.Queue(scope, 'DeadLetterQueue', {
    ...queueDefaults,
    queueName: deadLetterName(props),
  });
  const queue = new sqs.Queue(scope, 'Queue', {
    ...queueDefaults,
    queueName: props.queueName,
    visibilityTimeout: props.visibilityTimeout,
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: props.maxReceiveCount ?? 5 },
  });
  if (props.removalPolicy) {
    // Without its policy, a queue that stays would accept connections without TLS.
    for (const { node } of [queue, deadLetterQueue]) {
      (node.findChild('Policy').node.defaultChild as sqs.CfnQueuePolicy).applyRemovalPolicy(props.removalPolicy);
    }
  }
  const alarm = (id: string, metric: cloudwatch.Metric, threshold: number, meaning: string) =>
    metric.with({ statistic: 'max', period: Duration.minutes(1) }).createAlarm(scope, id, {
      alarmDescription: `${scope.node.path}: ${meaning}`,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // SQS stops publishing metrics of an inactive queue.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  return {
    queue,
    deadLetterQueue,
    deadLetterAlarm: alarm(
      'DeadLetterAlarm',
      deadLetterQueue.metricApproximateNumberOfMessagesVisible(),
      1,
      props.deadLetterMeaning,
    ),
    ageAlarm: alarm(
      'AgeAlarm',
      queue.metricApproximateAgeOfOldestMessage(),
      props.maxMessageAge.toSeconds(),
      props.ageMeaning,
    ),
  };
}

function deadLetterName({ queueName, fifo }: MonitoredQueueProps): string | undefined {
  if (queueName === undefined) return undefined;
  return fifo ? `${queueName.replace(/\.fifo$/, '')}-dead-letters.fifo` : `${queueName}-dead-letters`;
}

/** The names that SQS accepts, short enough for the suffix of the dead-letter queue. */
export const QUEUE_NAME = {
  pattern: /^[a-zA-Z0-9_-]{1,62}(\.fifo)?$/,
  allowed: '1 to 62 letters, digits, hyphens and underscores, with .fifo at the end for a FIFO queue',
} as const;
