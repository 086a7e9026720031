import { TASK_ERRORS } from '../../lib/contract/callback';
import { TASK_ID_PREFIX } from '../../lib/contract/invoker';
import type { CompletedInference, FailedInference } from '../../runtime';
import { parseNotification } from '../../runtime';
import type { Inline } from './output';
import { inlineOf, outputOf } from './output';
import type { WaitingTask, WaitingTasks } from '../shared/waiting-tasks';

/** Of Step Functions. What it throws for a task that waits no longer has one of the names in `GONE`. */
export interface TaskAnswers {
  succeed(taskToken: string, output: string): Promise<void>;
  fail(taskToken: string, error: string, cause: string): Promise<void>;
}

/** Of the output bucket. */
export interface Results {
  /** The bytes at a location, or nothing where they are not to be had or are more than the limit. */
  read(
    location: string,
    maxBytes: number,
  ): Promise<{ readonly bytes: Uint8Array; readonly contentType?: string } | undefined>;
}

export interface Callback {
  readonly tasks: WaitingTasks;
  readonly stepFunctions: TaskAnswers;
  readonly results: Results;
  readonly maxInlineResultBytes: number;
}

/** What became of a notification. */
export interface Answered {
  readonly verdict: 'answered' | 'answered before' | 'no result' | 'no task of ours' | 'of another endpoint';
  readonly inferenceId?: string;
}

const GONE = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

/** The cause of an error takes 32,768 characters, and JSON may write one as six. */
const MAX_REASON = 5_000;

/**
 * Answers the task that waits for what a message tells. A message may come twice, late, or from anybody: only the first one of an
 * inference that a task waits for, and of its own endpoint, has an effect. What it throws may pass: give it the message again.
 */
export async function answer(message: unknown, callback: Callback): Promise<Answered> {
  const notification = parseNotification(message);
  if (!notification) return { verdict: 'no result' };
  const { inferenceId } = notification;
  // Tells what others sent to the same endpoint without a look at the table.
  if (!inferenceId.startsWith(TASK_ID_PREFIX)) return { verdict: 'no task of ours', inferenceId };
  const task = await callback.tasks.find(inferenceId);
  if (!task) return { verdict: 'answered before', inferenceId };
  if (task.endpointName.toLowerCase() !== notification.endpointName.toLowerCase())
    return { verdict: 'of another endpoint', inferenceId };

  const waited =
    notification.status === 'completed'
      ? await succeed(task, notification, callback)
      : await unlessGone(
          callback.stepFunctions.fail(task.taskToken, TASK_ERRORS[notification.status], causeOf(notification)),
        );
  await callback.tasks.remove(inferenceId);
  return { verdict: waited ? 'answered' : 'answered before', inferenceId };
}

async function succeed(
  { taskToken }: WaitingTask,
  completed: CompletedInference,
  callback: Callback,
): Promise<boolean> {
  const send = (inline?: Inline) => unlessGone(callback.stepFunctions.succeed(taskToken, outputOf(completed, inline)));
  const inline = await inlineResult(completed, callback);
  return send(inline).catch((error: Error) => {
    // Step Functions measures for itself; where the result is, it can always be told.
    if (error.name === 'InvalidOutput' && inline) return send();
    throw error;
  });
}

async function inlineResult(
  { response, contentType, outputLocation }: CompletedInference,
  callback: Callback,
): Promise<Inline | undefined> {
  const { results, maxInlineResultBytes } = callback;
  if (maxInlineResultBytes === 0) return undefined;
  const found = response ? { bytes: response, contentType } : await results.read(outputLocation, maxInlineResultBytes);
  if (!found || found.bytes.length > maxInlineResultBytes) return undefined;
  const inline = inlineOf(found.bytes, contentType ?? found.contentType);
  return Buffer.byteLength(Object.values(inline).join('')) > maxInlineResultBytes ? undefined : inline;
}

function causeOf({ inferenceId, failureReason, failureLocation }: FailedInference): string {
  return JSON.stringify({
    InferenceId: inferenceId,
    Reason: failureReason?.slice(0, MAX_REASON).toWellFormed(),
    FailureLocation: failureLocation,
  });
}

/** Whether the task was still waiting. */
async function unlessGone(sent: Promise<void>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (GONE.has((error as Error).name)) return false;
    throw error;
  }
}
