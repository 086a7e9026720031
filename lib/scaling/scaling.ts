import { Duration, Lazy, Names, Stack, Token, Tokenization } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { detailsOf, requestTtlOf, requiredDetails } from '../core/endpoint-details';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { AsyncInferenceEndpointMetrics } from '../core/metrics';
import { capacityOf, defaultTarget, SCALING_DEFAULTS, scalingErrors } from './capacity';
import { demandId, trackedDemand, wakeDemand } from './demand';
import type { WakeStep } from './wake-steps';
import { WAKE_ALARM, wakeSteps } from './wake-steps';
import { metricQueries } from '../shared/metric-queries';
import type { ValidationError } from '../shared/validation';
import { assertValid, differs } from '../shared/validation';

/** How many instances an endpoint has, and when it gets more or fewer. */
export interface AsyncInferenceScalingOptions {
  /**
   * The fewest instances: a whole number from 0.
   *
   * @default 0
   */
  readonly minCapacity?: number;

  /**
   * The most instances: a whole number from 1. Where it equals `minCapacity` the fleet is fixed, and nothing scales it.
   *
   * @default - 1, or `minCapacity` where that is more
   */
  readonly maxCapacity?: number;

  /**
   * The number of requests per instance, waiting and in progress, above which instances are added, up to `maxCapacity`. Requests in
   * a request queue count too. Choose what an instance can finish in the time that a caller can wait.
   *
   * @default - twice `maxConcurrentInvocationsPerInstance` of the endpoint, and at least 5
   */
  readonly targetBacklogPerInstance?: number;

  /**
   * How many instances an endpoint without instances starts, by the number of waiting requests: at most 20 steps, in ascending order.
   * Whether a step policy works with a sum of metrics has not been verified in an account *(unconfirmed)*. If it does not, target
   * tracking starts the first instance, and the others follow.
   *
   * @default - the smallest number of instances that keeps `targetBacklogPerInstance`
   */
  readonly wakeSteps?: WakeStep[];

  /**
   * How long after a change of capacity it is not reduced further. A longer time makes it less likely that an instance is taken
   * away while it still works on a request, but no time rules it out: nothing protects a request that is being processed.
   *
   * @default Duration.minutes(15)
   */
  readonly scaleInCooldown?: Duration;

  /**
   * How long after a rise of capacity the next one waits. Instances take minutes to start.
   *
   * @default Duration.minutes(5)
   */
  readonly scaleOutCooldown?: Duration;
}

/** Properties of the scaling of an endpoint. */
export interface AsyncInferenceScalingProps extends AsyncInferenceScalingOptions {
  /** The endpoint to scale. */
  readonly endpoint: IAsyncInferenceEndpoint;
}

/** Target tracking accepts ten metrics. Four of them, and the expression, are those of the endpoint. */
const MAX_DEMANDS = 5;

