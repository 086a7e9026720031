import type { InvokerResponse } from '../../lib/contract/invoker';
import type { Deadline, LambdaContext } from '../shared/deadline';
import { InvokerError } from '../shared/errors';
import type { LogLine } from '../shared/log';
import { log } from '../shared/log';
import type { SdkError } from '../shared/sdk-error';
import type { Failure } from './failure';
import { failureOf } from './failure';
import type { InvokerContext } from './invoker-context';
import type { InvokerMetrics } from './metrics';
import { embeddedMetrics } from './metrics';
import type { ParsedRequest } from './parsed-request';
import { toRequest } from './request';
import { needsUpload, submit } from './submit';

const MESSAGES: Readonly<Record<Failure, string>> = {
  rejected: 'request rejected',
  throttled: 'request throttled',
  unavailable: 'service unavailable',
  refused: 'request refused by the service',
  unusable: 'service response unusable',
  unexpected: 'unexpected error',
};

/** What the metric Failures counts: neither a mistake of the caller nor a limit of the service. */
const FAILURES: ReadonlySet<Failure> = new Set(['unavailable', 'refused', 'unexpected']);

/** The line of a request, with what is known of it by then. */
interface RequestLine extends LogLine {
  readonly messageId?: string;
  readonly path?: 'inline' | 's3';
  readonly bytes?: number;
  readonly attempts?: number;
  readonly durationMs: number;
  /** The message of an error that is ours. */
  readonly reason?: string;
}

/** Serves a request of any caller: checks it, submits it before the deadline and logs the outcome. */
export async function serve(
  invoker: InvokerContext,
  parsed: ParsedRequest,
  { awsRequestId }: LambdaContext,
  deadline: Deadline,
): Promise<InvokerResponse> {
  const { config } = invoker;
  let started = process.hrtime.bigint();
  const bytes = parsed.payload?.length;
  let inferenceId: string | undefined;
  const facts = (attempts?: number) => ({
    ...parsed.origin,
    requestId: awsRequestId,
    inferenceId,
    bytes,
    attempts,
    durationMs: Math.round(Number(process.hrtime.bigint() - started) / 1e6),
  });
  const logRequest = (line: RequestLine, metrics: InvokerMetrics) => {
    log({ ...line, ...embeddedMetrics(config.endpointName, metrics, line.error) });
  };
  try {
    const request = toRequest(parsed, config, awsRequestId);
    inferenceId = request.members.InferenceId;
    if (invoker.waitForTurn) {
      await deadline.before(invoker.waitForTurn);
      started = process.hrtime.bigint();
    }
    const { response, attempts } = await deadline.before((signal) => submit(invoker, request, signal));
    const uploaded = needsUpload(config, parsed.payload);
    const inline = bytes !== undefined && !uploaded;
    logRequest(
      { level: 'INFO', message: 'request accepted', ...facts(attempts), path: inline ? 'inline' : 's3' },
      {
        Invocations: 1,
        ...(inline && { InlineBytes: bytes }),
        ...(uploaded && { S3Fallbacks: 1 }),
      },
    );
    return response;
  } catch (error) {
    const failure = failureOf(error);
    const { name, message, $metadata } = error as SdkError;
    logRequest(
      {
        level: failure === 'rejected' ? 'WARN' : 'ERROR',
        message: MESSAGES[failure],
        ...facts($metadata?.attempts),
        error: name,
        // The message of another error may quote the payload.
        ...(error instanceof InvokerError && { reason: message }),
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
