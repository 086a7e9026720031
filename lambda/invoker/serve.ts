import type { InvokerResponse } from '../../lib/contract/invoker';
import type { Deadline } from '../shared/deadline';
import { DeadlineExceededError, InvokerError } from '../shared/errors';
import type { SdkError } from '../shared/sdk-error';
import type { Failure } from './failure';
import { failureOf } from './failure';
import type { InvokerContext } from './invoker-context';
import type { ParsedRequest } from './parsed-request';
import { toRequest } from './request';
import type { LoggedRequest, RequestLog } from './request-log';
import { needsUpload, submit } from './submit';

const MESSAGES: Readonly<Record<Failure, string>> = {
  rejected: 'requests rejected',
  throttled: 'requests throttled',
  unavailable: 'service unavailable',
  refused: 'requests refused by the service',
  unusable: 'service responses unusable',
  unexpected: 'unexpected errors',
};

/** What the metric Failures counts: neither a mistake of the caller nor a limit of the service. */
const FAILURES: ReadonlySet<Failure> = new Set(['unavailable', 'refused', 'unexpected']);

/** Serves a request of any caller: checks it, submits it before the deadline and logs the outcome. */
export async function serve(
  invoker: InvokerContext,
  parsed: ParsedRequest,
  log: RequestLog,
  deadline: Deadline,
): Promise<InvokerResponse> {
  const { config } = invoker;
  let started = process.hrtime.bigint();
  const bytes = parsed.payload?.length;
  let inferenceId: string | undefined;
  const facts = (attempts?: number): LoggedRequest => ({
    inferenceId,
    // Most messages give their ID to their inference.
    ...(parsed.messageId !== inferenceId && { messageId: parsed.messageId }),
    bytes,
    attempts,
    // Node.js would load more modules for `performance`.
    ms: Math.round(Number(process.hrtime.bigint() - started) / 1e6),
  });
  try {
    const request = toRequest(parsed, config, log.requestId);
    inferenceId = request.members.InferenceId;
    if (invoker.waitForTurn) {
      await deadline.before(invoker.waitForTurn);
      started = process.hrtime.bigint();
    }
    const { response, attempts } = await deadline.before((signal) => submit(invoker, request, signal));
    const uploaded = needsUpload(config, parsed.payload);
    const inline = bytes !== undefined && !uploaded;
    log.add({ level: 'INFO', message: 'requests accepted', path: inline ? 'inline' : 's3' }, facts(attempts), {
      Invocations: 1,
      ...(inline && { InlineBytes: bytes }),
      ...(uploaded && { S3Fallbacks: 1 }),
    });
    return response;
  } catch (error) {
    const failure = failureOf(error);
    const { name, message, $metadata } = error as SdkError;
    log.add(
      { level: failure === 'rejected' ? 'WARN' : 'ERROR', message: MESSAGES[failure], error: name },
      {
        ...facts($metadata?.attempts),
        // The message of another error may quote the payload, and that of the deadline is always the same.
        ...(error instanceof InvokerError && !(error instanceof DeadlineExceededError) && { reason: message }),
      },
      {
        Invocations: 1,
        ...(failure === 'rejected' && { Rejections: 1 }),
        ...(failure === 'throttled' && { Throttles: 1 }),
        ...(FAILURES.has(failure) && { Failures: 1 }),
      },
    );
    throw error;
  }
}
