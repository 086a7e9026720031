import { Duration } from 'aws-cdk-lib';
import type { CfnEndpoint } from 'aws-cdk-lib/aws-sagemaker';
import { refuseAt, wholeNumber, wholeSeconds } from '../shared/validation';
import type { Fault } from '../shared/validation';

/** A part of a fleet: a share of it, or a number of instances. */
export class CapacitySize {
  /** A share, in whole percent. */
  public static percent(value: number): CapacitySize {
    return new CapacitySize('CAPACITY_PERCENT', value);
  }

  /** A number of instances, from 1. */
  public static instances(value: number): CapacitySize {
    return new CapacitySize('INSTANCE_COUNT', value);
  }

  private constructor(
    private readonly type: string,
    private readonly value: number,
  ) {}

  /** @internal */
  public _fault(prop: string, minPercent: number, maxPercent: number): Fault {
    return this.type === 'INSTANCE_COUNT'
      ? wholeNumber(`${prop} in instances`, this.value, 1)
      : wholeNumber(`${prop} in percent`, this.value, minPercent, maxPercent);
  }

  /** @internal */
  public _render(): CfnEndpoint.CapacitySizeProperty {
    return { type: this.type, value: this.value };
  }
}

/** How long the steps of an update take. */
export interface DeploymentOptions {
  /**
   * How long each step is watched for alarms before the next: 0 to 3,600 whole seconds.
   *
   * @default Duration.minutes(5)
   */
  readonly waitInterval?: Duration;

  /**
   * How long the update may take at most before it is rolled back: 600 to 28,800 whole seconds.
   *
   * @default - SageMaker's
   */
  readonly maximumExecutionTimeout?: Duration;
}

/** How long the steps of an update by a second fleet take. */
export interface BlueGreenOptions extends DeploymentOptions {
  /**
   * How long the old fleet stays after the new one has taken over: 0 to 3,600 whole seconds. Both are billed.
   *
   * @default - SageMaker's
   */
  readonly terminationWait?: Duration;
}

/** An update that tries a part of the new fleet first. */
export interface CanaryOptions extends BlueGreenOptions {
  /**
   * The part that goes first: at most 50 percent.
   *
   * @default CapacitySize.instances(1)
   */
  readonly canarySize?: CapacitySize;
}

/** An update that moves the fleet over in equal steps. */
export interface LinearOptions extends BlueGreenOptions {
  /**
   * The size of a step: 10 to 50 percent.
   *
   * @default CapacitySize.percent(50)
   */
  readonly linearStepSize?: CapacitySize;
}

/** An update that replaces the fleet batch by batch. */
export interface RollingOptions extends DeploymentOptions {
  /**
   * The size of a batch: 5 to 50 percent.
   *
   * @default CapacitySize.percent(50)
   */
  readonly maximumBatchSize?: CapacitySize;

  /**
   * The size of a batch of the way back, should it come to that.
   *
   * @default - SageMaker's: all at once
   */
  readonly rollbackMaximumBatchSize?: CapacitySize;
}

/**
 * How SageMaker moves the endpoint to another configuration. Give it alarms by `rollbackAlarms`, and it returns to the old one
 * when they ring. Canary, linear and rolling work on parts of a fleet, so they need at least two instances.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export abstract class DeploymentStrategy {
  /** A second fleet, which takes over at once. */
  public static allAtOnce(options: BlueGreenOptions = {}): DeploymentStrategy {
    return blueGreen('allAtOnce', 'ALL_AT_ONCE', options);
  }

  /** A second fleet, of which a part takes over first, and then the rest. */
  public static canary(options: CanaryOptions = {}): DeploymentStrategy {
    const { canarySize = CapacitySize.instances(1) } = options;
    return blueGreen('canary', 'CANARY', options, canarySize._fault('canarySize', 1, 50), {
      canarySize: canarySize._render(),
    });
  }

  /** A second fleet, which takes over in equal steps. */
  public static linear(options: LinearOptions = {}): DeploymentStrategy {
    const { linearStepSize = CapacitySize.percent(50) } = options;
    return blueGreen('linear', 'LINEAR', options, linearStepSize._fault('linearStepSize', 10, 50), {
      linearStepSize: linearStepSize._render(),
    });
  }

  /** The same fleet, replaced batch by batch, which takes fewer instances at a time than a second fleet. */
  public static rolling(options: RollingOptions = {}): DeploymentStrategy {
    const { maximumBatchSize = CapacitySize.percent(50), rollbackMaximumBatchSize } = options;
    refuseAt('DeploymentStrategy.rolling', [
      ...timeFaults(options),
      maximumBatchSize._fault('maximumBatchSize', 5, 50),
      rollbackMaximumBatchSize?._fault('rollbackMaximumBatchSize', 5, 100),
    ]);
    return new RenderedStrategy(true, {
      rollingUpdatePolicy: {
        maximumBatchSize: maximumBatchSize._render(),
        rollbackMaximumBatchSize: rollbackMaximumBatchSize?._render(),
        waitIntervalInSeconds: waitOf(options),
        maximumExecutionTimeoutInSeconds: options.maximumExecutionTimeout?.toSeconds(),
      },
    });
  }

  /**
   * Whether it works on parts of a fleet, and so needs two instances.
   *
   * @internal
   */
  public abstract readonly _needsTwoInstances: boolean;

  /** @internal */
  public abstract readonly _config: CfnEndpoint.DeploymentConfigProperty;
}

class RenderedStrategy extends DeploymentStrategy {
  constructor(
    /** @internal */ public readonly _needsTwoInstances: boolean,
    /** @internal */ public readonly _config: CfnEndpoint.DeploymentConfigProperty,
  ) {
    super();
  }
}

function blueGreen(
  name: string,
  type: string,
  options: BlueGreenOptions,
  sizeFault?: Fault,
  size: Partial<CfnEndpoint.TrafficRoutingConfigProperty> = {},
): DeploymentStrategy {
  refuseAt(`DeploymentStrategy.${name}`, [
    ...timeFaults(options),
    wholeSeconds('terminationWait', options.terminationWait, 0, 3_600),
    sizeFault,
  ]);
  return new RenderedStrategy(type !== 'ALL_AT_ONCE', {
    blueGreenUpdatePolicy: {
      trafficRoutingConfiguration: { type, waitIntervalInSeconds: waitOf(options), ...size },
      terminationWaitInSeconds: options.terminationWait?.toSeconds(),
      maximumExecutionTimeoutInSeconds: options.maximumExecutionTimeout?.toSeconds(),
    },
  });
}

function timeFaults(options: DeploymentOptions): Fault[] {
  return [
    wholeSeconds('waitInterval', options.waitInterval, 0, 3_600),
    wholeSeconds('maximumExecutionTimeout', options.maximumExecutionTimeout, 600, 28_800),
  ];
}

function waitOf({ waitInterval = Duration.minutes(5) }: DeploymentOptions): number {
  return waitInterval.toSeconds();
}
