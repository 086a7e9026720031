/** An error in the invoker's own words, which hold nothing of a payload. */
export abstract class InvokerError extends Error {
  /** The `errorType` that callers match on, so it is spelled out: minification renames classes. */
  abstract override readonly name: string;
}

/** The function's time was about to run out. */
export class DeadlineExceededError extends InvokerError {
  override readonly name = 'DeadlineExceededError';

  constructor() {
    super(
      "the function's time ran out before the service answered: the request may have been accepted; " +
        'try again with the same InferenceId, or give the function a longer timeout',
    );
  }
}
