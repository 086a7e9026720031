import { Stack } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { InferenceOutcome } from '../core/result-subscription';
import { attachKeyPermissions, attachPermissions } from '../shared/permissions';
import { consumeStatement, keyStatements } from '../shared/statements';
import { assertValid, differs } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import { AsyncInferenceResultQueue, resultQueueErrors } from './result-queue';

/** Properties of result events. */
export interface AsyncInferenceResultEventsProps {
  /**
   * The endpoints whose results become events.
   *
   * @default - none: add them with `addEndpoint`
   */
  readonly endpoints?: IAsyncInferenceEndpoint[];

  /**
   * The event bus, which must be in the account and region of the stack. A rule can forward events to other buses.
   *
   * @default - the default event bus of the account
   */
  readonly eventBus?: events.IEventBus;

  /**
   * The outcomes that become events.
   *
   * @default - all outcomes
   */
  readonly outcomes?: InferenceOutcome[];

  /**
   * The age of the oldest notification at which an alarm enters ALARM, in whole seconds from one minute to 14 days.
   *
   * @default Duration.hours(1)
   */
  readonly maxMessageAge?: Duration;

  /**
   * The key that encrypts notifications in the queue. SNS must be able to use it, as for `AsyncInferenceResultQueue`.
   *
   * @default - the encryption of the queue (SSE-SQS), which is free
   */
  readonly encryptionKey?: IKey;
}

/** Options of a rule for results. */
export interface OnResultOptions {
  /**
   * The target of the rule.
   *
   * @default - none: add targets to the rule
   */
  readonly target?: events.IRuleTarget;

  /**
   * The endpoint whose results match.
   *
   * @default - all endpoints
   */
  readonly endpoint?: IAsyncInferenceEndpoint;

  /**
   * The outcomes that match.
   *
   * @default - all outcomes
   */
  readonly outcomes?: InferenceOutcome[];

  /**
   * The description of the rule.
   *
   * @default - none
   */
  readonly description?: string;
}

/**
 * Results as events on an Amazon EventBridge event bus, because SageMaker publishes no events for them. The source is
 * `sagemaker.async-inference` and the detail type is `Async Inference Result`. The detail is the notification of SageMaker.
 *
 * Notifications take the way from the topics through a queue and EventBridge Pipes, so no code runs. EventBridge delivers at least
 * once and in any order.
 *
 * @example
 * import { AsyncInferenceResultEvents, InferenceOutcome } from 'cdk-sagemaker-async-inference';
 *
 * const results = new AsyncInferenceResultEvents(this, 'Results', { endpoints: [endpoint] });
 * results.onResult('Failed', { outcomes: [InferenceOutcome.FAILURE] });
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html
 */
@propertyInjectable
export class AsyncInferenceResultEvents extends Construct {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceResultEvents';
  /** The `source` of the events: `sagemaker.async-inference`. */
  public static readonly EVENT_SOURCE: string = 'sagemaker.async-inference';
  /** The `detail-type` of the events: `Async Inference Result`. */
  public static readonly DETAIL_TYPE: string = 'Async Inference Result';

  /** The event bus. */
  public readonly eventBus: events.IEventBus;
  /** The queue of notifications on their way to the event bus. Attach actions to its alarms. */
  public readonly results: AsyncInferenceResultQueue;

