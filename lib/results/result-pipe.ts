import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Construct } from 'constructs';
import { AsyncInferenceResultQueue } from './result-queue';
import type { AsyncInferenceResultQueueProps } from './result-queue';

/** Properties of a pipe of results. */
export interface AsyncInferenceResultPipeProps extends AsyncInferenceResultQueueProps {
  /**
   * The event bus that results are put on, in the account and region of the pipe.
   *
   * @default - the default event bus of the account
   */
  readonly eventBus?: events.IEventBus;
}

/**
 * Results as events on a bus of EventBridge: SageMaker has no event of its own for them. The source is `EVENT_SOURCE`, the detail
 * type `DETAIL_TYPE`, and the detail is SageMaker's notification as it stands, so that a rule may match on
 * `detail.invocationStatus` (`Completed`, else it failed), `detail.requestParameters.endpointName` and `detail.inferenceId`.
 *
 * The way is topics, queue, EventBridge Pipes: no code runs for it. Events come at least once and in any order.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html
 */
export class AsyncInferenceResultPipe extends Construct {
  /** The `source` of the events. */
  public static readonly EVENT_SOURCE = 'cdk-sagemaker-async-inference';
  /** The `detail-type` of the events. */
  public static readonly DETAIL_TYPE = 'Async Inference Result';

  /** The bus. */
  public readonly eventBus: events.IEventBus;
  /** The notifications on their way to the bus. Its alarms are worth an action. */
  public readonly results: AsyncInferenceResultQueue;

  /** @throws when props are out of the service's limits, with all faults in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceResultPipeProps) {
    super(scope, id);
    this.eventBus = props.eventBus ?? events.EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    this.results = new AsyncInferenceResultQueue(this, 'Results', props);
    const { queue } = this.results;
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('pipes.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({ service: 'pipes', resource: 'pipe', resourceName: '*' }),
          },
        },
      }),
      inlinePolicies: {
        Rights: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
              resources: [queue.queueArn],
            }),
            new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [this.eventBus.eventBusArn] }),
            ...(props.encryptionKey
              ? [new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [props.encryptionKey.keyArn] })]
              : []),
          ],
        }),
      },
    });
    new CfnPipe(this, 'Resource', {
      roleArn: role.roleArn,
      source: queue.queueArn,
      target: this.eventBus.eventBusArn,
      targetParameters: {
        inputTemplate: '<$.body>',
        eventBridgeEventBusParameters: {
          source: AsyncInferenceResultPipe.EVENT_SOURCE,
          detailType: AsyncInferenceResultPipe.DETAIL_TYPE,
        },
      },
    });
  }
}
