import { Token } from 'aws-cdk-lib';
import type { AsyncInferenceScalingOptions } from './scaling';
import { wholeNumber, wholeSeconds } from '../shared/validation';
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
