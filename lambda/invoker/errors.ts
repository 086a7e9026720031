import { MAX_INLINE_PAYLOAD_BYTES } from '../../lib/invoker-contract';

// `name` becomes the `errorType` that callers match on, so it is spelled out: minification renames classes.

/** The request breaks the contract. The message holds every fault, one a line, and nothing of the payload. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** The request is sound but for its size. */
export class PayloadTooLargeError extends Error {
  override readonly name = 'PayloadTooLargeError';

  constructor(bytes: number) {
    super(tooLarge(bytes));
  }
}

/** The service accepted the request and did not say where its result will be. */
export class MissingOutputLocationError extends Error {
  override readonly name = 'MissingOutputLocationError';

  constructor(inferenceId: string) {
    super(`the service accepted inference ${inferenceId} without telling its OutputLocation: look for its result in the success topic`);
  }
}

/** What is wrong with a payload of so many bytes, and the way out. */
export function tooLarge(bytes: number): string {
  return `the payload is ${bytes} bytes and at most ${MAX_INLINE_PAYLOAD_BYTES} go inline: `
    + 'shorten it, or put it in S3 and call InvokeEndpointAsync with its InputLocation';
}
