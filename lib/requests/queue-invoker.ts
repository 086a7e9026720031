import { AsyncInferenceInvoker } from '../invoker/invoker';

/** The function of a request queue: an invoker that keeps a pace, and moves messages that cannot succeed to the dead-letter queue. */
export class QueueInvoker extends AsyncInferenceInvoker {
  /** @internal */
  protected override _bundle(): string {
    return 'invoker-with-s3-and-sqs';
  }
}
