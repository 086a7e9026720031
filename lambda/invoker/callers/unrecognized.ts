import type { ParsedRequest } from '../parsed-request';
import { typeName } from '../quote';
import type { Caller } from './caller';

/** What is read of an event that fits none of these callers. The names of its members may be those of a payload, so none is shown. */
export function unrecognized(event: unknown, callers: readonly Caller<unknown, unknown>[]): ParsedRequest {
  const isObject = typeof event === 'object' && event !== null && !Array.isArray(event);
  const found = isObject ? 'the event has none of the known forms' : `the event is ${typeName(event)}`;
  return { members: {}, errors: [`${found}: give ${callers.map(({ event: form }) => form).join(', or ')}`] };
}