  /** @throws if props exceed the limits of the service, with all errors in one message */
  constructor(scope: Construct, id: string, props: AsyncInferenceResultEventsProps = {}) {
    super(scope, id);
    const { eventBus, ...queueProps } = props;
    const stack = Stack.of(this);
    assertValid(this, [...eventBusErrors(stack, eventBus), ...resultQueueErrors(queueProps, stack.region)]);
    this.eventBus = eventBus ?? events.EventBus.fromEventBusName(this, 'DefaultBus', 'default');
    this.results = new AsyncInferenceResultQueue(this, 'Results', queueProps);
    const { queue, deadLetterQueue } = this.results;
    const role = new iam.Role(this, 'Role', { assumedBy: this._pipes() });
    const keyStatement = keyStatements('DecryptMessages', queue.encryptionMasterKey, 'kms:Decrypt');
    attachKeyPermissions(this, 'KeyPermissions', role, keyStatement, [queue, deadLetterQueue]);
    const permissions = attachPermissions(this, 'Permissions', role, [
      consumeStatement(queue),
      new iam.PolicyStatement({
        sid: 'PutEvents',
        actions: ['events:PutEvents'],
        resources: [this.eventBus.eventBusArn],
      }),
    ]);
    const pipe = new CfnPipe(this, 'Resource', {
      roleArn: role.roleArn,
      source: queue.queueArn,
      target: this.eventBus.eventBusArn,
      targetParameters: {
        inputTemplate: '<$.body>',
        eventBridgeEventBusParameters: {
          source: AsyncInferenceResultEvents.EVENT_SOURCE,
          detailType: AsyncInferenceResultEvents.DETAIL_TYPE,
        },
      },
    });
    pipe.node.addDependency(...permissions);
  }

  /** Adds an endpoint whose results become events. */
  public addEndpoint(endpoint: IAsyncInferenceEndpoint): void {
    this.results.addEndpoint(endpoint);
  }

  /**
   * Creates a rule that matches results.
   *
   * @throws if no outcome is given, or an outcome or an endpoint whose results do not become events
   */
  public onResult(id: string, options: OnResultOptions = {}): events.Rule {
    const { target, endpoint, outcomes, description } = options;
    assertValid(this, [
      outcomes?.length === 0 ? 'outcomes is empty: give SUCCESS, FAILURE or both, or leave it out' : undefined,
      ...(outcomes ?? []).map((outcome) =>
        this.results._outcomes?.includes(outcome) === false
          ? `outcomes of onResult has ${outcome}, which does not become an event: add it to outcomes of the result events`
          : undefined,
      ),
    ]);
    const statuses = statusesOf(new Set(outcomes));
    const rule = new events.Rule(this, id, {
      description,
      eventBus: this.eventBus,
      eventPattern: {
        source: [AsyncInferenceResultEvents.EVENT_SOURCE],
        detailType: [AsyncInferenceResultEvents.DETAIL_TYPE],
        ...((statuses ?? endpoint) && {
          detail: {
            ...(statuses && { invocationStatus: statuses }),
            ...(endpoint && { requestParameters: { endpointName: [{ 'equals-ignore-case': endpoint.endpointName }] } }),
          },
        }),
      },
      targets: target && [target],
    });
    // An endpoint may be added after its rule.
    rule.node.addValidation({ validate: () => this._unknownEndpoint(endpoint) });
    return rule;
  }

  private _unknownEndpoint(endpoint?: IAsyncInferenceEndpoint): string[] {
    const names = [...this.results._endpoints].map(({ endpointName }) => endpointName);
    return !endpoint || names.includes(endpoint.endpointName)
      ? []
      : [
          `onResult got the endpoint ${endpoint.node.path}, whose results do not become events: add it with addEndpoint`,
        ];
  }

  private _pipes(): iam.IPrincipal {
    const stack = Stack.of(this);
    return new iam.ServicePrincipal('pipes.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'pipes', resource: 'pipe', resourceName: '*' }) },
      },
    });
  }
}

function eventBusErrors({ account, region }: Stack, eventBus?: events.IEventBus): ValidationError[] {
  const env = eventBus?.env;
  return [
    env && differs(env.region, region)
      ? `eventBus must be in the region of the stack, ${region}, got ${env.region}: forward events from a bus of the stack with a rule`
      : undefined,
    env && differs(env.account, account)
      ? `eventBus must belong to the account of the stack, ${account}, got ${env.account}: forward events from a bus of the stack with a rule`
      : undefined,
  ];
}

/** The statuses of outcomes, as a pattern. SageMaker has one status of success. All others are failures. */
function statusesOf(outcomes: ReadonlySet<InferenceOutcome>): unknown[] | undefined {
  if (outcomes.size !== 1) return undefined;
  return outcomes.has(InferenceOutcome.SUCCESS) ? ['Completed'] : [{ 'anything-but': ['Completed'] }];
}
