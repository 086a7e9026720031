import type { InvokerResponse } from '../../lib/contract/invoker';
import type { Context, Deadline } from '../shared/deadline';
import { InvokerError } from '../shared/errors';
import type { ServiceError } from './failure';
import { causeOf } from './failure';
import { log } from './log';
import type { Outlet } from './invoker-context';
import type { Draft } from './request';
import { toRequest } from './request';
import { needsUpload, submit } from './submit';

/** Serves one request, whichever way it came: checks it, submits it before the deadline and logs what became of it. */
export async function serve(
  outlet: Outlet,
  draft: Draft,
  { awsRequestId }: Context,
  deadline: Deadline,
): Promise<InvokerResponse> {
  const { config } = outlet;
  const started = process.hrtime.bigint();
  const bytes = draft.payload?.length;
  let inferenceId: string | undefined;
  const facts = (attempts?: number) => ({
    ...draft.origin,
    requestId: awsRequestId,
    inferenceId,
    bytes,
    attempts,
    durationMs: Math.round(Number(process.hrtime.bigint() - started) / 1e6),
  });
  try {
    const request = toRequest(draft, config, awsRequestId);
    inferenceId = request.members.InferenceId;
    const { response, attempts } = await deadline.before((signal) => submit(outlet, request, signal));
    const uploaded = needsUpload(config, draft.payload);
    const inline = bytes !== undefined && !uploaded;
    log(
      { level: 'INFO', message: 'request accepted', ...facts(attempts), path: inline ? 'inline' : 's3' },
      config.endpointName,
      {
        Invocations: 1,
        ...(inline && { InlineBytes: bytes }),
        ...(uploaded && { S3Fallbacks: 1 }),
      },
    );
    return response;
  } catch (error) {
    const cause = causeOf(error);
    const { name, message, $metadata } = error as ServiceError;
    log(
      {
        level: cause === 'rejected' ? 'WARN' : 'ERROR',
        message: `request ${cause}`,
        ...facts($metadata?.attempts),
        error: name,
        // The words of others may quote what was sent
        ...(error instanceof InvokerError && { reason: message }),
      },
      config.endpointName,
      {
        Invocations: 1,
        ...(cause === 'rejected' && { Rejections: 1 }),
        ...(cause === 'throttled' && { Throttles: 1 }),
      },
    );
    throw error;
  }
}
