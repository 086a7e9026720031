import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/invoker-contract';

/** An error in the invoker's own words, which hold nothing of a payload. */
export abstract class InvokerError extends Error {
  /** The `errorType` that callers match on, so it is spelled out: minification renames classes. */
  abstract override readonly name: string;
}

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
    super(`the service accepted inference ${inferenceId} without telling its OutputLocation: look for its result in the success topic`);
  }
}

/** The service answered something that is not of its protocol; the parser's own words would quote it. */
export class UnreadableAnswerError extends InvokerError {
  override readonly name = 'UnreadableAnswerError';

  constructor(readonly $metadata: { readonly httpStatusCode?: number; readonly attempts?: number }) {
    super(`the service answered HTTP ${$metadata.httpStatusCode} with a text that cannot be read: the request may have been accepted`);
  }
}

/** The function's time was about to run out. */
export class DeadlineExceededError extends InvokerError {
  override readonly name = 'DeadlineExceededError';

  constructor() {
    super('the function\'s time ran out before the service answered: the request may have been accepted; '
      + 'try again with the same InferenceId, or give the function a longer timeout');
  }
}

/** What is wrong with a payload of so many bytes, and the way out. */
export function tooLarge(bytes: number): string {
  return `the payload is ${bytes} bytes and at most ${MAX_INLINE_PAYLOAD_BYTES} go inline: shorten it, let the invoker put `
    + 'large payloads in S3 (its inputPolicy), or put it there and call InvokeEndpointAsync with its InputLocation';
}
