import { CfnResource, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import type { CfnElement } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { MAX_INLINE_RESULT_BYTES, TASK_ATTRIBUTES, toCallbackEnvironment } from '../contract/callback';
import { requiredDetails } from '../core/endpoint-details';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { AsyncInferenceResultQueue } from '../results/result-queue';
import { bundledFunction } from '../shared/bundled-function';
import { keyBehind, keyErrors } from '../shared/keys';
import { AccumulatedPermissions, attachKeyPermissions } from '../shared/permissions';
import { consumeStatement, keyStatements } from '../shared/statements';
import { assertValid, differs, noEffect, wholeNumber } from '../shared/validation';
import { placeErrors, warnIfUnreachable } from '../shared/vpc';
import { warn } from '../shared/warnings';

/** What DynamoDB does with the key of a table for its user. */
const TABLE_KEY_ACTIONS = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/** Properties of a callback. */
export interface AsyncInferenceCallbackProps {
  /**
   * The maximum size of a result, in bytes of JSON, that is part of the state in addition to its location: 0 to 250,000. A state
   * has at most 262,144 bytes, together with everything else that the state machine keeps.
   *
   * @default 131072
   * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
   */
  readonly maxInlineResultBytes?: number;

  /**
   * The key that encrypts the queue of notifications and the table of task tokens. SNS must be able to use it, as for
   * `AsyncInferenceResultQueue`.
   *
   * @default - keys of AWS: SSE-SQS for the queue, and the key of Amazon DynamoDB for the table
   */
  readonly encryptionKey?: IKey;

  /**
   * How long the logs of the two functions are kept. They contain IDs and outcomes, and no payloads or results.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The log group of the function that sends requests, for example one with an encryption key, whose policy must allow
   * CloudWatch Logs (`logs.<region>.amazonaws.com`).
   *
   * @default - a new log group
   */
  readonly starterLogGroup?: logs.ILogGroup;

  /**
   * The log group of the function that completes tasks, for example one with an encryption key, whose policy must allow
   * CloudWatch Logs (`logs.<region>.amazonaws.com`).
   *
   * @default - a new log group
   */
  readonly resultLogGroup?: logs.ILogGroup;

  /**
   * The VPC of the two functions. It needs routes to the SageMaker runtime, Amazon DynamoDB, Amazon S3 and AWS Step Functions.
   *
   * @default - none
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets in the VPC.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups in the VPC.
   *
   * @default - a new one per function
   */
  readonly securityGroups?: ec2.ISecurityGroup[];
}

/**
 * Lets state machines wait for the results of asynchronous inference without polling: `InvokeAsyncInference` with the integration
 * pattern `WAIT_FOR_TASK_TOKEN`. One callback serves any number of endpoints and state machines of its region.
 *
 * A starter function stores the token of each waiting task in a table and sends the request. A result function receives the
 * notifications of the endpoints from a queue and completes the task that waits for each of them. No code runs while a task waits.
 *
 * @example
 * import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
 * import { AsyncInferenceCallback, InvokeAsyncInference } from 'cdk-sagemaker-async-inference';
 *
 * const callback = new AsyncInferenceCallback(this, 'Callback');
 * const task = InvokeAsyncInference.jsonata(this, 'Summarize', {
 *   endpoint,
 *   callback,
 *   integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
 *   body: sfn.TaskInput.fromText('{% $states.input.text %}'),
 * });
 * const stateMachine = new sfn.StateMachine(this, 'Workflow', { definitionBody: sfn.DefinitionBody.fromChainable(task) });
 * callback.addStateMachine(stateMachine);
 */
@propertyInjectable
export class AsyncInferenceCallback extends Construct {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceCallback';

  /** The function that sends requests, and stores which task waits for which inference. */
  public readonly starterFunction: lambda.Function;
  /** The function that completes tasks. */
  public readonly resultFunction: lambda.Function;
  /** The queue of notifications, with its dead-letter queue. Attach actions to its alarms. */
  public readonly results: AsyncInferenceResultQueue;
  /** The waiting tasks, by inference ID. */
  public readonly table: dynamodb.ITable;
  private readonly _endpoints = new Set<IAsyncInferenceEndpoint>();
  private readonly _stateMachines = new Set<IStateMachine>();
  private readonly _starterPermissions: AccumulatedPermissions;
  private readonly _resultPermissions: AccumulatedPermissions;
  /** The permissions to complete tasks, in the stacks of the state machines. */
  private readonly _taskPermissions = new Map<Stack, AccumulatedPermissions>();
  private readonly _readsResults: boolean;

  /** @throws if a prop exceeds its limits, with all errors in one message */
  constructor(scope: Construct, id: string, props: AsyncInferenceCallbackProps = {}) {
    super(scope, id);
    assertValid(this, [
      wholeNumber('maxInlineResultBytes', props.maxInlineResultBytes, 0, MAX_INLINE_RESULT_BYTES),
      keyErrors('encryptionKey', props.encryptionKey, Stack.of(this).region),
      props.starterLogGroup && props.resultLogGroup
        ? noEffect('logRetention', props.logRetention, 'a new log group, and both log groups are given')
        : undefined,
      ...placeErrors(props),
    ]);
    const maxInlineResultBytes = props.maxInlineResultBytes ?? 131_072;
    this._readsResults = maxInlineResultBytes !== 0;

    // Entries are of no use without the state machines, and expire by themselves.
    this.table = new dynamodb.Table(this, 'Tasks', {
      partitionKey: { name: TASK_ATTRIBUTES.key, type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: TASK_ATTRIBUTES.timeToLive,
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryptionKey: props.encryptionKey,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Enough attempts for an outage of five hours.
    this.results = new AsyncInferenceResultQueue(this, 'Results', {
      maxReceiveCount: 100,
      encryptionKey: props.encryptionKey,
    });
    const sharedProps = {
      logRetention: props.logRetention,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
      environment: toCallbackEnvironment(
        { tableName: this.table.tableName, maxInlineResultBytes },
        (value) => `${value}`,
      ),
    };
    const starter = new Construct(this, 'Starter');
    warnIfUnreachable(this, props, ['sagemaker.runtime', 'dynamodb', 'states', ...(this._readsResults ? ['s3'] : [])]);
    this.starterFunction = bundledFunction(starter, {
      ...sharedProps,
      logGroup: props.starterLogGroup,
      bundle: 'starter',
      description: 'Sends asynchronous inference requests for tasks of Step Functions that wait',
      statements: [this._tableStatement('PutItem', 'DeleteItem')],
    });
    this._starterPermissions = new AccumulatedPermissions(starter, 'EndpointPermissions', this.starterFunction.role!);
    const result = new Construct(this, 'Result');
    this.resultFunction = bundledFunction(result, {
      ...sharedProps,
      logGroup: props.resultLogGroup,
      bundle: 'callback',
      description: 'Completes tasks of Step Functions that wait for asynchronous inference',
      statements: [this._tableStatement('GetItem', 'DeleteItem'), consumeStatement(this.results.queue)],
    });
    this._resultPermissions = new AccumulatedPermissions(result, 'EndpointPermissions', this.resultFunction.role!);
    this._allowKey(starter, result);
    new lambda.EventSourceMapping(this, 'Messages', {
      target: this.resultFunction,
      eventSourceArn: this.results.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
    this.node.addValidation({ validate: () => this._warnWithoutStateMachine() });
  }

  /**
   * Allows the callback to complete the tasks of a state machine. A task does not know its state machine, so call this method for
   * each state machine that waits. A warning names those of the app that are forgotten, whose tasks would wait until they time out.
   * The permission is in the stack of the state machine. Repeated calls have no effect.
   */
  public addStateMachine(stateMachine: IStateMachine): void {
    if (this._stateMachines.has(stateMachine)) return;
    this._stateMachines.add(stateMachine);
    const stack = Stack.of(stateMachine);
    let permissions = this._taskPermissions.get(stack);
    if (!permissions) {
      const scope = new Construct(stack, `CompleteTasks${this.node.addr.slice(-8)}`);
      permissions = new AccumulatedPermissions(scope, 'Permissions', this.resultFunction.role!);
      this._taskPermissions.set(stack, permissions);
    }
    // The executions that a Distributed Map starts have the label of the map after the name of the state machine.
    const arns = [stateMachine.stateMachineArn, `${stateMachine.stateMachineArn}/*`];
    permissions.allow('CompleteTasks', ['states:SendTaskFailure', 'states:SendTaskSuccess'], arns);
    this._endpoints.forEach((endpoint) => this._order(stateMachine, endpoint));
  }

  /**
   * A state machine names its endpoints in a literal, which orders nothing. It must not send requests to an endpoint before that one
   * is in service and the starter function may call it.
   */
  private _order(stateMachine: IStateMachine, endpoint: IAsyncInferenceEndpoint): void {
    const { successTopic, errorTopic, outputBucket } = endpoint.attributes;
    const used = { successTopic, errorTopic, ...(this._readsResults && { outputBucket }) };
    const inItsStack = Object.entries(used).flatMap(([prop, resource]) =>
      resource && Resource.isOwnedResource(resource) && Stack.of(resource) === Stack.of(stateMachine) ? [prop] : [],
    );
    assertValid(this, [
      Stack.of(stateMachine) !== Stack.of(this) && inItsStack.length > 0
        ? `the state machine ${stateMachine.node.path} and ${inItsStack.join(', ')} of ${endpoint.node.path} are in one stack, and two stacks ` +
          'cannot depend on each other: define these resources in the stack of the callback and give them to the endpoint'
        : undefined,
    ]);
    stateMachine.node.addDependency(...this._starterPermissions.policies);
    // The stack of a shared callback may serve endpoints that have nothing to do with this state machine.
    if (endpoint.stack === stateMachine.stack) stateMachine.node.addDependency(endpoint);
  }

  /**
   * Serves an endpoint. Repeated calls have no effect.
   *
   * @internal
   */
  public _serve(endpoint: IAsyncInferenceEndpoint): void {
    if (this._endpoints.has(endpoint)) return;
    const { region, account } = Stack.of(this);
    const { env } = endpoint;
    assertValid(this, [
      differs(env.region, region)
        ? `the endpoint is in ${env.region}, and this callback in ${region}: define the callback in the region of the endpoint`
        : undefined,
      differs(env.account, account)
        ? `the endpoint belongs to account ${env.account}, and this callback to ${account}: define the callback in that account`
        : undefined,
    ]);
    this._endpoints.add(endpoint);
    this.results.addEndpoint(endpoint);
    this._starterPermissions.allow('InvokeEndpoint', ['sagemaker:InvokeEndpointAsync'], [endpoint.endpointArn]);
    this._stateMachines.forEach((stateMachine) => this._order(stateMachine, endpoint));
    if (!this._readsResults) return;
    const { outputBucket: bucket, outputPrefix: prefix } = requiredDetails(endpoint, 'outputBucket', 'outputPrefix');
    const key = keyBehind(endpoint.attributes.outputEncryptionKey ?? bucket.encryptionKey);
    this._resultPermissions.allow('ReadResults', ['s3:GetObject'], [bucket.arnForObjects(`${prefix}/*`)]);
    if (key) this._resultPermissions.allow('DecryptResults', ['kms:Decrypt'], [key.keyArn]);
  }

  private _tableStatement(...actions: string[]): iam.PolicyStatement {
    return new iam.PolicyStatement({
      sid: 'UseTable',
      actions: actions.map((action) => `dynamodb:${action}`),
      resources: [this.table.tableArn],
    });
  }

  /** Both functions use the table, and the result function consumes the queue. */
  private _allowKey(starter: Construct, result: Construct): void {
    const { queue, deadLetterQueue } = this.results;
    const tableStatements = () =>
      keyStatements('UseTableKey', this.table.encryptionKey, ...TABLE_KEY_ACTIONS).map((statement) => {
        statement.addCondition('StringLike', { 'kms:ViaService': 'dynamodb.*' });
        return statement;
      });
    const messages = keyStatements('DecryptMessages', queue.encryptionMasterKey, 'kms:Decrypt');
    const [starterRole, resultRole] = [this.starterFunction.role!, this.resultFunction.role!];
    const all = [this.table, queue, deadLetterQueue];
    attachKeyPermissions(starter, 'KeyPermissions', starterRole, tableStatements(), [this.table]);
    attachKeyPermissions(result, 'KeyPermissions', resultRole, [...tableStatements(), ...messages], all);
  }

  /** CDK's own grantTaskResponse counts as well. */
  private _warnWithoutStateMachine(): string[] {
    if (this._endpoints.size === 0 || this._mayCompleteTasks()) return [];
    const forgotten = this._forgottenStateMachines();
    for (const stateMachine of forgotten) {
      warn(
        this,
        'callbackWithoutStateMachine',
        `tasks of ${stateMachine.node.path} wait for this callback, which may not complete them: call addStateMachine(stateMachine) with it`,
      );
    }
    if (forgotten.length === 0 && this._stateMachines.size === 0) {
      warn(
        this,
        'callbackWithoutStateMachine',
        'a task waits for this callback, which may not complete the tasks of any state machine: ' +
          'call addStateMachine(stateMachine) for each state machine that waits',
      );
    }
    return [];
  }

  /** The state machines whose definition names the starter function, in its stack or as the export of its stack. */
  private _forgottenStateMachines(): IConstruct[] {
    const stack = Stack.of(this);
    const starterId = stack.getLogicalId(this.starterFunction.node.defaultChild as CfnElement);
    const added = new Set([...this._stateMachines].map(({ node }) => node.defaultChild));
    return this.node.root.node
      .findAll()
      .filter((node) => node instanceof CfnStateMachine)
      .filter((node) => {
        const name = node.stack === stack ? `"${starterId}"` : `${stack.stackName}:ExportsOutputFnGetAtt${starterId}`;
        return !added.has(node) && JSON.stringify(node.stack.resolve(node.definitionString) ?? '').includes(name);
      })
      .map(({ node }) => node.scope!);
  }

  private _mayCompleteTasks(): boolean {
    return this.resultFunction
      .role!.node.findAll()
      .filter((node) => CfnResource.isCfnResource(node))
      .some((resource) =>
        JSON.stringify(Stack.of(this).resolve((resource as iam.CfnPolicy).policyDocument) ?? '').includes(
          'states:SendTask',
        ),
      );
  }
}
