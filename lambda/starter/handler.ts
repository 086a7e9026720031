import { randomUUID } from 'node:crypto';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { StarterRequest } from '../../lib/contract/callback';
import type { InvokerResponse } from '../../lib/contract/invoker';
import { SECONDS_LIMITS, TASK_ID_PREFIX } from '../../lib/contract/invoker';
import type { WaitingTasks } from '../shared/waiting-tasks';
import type { Context } from '../shared/deadline';
import { Deadline } from '../shared/deadline';
import { fromDirectCall } from '../invoker/callers/direct';
import type { Draft } from '../invoker/request';
import { serve } from '../invoker/serve';

/** As long as a request can take that was sent with the longest limits, and an hour for its answer. */
const KEPT_SECONDS = SECONDS_LIMITS.RequestTTLSeconds.max + SECONDS_LIMITS.InvocationTimeoutSeconds.max + 3_600;

export interface Starter {
  readonly client: SageMakerRuntimeClient;
  readonly tasks: WaitingTasks;
}

/** Sends a request that a task waits for. The task is known before the request is sent, since the answer may come at once. */
export function createHandler({ client, tasks }: Starter) {
  return async (
    { TaskToken: taskToken, EndpointName: endpointName, Request }: StarterRequest,
    context: Context,
  ): Promise<InvokerResponse> => {
    // Nobody can guess it, and each attempt of the state has its own.
    const inferenceId = `${TASK_ID_PREFIX}${randomUUID()}`;
    // The state machine's author chooses the location, and a location that the endpoint cannot read fails the task.
    const config = {
      endpointName,
      defaultContentType: 'application/json',
      inputLocationPrefixes: ['s3://', 'https://'],
    };
    await tasks.add({ inferenceId, taskToken, endpointName, expiresAt: Math.floor(Date.now() / 1000) + KEPT_SECONDS });
    try {
      return await Deadline.during(context, (deadline) =>
        serve({ client, config }, named(fromDirectCall(Request), inferenceId), context, deadline),
      );
    } catch (error) {
      // The task fails with this error, and its token with it; what cannot be removed expires.
      await tasks.remove(inferenceId).catch(() => undefined);
      throw error;
    }
  };
}

function named(draft: Draft, InferenceId: string): Draft {
  const faults =
    draft.members.InferenceId === undefined
      ? []
      : ['InferenceId is not taken here, since each attempt of a task has its own: leave it out'];
  return { ...draft, members: { ...draft.members, InferenceId }, faults: [...draft.faults, ...faults] };
}
