import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerConfig } from '../../lib/contract/invoker';
import { fromEnvironment } from '../../lib/contract/invoker';
import { TIMEOUTS } from '../shared/timeouts';
import type { StoreInput } from './input-store';

/** What an invoker needs to send requests. */
export interface InvokerContext {
  readonly client: SageMakerRuntimeClient;
  readonly config: InvokerConfig;
  /** Absent where no payload goes through S3. */
  readonly storeInput?: StoreInput;
  /** Waits until the next request may be submitted. Absent where the rate is not limited. */
  readonly waitForTurn?: (signal: AbortSignal) => Promise<void>;
}

/** The context of a function, from the environment that the construct sets. */
export function contextFrom(environment: Readonly<Record<string, string | undefined>>): InvokerContext {
  return { client: leanClient(), config: fromEnvironment(environment) };
}

/** The client of the SDK, without two steps that each call repeats and that change no request. */
function leanClient(): SageMakerRuntimeClient {
  const client = new SageMakerRuntimeClient({ requestHandler: TIMEOUTS });
  // It prepares each call for a logger, and there is none.
  client.middlewareStack.remove('loggerMiddleware');
  // It creates a signer for each call. One signs them all, with the credentials of the moment.
  const { signer: create } = client.config;
  let signer: ReturnType<typeof create> | undefined;
  client.config.signer = () => (signer ??= create());
  return client;
}
