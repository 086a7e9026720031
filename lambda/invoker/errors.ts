import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/contract/invoker';
import { InvokerError } from '../shared/errors';

/** The request breaks the contract. The message holds all errors, one a line, and nothing of the payload. */
export class InvalidRequestError extends InvokerError {
  override readonly name = 'InvalidRequestError';

  constructor(readonly errors: readonly string[]) {
    super(errors.join('\n'));
  }
}

/** The payload is too large, and nothing else is wrong with the request. */
export class PayloadTooLargeError extends InvokerError {
  override readonly name = 'PayloadTooLargeError';

  constructor(bytes: number) {
    super(tooLarge(bytes));
  }
}

/** The service accepted the request and did not return where its result will be. */
export class MissingOutputLocationError extends InvokerError {
  override readonly name = 'MissingOutputLocationError';

  constructor(inferenceId: string) {
    super(
      `the service accepted inference ${inferenceId} without an OutputLocation: look for its result in the success topic`,
    );
  }
}

/** The response of the service does not follow its protocol. The parser's own message would quote it. */
export class UnreadableResponseError extends InvokerError {
  override readonly name = 'UnreadableResponseError';

  constructor(readonly $metadata: { readonly httpStatusCode?: number; readonly attempts?: number }) {
    super(
      `the service returned HTTP ${$metadata.httpStatusCode} with a body that cannot be read: the request may have been accepted`,
    );
  }
}

/** The error of a payload of so many bytes. */
export function tooLarge(bytes: number): string {
  return (
    `the payload is ${bytes} bytes and at most ${MAX_INLINE_PAYLOAD_BYTES} go inline: shorten it, let the invoker put ` +
    'large payloads in S3 (its inputPolicy), or put it there and call InvokeEndpointAsync with its InputLocation'
  );
}
