import type { InvokerConfig, InvokerResponse } from '../../../lib/contract/invoker';
import type { ParsedRequest } from '../parsed-request';

/**
 * A source of requests, with the form of its events and of the responses that it expects.
 *
 * `E` is its event. `R` is what holds one request: a record of an event that is a batch, else the event itself.
 */
export interface Caller<E, R = E> {
  /** Its name in the documentation. */
  readonly name: string;
  /** Its event in words, for the error of an event that fits no caller. */
  readonly event: string;
  matches(event: unknown): event is E;
  read(request: R, config: InvokerConfig): ParsedRequest;
  accepted(request: R, response: InvokerResponse): unknown;
  /** The response to a request that failed. A caller that expects an error throws it. */
  failed(request: R, error: unknown): unknown;
  /** Serves each request of a batch. `serve` never rejects. Absent where an event is one request. */
  batch?(event: E, serve: (request: R) => Promise<unknown>): Promise<unknown>;
}
