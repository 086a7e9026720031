import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import { InvokerError } from '../shared/errors';

/** The request breaks the contract. The message holds every fault, one a line, and nothing of the payload. */
export class InvalidRequestError extends InvokerError {
  override readonly name = 'InvalidRequestError';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** The request is sound but for its size. */
export class PayloadTooLargeError extends InvokerError {
  override readonly name = 'PayloadTooLargeError';

  constructor(bytes: number) {
    super(tooLarge(bytes));
  }
}

/** The service accepted the request and did not say where its result will be. */
export class MissingOutputLocationError extends InvokerError {
  override readonly name = 'MissingOutputLocationError';

  constructor(inferenceId: string) {
    super(
      `the service accepted inference ${inferenceId} without telling its OutputLocation: look for its result in the success topic`,
    );
  }
}

/** The service answered something that is not of its protocol; the parser's own words would quote it. */
export class UnreadableAnswerError extends InvokerError {
  override readonly name = 'UnreadableAnswerError';

  constructor(readonly $metadata: { readonly httpStatusCode?: number; readonly attempts?: number }) {
    super(
      `the service answered HTTP ${$metadata.httpStatusCode} with a text that cannot be read: the request may have been accepted`,
    );
  }
}

/** What is wrong with a payload of so many bytes, and the way out. */
export function tooLarge(bytes: number): string {
  return (
    `the payload is ${bytes} bytes and at most ${MAX_INLINE_PAYLOAD_BYTES} go inline: shorten it, let the invoker put ` +
    'large payloads in S3 (its inputPolicy), or put it there and call InvokeEndpointAsync with its InputLocation'
  );
}
