import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerConfig, InvokerResponse } from '../../lib/invoker-contract';
import { fromDirectCall } from './direct';
import { InvalidRequestError, PayloadTooLargeError } from './errors';
import { log } from './log';
import type { InferenceRequest } from './request';
import { submit } from './submit';

/** What the invoker reads of Lambda's context. */
export interface Context {
  readonly awsRequestId: string;
}

export function createHandler({ client, config }: { readonly client: SageMakerRuntimeClient; readonly config: InvokerConfig }) {
  return async (event: unknown, { awsRequestId: requestId }: Context): Promise<InvokerResponse> => {
    const started = performance.now();
    let request: InferenceRequest | undefined;
    const logged = (line: Omit<Parameters<typeof log>[0], 'requestId' | 'durationMs'>) => log({
      requestId,
      inferenceId: request?.InferenceId,
      bytes: request?.Body.length,
      durationMs: Math.round(performance.now() - started),
      ...line,
    });
    try {
      request = fromDirectCall(event, config, requestId);
      const response = await submit(client, config.endpointName, request);
      logged({ level: 'INFO', message: 'request accepted' });
      return response;
    } catch (error) {
      const { name, message } = error as Error;
      const ours = error instanceof InvalidRequestError || error instanceof PayloadTooLargeError;
      logged({ level: 'ERROR', message: 'request failed', error: name, ...ours && { reason: message } });
      throw error;
    }
  };
}
