import { TASK_ID_PREFIX } from '../../lib/contract/invoker';
import type { Members } from './members';

/** A request as its caller's event holds it. */
export interface ParsedRequest {
  /** Absent where the members have an InputLocation, or where the errors say why. */
  readonly payload?: Buffer;
  readonly members: Members;
  /** What is wrong with the event, in the terms of its caller. */
  readonly errors: readonly string[];
  /** The message of SQS that holds the request. */
  readonly messageId?: string;
}

/** Adds an error where the InferenceId is of the form that tasks of Step Functions wait for. */
export function rejectTaskId(request: ParsedRequest): ParsedRequest {
  const { InferenceId } = request.members;
  if (typeof InferenceId !== 'string' || !InferenceId.startsWith(TASK_ID_PREFIX)) return request;
  const error = `InferenceId begins with "${TASK_ID_PREFIX}", which is reserved for tasks of Step Functions: use another one`;
  return { ...request, errors: [...request.errors, error] };
}
