import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as appscaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ApplicationScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { requiredDetail } from '../core/endpoint-details';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { AsyncInferenceEndpointMetrics } from '../core/metrics';
import { capacityOf, scalingErrors } from './capacity';
import { assertValid } from '../shared/validation';

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
   * How many requests, waiting and being processed, each instance should have: more lead to more instances, up to
   * `maxCapacity`. A good value is how many requests an instance may finish in the time that a caller can wait.
   *
   * @default 5
   */
  readonly targetBacklogPerInstance?: number;

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

/** A change of the capacity's bounds at a time. */
export interface ScalingScheduleOptions {
  /** When. */
  readonly schedule: appscaling.Schedule;

  /**
   * The fewest instances from then on.
   *
   * @default - as before
   */
  readonly minCapacity?: number;

  /**
   * The most instances from then on.
   *
   * @default - as before
   */
  readonly maxCapacity?: number;
}

/**
 * Scales the instances of an asynchronous endpoint by its backlog: target tracking from one instance up and back down to
 * the minimum, and a step policy that wakes the endpoint from zero as soon as a request waits, which target tracking cannot do.
 *
 * From zero, the first result takes the alarm's two minutes and the start of an instance with its model.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-autoscale.html
 */
@propertyInjectable
export class AsyncInferenceScaling extends Construct {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceScaling';

  private readonly target?: appscaling.ScalableTarget;

  /** @throws when bounds are out of the service's limits, with all errors in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceScalingProps) {
    super(scope, id);
    assertValid(this, scalingErrors(props));
    const { minCapacity, maxCapacity } = capacityOf(props);
    if (minCapacity === maxCapacity && !Token.isUnresolved(minCapacity)) return;

    this.target = new appscaling.ScalableTarget(this, 'Target', {
      serviceNamespace: appscaling.ServiceNamespace.SAGEMAKER,
      resourceId: `endpoint/${props.endpoint.endpointName}/variant/${requiredDetail(props.endpoint, 'variantName')}`,
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      minCapacity,
      maxCapacity,
      // The service makes and uses this role by itself; left out, CDK would add one that nothing uses.
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
    this.target.node.addDependency(props.endpoint);

    this.target.scaleToTrackMetric('Backlog', {
      customMetric: AsyncInferenceEndpointMetrics.fromEndpoint(props.endpoint).approximateBacklogSizePerInstance({
        period: Duration.minutes(1),
      }),
      targetValue: props.targetBacklogPerInstance ?? 5,
      scaleInCooldown: props.scaleInCooldown ?? Duration.minutes(15),
      scaleOutCooldown: props.scaleOutCooldown ?? Duration.minutes(5),
    });
    if (minCapacity === 0 || Token.isUnresolved(minCapacity)) this.wakeFromZero(props.endpoint, this.target);
  }

  /**
   * Changes the bounds at a time, for example for business hours.
   *
   * @throws on a fixed fleet, and when bounds are out of the service's limits
   */
  public scaleOnSchedule(id: string, options: ScalingScheduleOptions): void {
    assertValid(this, [
      ...scalingErrors(options),
      this.target
        ? undefined
        : 'scaleOnSchedule needs scaling: minCapacity and maxCapacity are equal, and the fleet fixed',
      options.minCapacity === undefined && options.maxCapacity === undefined
        ? 'scaleOnSchedule needs minCapacity, maxCapacity or both'
        : undefined,
    ]);
    this.target!.scaleOnSchedule(id, options);
  }

  /** The values are those of AWS's page on scaling asynchronous endpoints. */
  private wakeFromZero(endpoint: IAsyncInferenceEndpoint, scalingTarget: appscaling.IScalableTarget): void {
    const wake = new appscaling.StepScalingAction(this, 'Wake', {
      scalingTarget,
      adjustmentType: appscaling.AdjustmentType.CHANGE_IN_CAPACITY,
      cooldown: Duration.minutes(5),
      metricAggregationType: appscaling.MetricAggregationType.AVERAGE,
    });
    wake.addAdjustment({ adjustment: 1, lowerBound: 0 });
    AsyncInferenceEndpointMetrics.fromEndpoint(endpoint)
      .hasBacklogWithoutCapacity({ period: Duration.minutes(1) })
      .createAlarm(this, 'WakeAlarm', {
        alarmDescription: `Requests wait for ${endpoint.endpointName}, which has no instance: one is started`,
        threshold: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        treatMissingData: cloudwatch.TreatMissingData.MISSING,
      })
      .addAlarmAction(new ApplicationScalingAction(wake));
  }
}
