import { randomUUID } from 'node:crypto';
import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { StarterRequest } from '../../lib/contract/callback';
import type { InvokerResponse } from '../../lib/contract/invoker';
import { SECONDS_LIMITS, TASK_ID_PREFIX } from '../../lib/contract/invoker';
import { direct } from '../invoker/callers/direct';
import { unrecognized } from '../invoker/callers/unrecognized';
import type { ParsedRequest } from '../invoker/parsed-request';
import { RequestLog } from '../invoker/request-log';
import { serve } from '../invoker/serve';
import type { LambdaContext } from '../shared/deadline';
import { Deadline } from '../shared/deadline';
import type { WaitingTasks } from '../shared/waiting-tasks';

/** The longest that a request can take, and an hour for its notification. */
const RETENTION_SECONDS = SECONDS_LIMITS.RequestTTLSeconds.max + SECONDS_LIMITS.InvocationTimeoutSeconds.max + 3_600;

export interface Starter {
  readonly client: SageMakerRuntimeClient;
  readonly tasks: WaitingTasks;
}

/** Sends a request that a task waits for. The task is written before the request is sent, since its result may come at once. */
export function starterHandler({ client, tasks }: Starter) {
  return async (
    { TaskToken: taskToken, EndpointName: endpointName, OutputLocationPrefix, Request }: StarterRequest,
    context: LambdaContext,
  ): Promise<InvokerResponse> => {
    // The ID cannot be guessed, and each attempt of the state has its own.
    const inferenceId = `${TASK_ID_PREFIX}${randomUUID()}`;
    const config = {
      endpointName,
      defaultContentType: 'application/json',
      // The author of the state machine chooses the location. One that the endpoint cannot read fails the task.
      inputLocationPrefixes: ['s3://', 'https://'],
    };
    const task = {
      inferenceId,
      taskToken,
      endpointName,
      outputLocationPrefix: OutputLocationPrefix,
      expiresAt: Math.floor(Date.now() / 1000) + RETENTION_SECONDS,
    };
    const log = new RequestLog(endpointName, context.awsRequestId);
    return Deadline.during(
      context,
      async (deadline) => {
        await deadline.before(() => tasks.add(task));
        try {
          const parsed = direct.matches(Request) ? direct.read(Request, config) : unrecognized(Request, [direct]);
          return await serve({ client, config }, withId(parsed, inferenceId), log, deadline);
        } catch (error) {
          // The task fails with this error, and its token becomes invalid. A row that cannot be removed expires.
          await tasks.remove(inferenceId).catch(() => undefined);
          throw error;
        }
      },
      () => {
        log.flush();
      },
    );
  };
}

function withId(parsed: ParsedRequest, InferenceId: string): ParsedRequest {
  const errors =
    parsed.members.InferenceId === undefined
      ? []
      : ['InferenceId is not supported here, since each attempt of a task has its own: leave it out'];
  return { ...parsed, members: { ...parsed.members, InferenceId }, errors: [...parsed.errors, ...errors] };
}
