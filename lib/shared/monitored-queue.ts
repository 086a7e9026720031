import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface SafeQueueProps {
  readonly fifo?: boolean;
  readonly encryptionKey?: IKey;
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount?: number;
  readonly maxMessageAge: Duration;
  /** What it means when a message is in the dead-letter queue. */
  readonly deadLetterMeans: string;
  /** What it means when the oldest message is too old. */
  readonly ageMeans: string;
}

export interface SafeQueue {
  readonly queue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
  readonly deadLetterAlarm: cloudwatch.Alarm;
  readonly ageAlarm: cloudwatch.Alarm;
}

/**
 * A queue that loses nothing unseen: encrypted, taken over TLS only, kept for 14 days, with a dead-letter queue and alarms on
 * both; all of them children of the scope.
 */
export function safeQueue(scope: Construct, props: SafeQueueProps): SafeQueue {
  const kept = {
    // CloudFormation takes no `false` here.
    fifo: props.fifo ? true : undefined,
    ...(props.encryptionKey
      ? { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey }
      : { encryption: sqs.QueueEncryption.SQS_MANAGED }),
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  };
  const deadLetterQueue = new sqs.Queue(scope, 'DeadLetterQueue', kept);
  const queue = new sqs.Queue(scope, 'Queue', {
    ...kept,
    visibilityTimeout: props.visibilityTimeout,
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: props.maxReceiveCount ?? 5 },
  });
  const alarm = (id: string, metric: cloudwatch.Metric, threshold: number, alarmDescription: string) =>
    metric.with({ statistic: 'max', period: Duration.minutes(1) }).createAlarm(scope, id, {
      alarmDescription,
      threshold,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // SQS stops publishing for a queue that nobody uses.
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  return {
    queue,
    deadLetterQueue,
    deadLetterAlarm: alarm(
      'DeadLetterAlarm',
      deadLetterQueue.metricApproximateNumberOfMessagesVisible(),
      1,
      props.deadLetterMeans,
    ),
    ageAlarm: alarm(
      'AgeAlarm',
      queue.metricApproximateAgeOfOldestMessage(),
      props.maxMessageAge.toSeconds(),
      props.ageMeans,
    ),
  };
}
