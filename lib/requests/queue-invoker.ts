import type { InputPolicy } from '../invoker/input-policy';
import { AsyncInferenceInvoker } from '../invoker/invoker';

/** The function of a request queue: an invoker that keeps a pace, and moves messages that cannot succeed to the dead-letter queue. */
export class QueueInvoker extends AsyncInferenceInvoker {
  /** @internal */
  protected override _bundle(): string {
    return 'invoker-with-s3-and-sqs';
  }

  /** @internal */
  protected override _services(inputPolicy: InputPolicy | undefined): string[] {
    return [...super._services(inputPolicy), 'sqs'];
  }
}
