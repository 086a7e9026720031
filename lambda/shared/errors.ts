/** An error whose message is ours and contains nothing of a payload. */
export abstract class InvokerError extends Error {
  /** The `errorType` that callers match on, so it is spelled out: minification renames classes. */
  abstract override readonly name: string;
}

/** The function was about to time out. */
export class DeadlineExceededError extends InvokerError {
  override readonly name = 'DeadlineExceededError';

  constructor() {
    super(
      'the function was about to time out before the service responded, so the request may have been accepted: ' +
        'retry with the same InferenceId, or give the function a longer timeout',
    );
  }
}
