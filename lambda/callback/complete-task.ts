import { TASK_ERRORS } from '../../lib/contract/callback';
import { TASK_ID_PREFIX, TEXT_LIMITS } from '../../lib/contract/invoker';
import type { CompletedInference, FailedInference } from '../../runtime';
import { parseNotification } from '../../runtime';
import type { WaitingTask, WaitingTasks } from '../shared/waiting-tasks';
import type { ResultReader } from './result-reader';
import type { TaskClient } from './task-client';
import type { InlineResult } from './task-output';
import { inlineResult, taskOutput } from './task-output';

/** What the callback needs to complete tasks. */
export interface Callback {
  readonly tasks: WaitingTasks;
  readonly stepFunctions: TaskClient;
  readonly results: ResultReader;
  readonly maxInlineResultBytes: number;
}

/** What a message led to. */
export interface Completion {
  readonly outcome:
    | 'task completed'
    | 'no task is waiting'
    | 'not a result'
    | 'not the result of a task'
    | 'result of another endpoint';
  readonly inferenceId?: string;
}

/** The errors of Step Functions for a task that no longer waits. */
const GONE = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** The cause of an error has at most 32,768 characters, and JSON may write one character as six. */
const MAX_REASON_LENGTH = 5_000;

/**
 * Completes the task that waits for the result in a message. A message may come twice, late or from anybody. Only the first one for
 * an inference that a task waits for, and of the task's own endpoint, has an effect. After an error the message must be delivered
 * again.
 */
export async function completeTask(message: unknown, callback: Callback): Promise<Completion> {
  const notification = parseNotification(message);
  if (!notification) return { outcome: 'not a result' };
  const { inferenceId } = notification;
  // Other requests to the same endpoint are recognized without a read of the table.
  if (!inferenceId.startsWith(TASK_ID_PREFIX) || inferenceId.length > TEXT_LIMITS.InferenceId.max)
    return { outcome: 'not the result of a task', inferenceId: inferenceId.slice(0, TEXT_LIMITS.InferenceId.max) };
  const task = await callback.tasks.find(inferenceId);
  if (!task) return { outcome: 'no task is waiting', inferenceId };
  if (task.endpointName.toLowerCase() !== notification.endpointName.toLowerCase())
    return { outcome: 'result of another endpoint', inferenceId };

  const waited =
    notification.status === 'completed'
      ? await succeed(task, notification, callback)
      : await unlessGone(
          callback.stepFunctions.fail(task.taskToken, TASK_ERRORS[notification.status], failureCause(notification)),
        );
  await callback.tasks.remove(inferenceId);
  return { outcome: waited ? 'task completed' : 'no task is waiting', inferenceId };
}

async function succeed(task: WaitingTask, completed: CompletedInference, callback: Callback): Promise<boolean> {
  const send = (inline?: InlineResult) =>
    unlessGone(callback.stepFunctions.succeed(task.taskToken, taskOutput(completed, inline)));
  const inline = await inlineResultOf(task, completed, callback);
  return send(inline).catch((error: Error) => {
    // Step Functions has a limit of its own. The location always fits.
    if (error.name === 'InvalidOutput' && inline) return send();
    throw error;
  });
}

async function inlineResultOf(
  { outputLocationPrefix }: WaitingTask,
  { response, contentType, outputLocation }: CompletedInference,
  { results, maxInlineResultBytes }: Callback,
): Promise<InlineResult | undefined> {
  if (maxInlineResultBytes === 0) return undefined;
  const found = response
    ? { bytes: response, contentType }
    : await results.read(outputLocation, outputLocationPrefix, maxInlineResultBytes);
  if (!found || found.bytes.length > maxInlineResultBytes) return undefined;
  const inline = inlineResult(found.bytes, contentType ?? found.contentType);
  return Buffer.byteLength(Object.values(inline).join('')) > maxInlineResultBytes ? undefined : inline;
}

function failureCause({ inferenceId, failureReason, failureLocation }: FailedInference): string {
  return JSON.stringify({
    InferenceId: inferenceId,
    Reason: failureReason?.slice(0, MAX_REASON_LENGTH).toWellFormed(),
    FailureLocation: failureLocation,
  });
}

/** Returns whether the task was still waiting. */
async function unlessGone(sent: Promise<void>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (GONE.has((error as Error).name)) return false;
    throw error;
  }
}