/**
 * Scales the instances of an asynchronous endpoint by its demand: the requests at the endpoint, and those that wait in front of it.
 * Target tracking keeps `targetBacklogPerInstance`. If requests wait and no instance is in service, a step policy starts as many
 * instances as they need, which target tracking cannot do.
 *
 * From zero, the first result takes two to four minutes until the alarm has seen the requests, and the start of an instance with its
 * model.
 *
 * @example
 * import { TimeZone } from 'aws-cdk-lib';
 * import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
 *
 * // 08:00 to 18:00 in Berlin: one instance is ready.
 * const timeZone = TimeZone.EUROPE_BERLIN;
 * const morning = appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '8', minute: '0' });
 * const evening = appscaling.Schedule.cron({ weekDay: 'MON-FRI', hour: '18', minute: '0' });
 * endpoint.scaling.scaleOnSchedule('Morning', { schedule: morning, timeZone, minCapacity: 1 });
 * endpoint.scaling.scaleOnSchedule('Evening', { schedule: evening, timeZone, minCapacity: 0 });
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
@propertyInjectable
export class AsyncInferenceScaling extends Construct {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceScaling';

  /** The scalable target. Undefined for a fixed fleet. */
  public readonly scalableTarget?: appscaling.ScalableTarget;
  private readonly _props: AsyncInferenceScalingProps;
  private readonly _demands: cloudwatch.IMetric[] = [];
  private _target: number;
  private _wakeAlarm?: cloudwatch.Alarm;

  /** @throws if bounds exceed the limits of the service, with all errors in one message */
  constructor(scope: Construct, id: string, props: AsyncInferenceScalingProps) {
    super(scope, id);
    const { env } = props.endpoint;
    const { region, account } = Stack.of(this);
    assertValid(this, [
      ...scalingErrors(props),
      differs(env.region, region) || differs(env.account, account)
        ? `endpoint is in ${env.region} of account ${env.account}, and the scaling would act on ${region} of ${account}: define the scaling there`
        : undefined,
    ]);
    const { minCapacity, maxCapacity } = capacityOf(props);
    const { maxConcurrentInvocationsPerInstance: concurrency } = detailsOf(props.endpoint);
    this._props = props;
    this._target =
      props.targetBacklogPerInstance ?? defaultTarget(Token.isUnresolved(concurrency) ? undefined : concurrency);
    if (minCapacity === maxCapacity && !Token.isUnresolved(minCapacity)) return;

    this.scalableTarget = new appscaling.ScalableTarget(this, 'Target', {
      serviceNamespace: appscaling.ServiceNamespace.SAGEMAKER,
      resourceId: `endpoint/${props.endpoint.endpointName}/variant/${requiredDetails(props.endpoint, 'variantName').variantName}`,
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      minCapacity,
      maxCapacity,
      // The service creates and uses this role by itself. Without it, CDK would add a role that nothing uses.
      role: iam.Role.fromRoleArn(
        this,
        'Role',
        Stack.of(this).formatArn({
          service: 'iam',
          region: '',
          resource: 'role',
          resourceName:
            'aws-service-role/sagemaker.application-autoscaling.amazonaws.com/' +
            'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
        }),
        { mutable: false },
      ),
    });
    // The endpoint's name is a literal, which orders nothing.
    this.scalableTarget.node.addDependency(props.endpoint);

    this._trackDemand(this.scalableTarget);
    if (minCapacity === 0 || Token.isUnresolved(minCapacity)) this._wakeAlarm = this._wakeFromZero(this.scalableTarget);
  }

  /** The alarm that wakes an endpoint without instances. Undefined if the endpoint always has some. */
  public get wakeAlarm(): cloudwatch.Alarm | undefined {
    return this._wakeAlarm;
  }

  /**
   * Counts requests that wait in front of the endpoint as demand, such as the messages of a queue. A request queue of this library
   * in the same stack does this by itself.
   *
   * @param metric a metric of this region and account that counts requests, with values for each minute
   * @throws for a fixed fleet, for an expression, for a metric of another region or account, and for more than five metrics
   */
  public addDemand(metric: cloudwatch.IMetric): void {
    const { metricStat } = metric.toMetricConfig();
    assertValid(this, [
      this.scalableTarget
        ? undefined
        : 'addDemand has no effect on a fixed fleet: minCapacity and maxCapacity are equal',
      metricStat === undefined
        ? 'addDemand accepts a metric, and no expression: add each metric of the sum'
        : undefined,
      metricStat?.region !== undefined && differs(metricStat.region, Stack.of(this).region)
        ? `addDemand accepts metrics of the region ${Stack.of(this).region}, got one of ${metricStat.region}`
        : undefined,
      metricStat?.account !== undefined && differs(metricStat.account, Stack.of(this).account)
        ? `addDemand accepts metrics of the account ${Stack.of(this).account}, got one of ${metricStat.account}`
        : undefined,
      this._demands.length === MAX_DEMANDS
        ? `addDemand accepts at most ${MAX_DEMANDS} metrics, because target tracking accepts 10 and the endpoint takes the others`
        : undefined,
    ]);
    this._demands.push(metric);
  }

  /**
   * Changes the bounds at certain times, for example for business hours. Times are in UTC unless the schedule has a time zone. If a
   * schedule sets `minCapacity` to zero, requests wake the endpoint from then on.
   *
   * @throws for a fixed fleet, and if bounds exceed the limits of the service or each other
   */
  public scaleOnSchedule(id: string, schedule: appscaling.ScalingSchedule): void {
    assertValid(this, [
      ...scalingErrors(schedule),
      this.scalableTarget
        ? undefined
        : 'scaleOnSchedule has no effect on a fixed fleet: minCapacity and maxCapacity are equal',
      schedule.minCapacity === undefined && schedule.maxCapacity === undefined
        ? 'scaleOnSchedule needs minCapacity, maxCapacity or both'
        : undefined,
      this._boundsError(schedule),
    ]);
    this.scalableTarget!.scaleOnSchedule(id, schedule);
    if (schedule.minCapacity === 0) this._wakeAlarm ??= this._wakeFromZero(this.scalableTarget!);
  }

  /** A bound that a schedule leaves as it is must fit the other one. */
  private _boundsError({ minCapacity, maxCapacity }: appscaling.ScalingSchedule): ValidationError {
    const bounds = capacityOf(this._props);
    const [least, most] = [minCapacity ?? bounds.minCapacity, maxCapacity ?? bounds.maxCapacity];
    const isKnown = !Token.isUnresolved(least) && !Token.isUnresolved(most);
    if (!isKnown || least <= most || (minCapacity !== undefined && maxCapacity !== undefined)) return undefined;
    return `with this schedule, minCapacity would be ${least} and maxCapacity ${most}: set both in the schedule`;
  }

  /**
   * Keeps the target within what a request queue allows for each instance.
   *
   * @internal
   */
  public _limitTarget(maxBacklog: number): ValidationError {
    const { targetBacklogPerInstance: given } = this._props;
    if (given === undefined) this._target = Math.min(this._target, maxBacklog);
    if (given === undefined || Token.isUnresolved(given) || given <= maxBacklog) return undefined;
    return (
      `targetBacklogPerInstance of the endpoint is ${given}, and the request queue holds ${maxBacklog} for each instance, so the ` +
      'endpoint would never scale out: reduce targetBacklogPerInstance, or leave it out'
    );
  }

  /** CDK's scaleToTrackMetric accepts no expression, and renders metrics before the last one is added. */
  private _trackDemand({ scalableTargetId }: appscaling.ScalableTarget): void {
    const { endpoint, scaleInCooldown, scaleOutCooldown } = this._props;
    const text = (value: number) => (Token.isUnresolved(value) ? Tokenization.stringifyNumber(value) : value);
    new appscaling.CfnScalingPolicy(this, 'DemandPolicy', {
      policyName: policyName(this, 'Demand'),
      policyType: 'TargetTrackingScaling',
      scalingTargetId: scalableTargetId,
      targetTrackingScalingPolicyConfiguration: {
        customizedMetricSpecification: {
          metrics: Lazy.any({
            produce: () =>
              metricQueries(
                trackedDemand(text(this._target), this._demands.length, text(requestTtlOf(endpoint).toSeconds())),
                this._metrics(['backlog', 'backlogPerInstance', 'age', 'unserved']),
              ),
          }),
        },
        targetValue: Lazy.number({ produce: () => this._target }),
        scaleInCooldown: scaleInCooldown?.toSeconds() ?? SCALING_DEFAULTS.scaleInCooldownSeconds,
        scaleOutCooldown: scaleOutCooldown?.toSeconds() ?? SCALING_DEFAULTS.scaleOutCooldownSeconds,
      },
    });
  }

  private _wakeFromZero(scalingTarget: appscaling.ScalableTarget): cloudwatch.Alarm {
    const wakePolicy = new appscaling.CfnScalingPolicy(this, 'WakePolicy', {
      policyName: policyName(this, 'Wake'),
      policyType: 'StepScaling',
      scalingTargetId: scalingTarget.scalableTargetId,
      stepScalingPolicyConfiguration: {
        adjustmentType: appscaling.AdjustmentType.EXACT_CAPACITY,
        metricAggregationType: appscaling.MetricAggregationType.MAXIMUM,
        cooldown: 0,
        stepAdjustments: Lazy.any({ produce: () => this._stepAdjustments() }),
      },
    });
    const alarm = new cloudwatch.MathExpression({
      expression: wakeDemand(0),
      usingMetrics: this._metrics(['backlog', 'unserved']),
      period: Duration.minutes(1),
    }).createAlarm(this, 'WakeAlarm', {
      alarmDescription: `Requests wait for ${this._props.endpoint.endpointName}, which has no instance: some are started`,
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      ...WAKE_ALARM,
      treatMissingData: cloudwatch.TreatMissingData.MISSING,
    });
    (alarm.node.defaultChild as cloudwatch.CfnAlarm).metrics = Lazy.any({
      produce: () => metricQueries(wakeDemand(this._demands.length), this._metrics(['backlog', 'unserved']), 60),
    });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: wakePolicy.ref }) });
    return alarm;
  }

  /** Metrics of the endpoint, and all that adds to its demand, by their names in the expressions. */
  private _metrics(names: (keyof ReturnType<typeof endpointMetrics>)[]): Record<string, cloudwatch.IMetric> {
    const ofEndpoint = endpointMetrics(this._props.endpoint);
    return Object.fromEntries([
      ...names.map((name) => [name, ofEndpoint[name]] as const),
      ...this._demands.map((metric, index) => [demandId(index), metric] as const),
    ]);
  }

  /** The bounds of a step count from the threshold of the alarm, which is 1. Those of tokens are not known. */
  private _stepAdjustments(): appscaling.CfnScalingPolicy.StepAdjustmentProperty[] {
    const { maxCapacity } = capacityOf(this._props);
    const steps =
      this._props.wakeSteps ??
      (Token.isUnresolved(maxCapacity) || Token.isUnresolved(this._target)
        ? [{ capacity: 1 }]
        : wakeSteps(this._target, maxCapacity));
    return steps.map(({ capacity, maxDemand }, index) => ({
      metricIntervalLowerBound: index === 0 ? 0 : steps[index - 1]!.maxDemand,
      metricIntervalUpperBound: index === steps.length - 1 ? undefined : maxDemand,
      scalingAdjustment: capacity,
    }));
  }
}

function endpointMetrics(endpoint: IAsyncInferenceEndpoint) {
  const metrics = AsyncInferenceEndpointMetrics.fromEndpoint(endpoint);
  return {
    backlog: metrics.approximateBacklogSize(),
    backlogPerInstance: metrics.approximateBacklogSizePerInstance(),
    age: metrics.approximateAgeOfOldestRequest(),
    unserved: metrics.hasBacklogWithoutCapacity(),
  };
}

/** The name of a policy, which must be unique for each scalable target. */
const policyName = (scaling: Construct, policy: string): string =>
  `${Names.uniqueResourceName(scaling, { maxLength: 240 })}${policy}`;
