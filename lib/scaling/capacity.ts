import { Token } from 'aws-cdk-lib';
import type { AsyncInferenceScalingOptions } from './scaling';
import { MAX_STEPS } from './wake-steps';
import { noEffect, wholeNumber, wholeSeconds } from '../shared/validation';
import type { ValidationError } from '../shared/validation';

/** Cooldowns, in seconds. */
export const SCALING_DEFAULTS = { scaleOutCooldownSeconds: 300, scaleInCooldownSeconds: 900 };

/** The target that suits any model: what an instance can process at the same time, and as much that waits. */
export function defaultTarget(concurrency = 1): number {
  return Math.max(5, 2 * concurrency);
}

/** The bounds of a fleet, with their defaults. */
export function capacityOf({ minCapacity = 0, maxCapacity = Math.max(1, minCapacity) }: AsyncInferenceScalingOptions) {
  return { minCapacity, maxCapacity };
}

/** The instances to create an endpoint with: SageMaker takes no zero. */
export function initialCapacityOf({ minCapacity = 0 }: AsyncInferenceScalingOptions = {}): number {
  return Token.isUnresolved(minCapacity) ? minCapacity : Math.max(1, minCapacity);
}

/** All that is wrong with the bounds of a fleet and the ways it scales. */
export function scalingErrors(options: AsyncInferenceScalingOptions): ValidationError[] {
  return [
    wholeNumber('minCapacity', options.minCapacity, 0),
    wholeNumber('maxCapacity', options.maxCapacity, 1),
    bounds(options),
    target(options),
    wholeSeconds('scaleInCooldown', options.scaleInCooldown, 0),
    wholeSeconds('scaleOutCooldown', options.scaleOutCooldown, 0),
    ...wakeStepErrors(options),
  ];
}

function wakeStepErrors({ wakeSteps: steps, ...bounds }: AsyncInferenceScalingOptions): ValidationError[] {
  if (steps === undefined) return [];
  const { minCapacity, maxCapacity } = capacityOf(bounds);
  const ascends = (values: readonly (number | undefined)[]) =>
    values.every((value, index) => index === 0 || value === undefined || value > values[index - 1]!);
  const isLast = (index: number) => index === steps.length - 1;
  const most = Token.isUnresolved(maxCapacity) ? Infinity : maxCapacity;
  return [
    Token.isUnresolved(minCapacity) || minCapacity === 0
      ? undefined
      : `wakeSteps has no effect with minCapacity ${minCapacity}: leave it out`,
    steps.length < 1 || steps.length > MAX_STEPS
      ? `wakeSteps must have 1 to ${MAX_STEPS} steps, got ${steps.length}`
      : undefined,
    ...steps.flatMap(({ capacity, maxDemand }, index) => [
      wholeNumber(`capacity of wakeSteps[${index}]`, capacity, 1, most),
      isLast(index)
        ? noEffect(`maxDemand of wakeSteps[${index}]`, maxDemand, 'another step after it')
        : maxDemand === undefined
          ? `maxDemand of wakeSteps[${index}] is required, because another step follows`
          : wholeNumber(`maxDemand of wakeSteps[${index}]`, maxDemand, 1),
    ]),
    ascends(steps.map(({ capacity }) => capacity)) && ascends(steps.map(({ maxDemand }) => maxDemand))
      ? undefined
      : 'wakeSteps must be in ascending order of capacity and of maxDemand',
  ];
}

function bounds({ minCapacity = 0, maxCapacity }: AsyncInferenceScalingOptions): ValidationError {
  if (maxCapacity === undefined) {
    return Token.isUnresolved(minCapacity)
      ? 'maxCapacity must be given where minCapacity is known at deploy time only'
      : undefined;
  }
  if (Token.isUnresolved(minCapacity) || Token.isUnresolved(maxCapacity) || !(minCapacity > maxCapacity))
    return undefined;
  return `minCapacity must be at most maxCapacity, got ${minCapacity} and ${maxCapacity}`;
}

function target({ targetBacklogPerInstance: value }: AsyncInferenceScalingOptions): ValidationError {
  if (value === undefined || Token.isUnresolved(value) || (value > 0 && value < Infinity)) return undefined;
  return `targetBacklogPerInstance must be more than 0, got ${value}`;
}
