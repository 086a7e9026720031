import { Duration, Token } from 'aws-cdk-lib';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { assertValidAt, wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';

/** The numbers of instances that an update may start with. */
interface UpdatedFleet {
  readonly fewest: number;
  readonly most: number;
}

/** What an update does at a time, if it divides the fleet. */
interface Step {
  readonly prop: string;
  readonly size: CapacitySize;
  readonly minPercent: number;
  /** Whether the whole fleet is updated in steps of this size. */
  readonly isRepeated: boolean;
}

/** A part of a fleet: a percentage, or a number of instances. */
export class CapacitySize {
  /** A percentage of the fleet, as a whole number. */
  public static percent(value: number): CapacitySize {
    return new CapacitySize('CAPACITY_PERCENT', value);
  }

  /** A number of instances: at least 1. */
  public static instances(value: number): CapacitySize {
    return new CapacitySize('INSTANCE_COUNT', value);
  }

  private constructor(
    private readonly type: string,
    private readonly value: number,
  ) {}

  /** @internal */
  public _error(prop: string, minPercent: number, maxPercent: number): ValidationError {
    return this.type === 'INSTANCE_COUNT'
      ? wholeNumber(`${prop} in instances`, this.value, 1)
      : wholeNumber(`${prop} in percent`, this.value, minPercent, maxPercent);
  }

  /**
   * What is wrong with a step of an update that starts with so many instances.
   *
   * @internal
   */
  public _errorOfFleet(prop: string, minPercent: number, { fewest, most }: UpdatedFleet): ValidationError {
    if (this.type !== 'INSTANCE_COUNT' || Token.isUnresolved(this.value)) return undefined;
    if (this.value > fewest / 2)
      return `${prop} must be at most half of the ${fewest} instances that an update starts with, got ${this.value}`;
    return this.value < (most * minPercent) / 100
      ? `${prop} must be at least ${minPercent} percent of the ${most} instances that an update starts with, got ${this.value}`
      : undefined;
  }

  /**
   * The steps of an update that starts with so many instances.
   *
   * @internal
   */
  public _steps(instances: number): number {
    return Math.ceil((this.type === 'INSTANCE_COUNT' ? instances : 100) / this.value);
  }

  /** @internal */
  public _render(): CfnEndpoint.CapacitySizeProperty {
    return { type: this.type, value: this.value };
  }
}

/** Options of an update. */
export interface EndpointDeploymentOptions {
  /**
   * How long SageMaker monitors the rollback alarms after each step: 0 to 3,600 whole seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly waitInterval?: Duration;

  /**
   * The maximum duration of the update, after which it is rolled back: 600 to 28,800 whole seconds, and more than all waits together.
   *
   * @default - SageMaker chooses it
   */
  readonly maximumExecutionTimeout?: Duration;
}

/** Options of an update with a second fleet. */
export interface BlueGreenDeploymentOptions extends EndpointDeploymentOptions {
  /**
   * How long the old fleet stays in service after the new fleet receives all traffic: 0 to 3,600 whole seconds. Both fleets are billed.
   *
   * @default - SageMaker chooses it
   */
  readonly terminationWait?: Duration;
}

/** Options of a canary update. */
export interface CanaryDeploymentOptions extends BlueGreenDeploymentOptions {
  /**
   * The part of the fleet that is updated first: at most 50 percent.
   *
   * @default CapacitySize.instances(1)
   */
  readonly canarySize?: CapacitySize;
}

/** Options of a linear update. */
export interface LinearDeploymentOptions extends BlueGreenDeploymentOptions {
  /**
   * The size of a step: 10 to 50 percent.
   *
   * @default CapacitySize.percent(50)
   */
  readonly linearStepSize?: CapacitySize;
}

/** Options of a rolling update. */
export interface RollingDeploymentOptions extends EndpointDeploymentOptions {
  /**
   * The size of a batch: 5 to 50 percent.
   *
   * @default CapacitySize.percent(50)
   */
  readonly maximumBatchSize?: CapacitySize;

  /**
   * The size of a batch during a rollback.
   *
   * @default - SageMaker rolls back all at once
   */
  readonly rollbackMaximumBatchSize?: CapacitySize;
}

/**
 * How SageMaker updates an endpoint. With `rollbackAlarms`, SageMaker returns to the old configuration if one of them enters ALARM
 * during the update. Canary, linear and rolling updates divide the fleet, so they need at least two instances. A size in instances is
 * at most half of those that an update starts with.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export class EndpointDeploymentStrategy {
  /** A second fleet, which receives all traffic at once. */
  public static allAtOnce(options: BlueGreenDeploymentOptions = {}): EndpointDeploymentStrategy {
    assertValidAt('EndpointDeploymentStrategy.allAtOnce', blueGreenErrors(options));
    return this.blueGreen('ALL_AT_ONCE', options);
  }

  /** A second fleet, of which a part receives traffic first, and then the rest. */
  public static canary(options: CanaryDeploymentOptions = {}): EndpointDeploymentStrategy {
    const { canarySize = CapacitySize.instances(1) } = options;
    assertValidAt('EndpointDeploymentStrategy.canary', [
      ...blueGreenErrors(options),
      canarySize._error('canarySize', 1, 50),
    ]);
    const step = { prop: 'canarySize', size: canarySize, minPercent: 0, isRepeated: false };
    return this.blueGreen('CANARY', options, { canarySize: canarySize._render() }, step);
  }

  /** A second fleet, which receives traffic in equal steps. */
  public static linear(options: LinearDeploymentOptions = {}): EndpointDeploymentStrategy {
    const { linearStepSize = CapacitySize.percent(50) } = options;
    assertValidAt('EndpointDeploymentStrategy.linear', [
      ...blueGreenErrors(options),
      linearStepSize._error('linearStepSize', 10, 50),
    ]);
    const step = { prop: 'linearStepSize', size: linearStepSize, minPercent: 10, isRepeated: true };
    return this.blueGreen('LINEAR', options, { linearStepSize: linearStepSize._render() }, step);
  }

  /** The same fleet, replaced in batches. This needs fewer instances at a time than a second fleet. */
  public static rolling(options: RollingDeploymentOptions = {}): EndpointDeploymentStrategy {
    const { maximumBatchSize = CapacitySize.percent(50), rollbackMaximumBatchSize } = options;
    assertValidAt('EndpointDeploymentStrategy.rolling', [
      ...timeErrors(options),
      maximumBatchSize._error('maximumBatchSize', 5, 50),
      rollbackMaximumBatchSize?._error('rollbackMaximumBatchSize', 5, 100),
    ]);
    const step = { prop: 'maximumBatchSize', size: maximumBatchSize, minPercent: 5, isRepeated: true };
    const rollingUpdatePolicy = {
      maximumBatchSize: maximumBatchSize._render(),
      rollbackMaximumBatchSize: rollbackMaximumBatchSize?._render(),
      waitIntervalInSeconds: waitOf(options),
      maximumExecutionTimeoutInSeconds: options.maximumExecutionTimeout?.toSeconds(),
    };
    return new EndpointDeploymentStrategy({ rollingUpdatePolicy }, options, step);
  }

  private static blueGreen(
    type: string,
    options: BlueGreenDeploymentOptions,
    size: Partial<CfnEndpoint.TrafficRoutingConfigProperty> = {},
    step?: Step,
  ): EndpointDeploymentStrategy {
    const blueGreenUpdatePolicy = {
      trafficRoutingConfiguration: { type, waitIntervalInSeconds: waitOf(options), ...size },
      terminationWaitInSeconds: options.terminationWait?.toSeconds(),
      maximumExecutionTimeoutInSeconds: options.maximumExecutionTimeout?.toSeconds(),
    };
    return new EndpointDeploymentStrategy({ blueGreenUpdatePolicy }, options, step);
  }

  private constructor(
    /** @internal */
    public readonly _config: CfnEndpoint.DeploymentConfigProperty,
    private readonly options: BlueGreenDeploymentOptions,
    private readonly step: Step | undefined,
  ) {}

  /**
   * Whether the strategy divides the fleet, and so needs two instances.
   *
   * @internal
   */
  public get _needsTwoInstances(): boolean {
    return this.step !== undefined;
  }

  /**
   * What is wrong with an update that starts with so many instances.
   *
   * @internal
   */
  public _errors(fleet: UpdatedFleet): ValidationError[] {
    const { prop, size, minPercent } = this.step ?? {};
    return [size?._errorOfFleet(prop!, minPercent!, fleet), this.tooShort(fleet)];
  }

  /** SageMaker waits between two steps, at least once. */
  private tooShort({ fewest }: UpdatedFleet): ValidationError {
    const { maximumExecutionTimeout, terminationWait = Duration.seconds(0) } = this.options;
    if (!maximumExecutionTimeout || [maximumExecutionTimeout, terminationWait].some((each) => each.isUnresolved()))
      return undefined;
    const steps = this.step?.isRepeated ? this.step.size._steps(fewest) : 1;
    const waits = Math.max(1, steps - 1);
    const wait = waitOf(this.options);
    const all = waits * wait + terminationWait.toSeconds();
    if (Token.isUnresolved(wait) || maximumExecutionTimeout.toSeconds() > all) return undefined;
    return (
      `maximumExecutionTimeout must be longer than the waits of an update, ${all} seconds ` +
      `(${waits} × waitInterval of ${wait}, and terminationWait of ${terminationWait.toSeconds()}), ` +
      `got ${maximumExecutionTimeout.toSeconds()}`
    );
  }
}

function blueGreenErrors(options: BlueGreenDeploymentOptions): ValidationError[] {
  return [...timeErrors(options), wholeSeconds('terminationWait', options.terminationWait, 0, 3_600)];
}

function timeErrors(options: EndpointDeploymentOptions): ValidationError[] {
  return [
    wholeSeconds('waitInterval', options.waitInterval, 0, 3_600),
    wholeSeconds('maximumExecutionTimeout', options.maximumExecutionTimeout, 600, 28_800),
  ];
}

function waitOf({ waitInterval = Duration.minutes(5) }: EndpointDeploymentOptions): number {
  return waitInterval.toSeconds();
}
