import { Token, TokenComparison } from 'aws-cdk-lib';
import type { Duration, Size } from 'aws-cdk-lib';
import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** jsii accepts no exported class that extends Error, so the class is exported as a constant. */
class SynthError extends Error {
  public override readonly name = 'AsyncInferenceError';

  constructor(
    place: string,
    /** What is wrong, without the place. */
    public readonly errors: readonly string[],
  ) {
    super([`${place}:`, ...errors].join(errors.length > 1 ? '\n  - ' : ' '));
  }
}

/**
 * The error that this library throws at synth. Its message starts with the path of the construct and lists all validation errors
 * of the call, one per line. Languages other than TypeScript receive their own error with the same message.
 */
export const AsyncInferenceError = SynthError;

/** What is wrong with an input, in the user's words. Undefined if nothing is wrong. */
export type ValidationError = string | undefined;

/** Throws one error that names the construct and lists all validation errors. */
export function assertValid(scope: IConstruct, errors: readonly ValidationError[]): void {
  assertValidAt(scope.node.path, errors);
}

/** Like `assertValid`, for values that are created before they have a place in the construct tree. */
export function assertValidAt(place: string, errors: readonly ValidationError[]): void {
  // A prop that is null in JavaScript may pass null on.
  const found = errors.filter((error) => typeof error === 'string');
  if (found.length > 0) throw new AsyncInferenceError(place, found);
}

/** Runs a part of a call, and adds its validation errors to those of the call instead of throwing them. */
export function collect<T>(errors: ValidationError[], part: () => T): T | undefined {
  try {
    return part();
  } catch (error) {
    if (!(error instanceof AsyncInferenceError)) throw error;
    errors.push(...error.errors);
    return undefined;
  }
}

/** Returns a value that must be known, or throws the validation error. */
export function required<T>(scope: IConstruct, value: T | undefined, error: string): T {
  if (value === undefined) assertValid(scope, [error]);
  return value!;
}

/** Validates a whole number. Tokens are accepted, because their values are only known at deployment. */
export function wholeNumber(prop: string, value: number | undefined, min: number, max = Infinity): ValidationError {
  return value === undefined || Token.isUnresolved(value) ? undefined : whole(prop, value, 'number', min, max);
}

/** Validates a duration of whole seconds. A token is accepted if it is in seconds, because CDK cannot convert tokens. */
export function wholeSeconds(prop: string, value: Duration | undefined, min: number, max = Infinity): ValidationError {
  return wholeUnits(prop, value, 'seconds', (known) => known.toMilliseconds() / 1000, min, max);
}

/** Validates a duration of whole minutes. A token is accepted if it is in minutes. */
export function wholeMinutes(prop: string, value: Duration | undefined, min: number, max = Infinity): ValidationError {
  return wholeUnits(prop, value, 'minutes', (known) => known.toMinutes({ integral: false }), min, max);
}

/** Validates a duration of whole days. A token is accepted if it is in days. */
export function wholeDays(prop: string, value: Duration | undefined, min: number, max = Infinity): ValidationError {
  return wholeUnits(prop, value, 'days', (known) => known.toHours({ integral: false }) / 24, min, max);
}

function wholeUnits(
  prop: string,
  value: Duration | undefined,
  unit: 'seconds' | 'minutes' | 'days',
  amount: (known: Duration) => number,
  min: number,
  max: number,
): ValidationError {
  if (value === undefined) return undefined;
  if (!value.isUnresolved()) return whole(prop, amount(value), `number of ${unit}`, min, max);
  if (value.unitLabel() === unit) return undefined;
  return `${prop} is a token in ${value.unitLabel()}, which cannot be converted: use Duration.${unit}(...)`;
}

/** Validates a size of whole gibibytes. A token is accepted if it is in gibibytes. */
export function wholeGibibytes(prop: string, value: Size | undefined, min: number, max: number): ValidationError {
  if (value === undefined) return undefined;
  if (!value.isUnresolved()) {
    return wholeNumber(`${prop} in GiB`, value.toGibibytes({ rounding: SizeRoundingBehavior.NONE }), min, max);
  }
  try {
    value.toGibibytes();
    return undefined;
  } catch {
    return `${prop} is a token that cannot be converted: use Size.gibibytes(...)`;
  }
}

function whole(prop: string, value: number, what: string, min: number, max: number): ValidationError {
  if (Number.isInteger(value) && value >= min && value <= max) return undefined;
  return `${prop} must be a whole ${what} ${max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`}, got ${value}`;
}

/** Validates a string against a pattern. Tokens are accepted. */
export function text(prop: string, value: string | undefined, pattern: RegExp, allowed: string): ValidationError {
  if (value === undefined || Token.isUnresolved(value) || pattern.test(value)) return undefined;
  return `${prop} must be ${allowed}, got '${value}'`;
}

/** Validates a string that must be given. It is undefined if it comes from a variable of the environment that is not set. */
export function requiredText(prop: string, value: string, pattern: RegExp, allowed: string): ValidationError {
  return typeof (value as unknown) === 'string'
    ? text(prop, value, pattern, allowed)
    : `${prop} must be ${allowed}, got ${kindOf(value)}`;
}

/** What kind of value something is that should be another one. */
export function kindOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

/** Validates a value that must be given, such as a resource. */
export function given(prop: string, value: unknown, what: string): ValidationError {
  return value === undefined || value === null ? `${prop} must be ${what}, got ${kindOf(value)}` : undefined;
}

/** Reports a prop that has no effect because of another one. */
export function noEffect(prop: string, value: unknown, without: string): ValidationError {
  return value === undefined ? undefined : `${prop} has no effect without ${without}: leave it out`;
}

/** Validates that a resource is in the region of what uses it. */
export function sameRegion(what: string, actual: string, expected: string): ValidationError {
  return differs(actual, expected)
    ? `${what} must be in the region of the endpoint, ${expected}, got ${actual}`
    : undefined;
}

/** Whether two accounts or two regions are known to differ. */
export function differs(one: string, other: string): boolean {
  return Token.compareStrings(one, other) === TokenComparison.DIFFERENT;
}
