import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What the user asked for cannot be built. The message lists every fault of the call, one a line. */
class AsyncInferenceError extends Error {
  public override readonly name = 'AsyncInferenceError';
}

/** A fault in the user's words, or nothing where there is none. */
export type Fault = string | undefined;

/** Throws one error that lists all the faults and says which construct they are in. */
export function refuse(scope: IConstruct, faults: readonly Fault[]): void {
  refuseAt(scope.node.path, faults);
}

/** As `refuse`, for values that are made before they have a place in the construct tree. */
export function refuseAt(place: string, faults: readonly Fault[]): void {
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) throw new AsyncInferenceError([`${place}:`, ...found].join(found.length > 1 ? '\n  - ' : ' '));
}

/** A whole number within bounds that belong to it. A token passes: its value is not known before the deployment. */
export function wholeNumber(prop: string, value: number | undefined, min: number, max = Infinity): Fault {
  return value === undefined || Token.isUnresolved(value) ? undefined : whole(prop, value, 'number', min, max);
}

/** A duration of whole seconds within bounds that belong to it. A token passes. */
export function wholeSeconds(prop: string, value: Duration | undefined, min: number, max = Infinity): Fault {
  if (value === undefined || value.isUnresolved()) return undefined;
  return whole(prop, value.toMilliseconds() / 1000, 'number of seconds', min, max);
}

/** A duration of whole days within bounds that belong to it. A token passes. */
export function wholeDays(prop: string, value: Duration | undefined, min: number, max = Infinity): Fault {
  if (value === undefined || value.isUnresolved()) return undefined;
  return whole(prop, value.toHours({ integral: false }) / 24, 'number of days', min, max);
}

function whole(prop: string, value: number, what: string, min: number, max: number): Fault {
  if (Number.isInteger(value) && value >= min && value <= max) return undefined;
  return `${prop} must be a whole ${what} from ${min} ${max === Infinity ? 'up' : `to ${max}`}, got ${value}`;
}

/** A text that matches a pattern. A token passes. */
export function text(prop: string, value: string | undefined, pattern: RegExp, allowed: string): Fault {
  if (value === undefined || Token.isUnresolved(value) || pattern.test(value)) return undefined;
  return `${prop} must be ${allowed}, got '${value}'`;
}
