import { RemovalPolicy, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-base';
import { AsyncInferenceResultQueue } from '../results/result-queue';
import { MAX_INLINE_RESULT_BYTES, TASK_ATTRIBUTES, toCallbackEnvironment } from '../contract/callback';
import { BoundPolicy } from '../shared/bound-policy';
import { bundledFunction } from '../shared/bundled-function';
import { refuse, wholeNumber } from '../shared/validation';

/** Properties of a callback. */
export interface AsyncInferenceCallbackProps {
  /**
   * The longest that a result may be, in bytes of JSON, to be put into the state as well as told by its location: 0 to 250,000.
   * A state takes 262,144 bytes in all, with what the state machine keeps there besides.
   *
   * @default 131072
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
   */
  readonly maxInlineResultBytes?: number;

  /**
   * How long the logs of the two functions are kept. They hold ids and outcomes, and nothing that a model or a user said.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
}

/**
 * Lets state machines wait for the results of asynchronous inference without polling: `InvokeAsyncInference` with the pattern
 * `WAIT_FOR_TASK_TOKEN`. One callback serves any number of endpoints and state machines of its region.
 *
 * A starter function writes the token of each waiting task to a table and sends the request; a second function takes the
 * endpoints' notifications from a queue, and answers the task that waits for each. Nothing runs, and next to nothing is
 * paid for, while a task waits.
 */
export class AsyncInferenceCallback extends Construct {
  /** The function that sends requests, and knows which task waits for which. */
  public readonly starter: lambda.Function;
  /** The function that answers tasks. */
  public readonly function: lambda.Function;
  /** The notifications on their way to the function, and those that it could not serve. Its alarms are worth an action. */
  public readonly results: AsyncInferenceResultQueue;
  /** The tasks that wait, by inference id. */
  public readonly table: dynamodb.ITable;
  private readonly endpoints = new Set<IAsyncInferenceEndpoint>();
  private readonly readsResults: boolean;
  private responds = false;

  /** @throws when a prop is out of its limits */
  constructor(scope: Construct, id: string, props: AsyncInferenceCallbackProps = {}) {
    super(scope, id);
    refuse(this, [wholeNumber('maxInlineResultBytes', props.maxInlineResultBytes, 0, MAX_INLINE_RESULT_BYTES)]);
    const maxInlineResultBytes = props.maxInlineResultBytes ?? 131_072;
    this.readsResults = maxInlineResultBytes !== 0;

    // Tasks are of no use once the table is gone, and are forgotten by themselves.
    this.table = new dynamodb.Table(this, 'Tasks', {
      partitionKey: { name: TASK_ATTRIBUTES.key, type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: TASK_ATTRIBUTES.timeToLive,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // As often as it takes to outlast an outage of five hours.
    this.results = new AsyncInferenceResultQueue(this, 'Results', { maxReceiveCount: 100 });
    const both = {
      logRetention: props.logRetention,
      environment: toCallbackEnvironment(
        { tableName: this.table.tableName, maxInlineResultBytes },
        (value) => `${value}`,
      ),
    };
    this.starter = bundledFunction(new Construct(this, 'Starter'), {
      ...both,
      bundle: 'starter',
      description: 'Sends asynchronous inference requests that tasks of Step Functions wait for',
      statements: [this.onTable('PutItem', 'DeleteItem')],
    });
    this.function = bundledFunction(new Construct(this, 'Answerer'), {
      ...both,
      bundle: 'callback',
      description: 'Answers tasks of Step Functions that wait for asynchronous inference',
      statements: [
        this.onTable('GetItem', 'DeleteItem'),
        new iam.PolicyStatement({
          actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
          resources: [this.results.queue.queueArn],
        }),
      ],
    });
    new lambda.EventSourceMapping(this, 'Messages', {
      target: this.function,
      eventSourceArn: this.results.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    this.node.addValidation({ validate: () => this.unanswered() });
  }

  /**
   * Lets the callback answer the tasks of a state machine. A task never learns which state machine it is part of, so each one that
   * waits has to be told here. The right stands in the stack of the state machine.
   */
  public grantRespond(stateMachine: IStateMachine): void {
    this.responds = true;
    new BoundPolicy(stateMachine, `Respond${this.node.addr.slice(-8)}`, this.function.role!, [
      new iam.PolicyStatement({
        actions: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
        // The workflows that a Distributed Map starts have the label of the map behind the name of the state machine.
        resources: [stateMachine.stateMachineArn, `${stateMachine.stateMachineArn}/*`],
      }),
    ]);
  }

  /**
   * Serves one more endpoint, if it does not yet.
   *
   * @internal
   */
  public _serve(endpoint: IAsyncInferenceEndpoint): void {
    if (this.endpoints.has(endpoint)) return;
    const elsewhere = Token.compareStrings(endpoint.env.region, Stack.of(this).region) === TokenComparison.DIFFERENT;
    refuse(this, [
      elsewhere
        ? `an endpoint in ${endpoint.env.region} cannot be served from ${Stack.of(this).region}: define the callback in the endpoint's region`
        : undefined,
    ]);
    this.endpoints.add(endpoint);
    this.results.addEndpoint(endpoint);
    endpoint.grantInvokeAsync(this.starter);
    if (!this.readsResults) return;
    this.function.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [endpoint.outputBucket.arnForObjects(`${endpoint.outputPrefix}/*`)],
      }),
    );
    const key = endpoint.encryptionKey ?? endpoint.outputBucket.encryptionKey;
    if (key)
      this.function.addToRolePolicy(new iam.PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }));
  }

  private onTable(...actions: string[]): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [this.table.tableArn],
    });
  }

  private unanswered(): string[] {
    if (this.responds || this.endpoints.size === 0) return [];
    return [
      'a task waits for this callback, which may answer no state machine: call its grantRespond(stateMachine) for each one that waits',
    ];
  }
}
