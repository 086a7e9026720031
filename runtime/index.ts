export { MAX_INLINE_PAYLOAD_BYTES } from '../lib/invoker-contract';
export type { InvokerRequest, InvokerResponse } from '../lib/invoker-contract';
export { PayloadTooLargeError, invokeAsync } from './invoke';
export type { AcceptedInference, AsyncInvoker, InferenceRequest, InvokeOptions, ObjectWriter } from './invoke';
export { parseNotification } from './notification';
export type { CompletedInference, FailedInference, InferenceNotification } from './notification';
export { ResultTimeoutError, waitForResult } from './result';
export type { InferenceResult, ObjectReader, WaitOptions } from './result';
