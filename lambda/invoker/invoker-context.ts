import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { InvokerConfig } from '../../lib/contract/invoker';
import { fromEnvironment } from '../../lib/contract/invoker';
import type { StoreInput } from './input-store';
import { TIMEOUTS } from '../shared/timeouts';

/** What an invoker sends requests with. */
export interface Outlet {
  readonly client: SageMakerRuntimeClient;
  readonly config: InvokerConfig;
  /** Absent where no payload goes through S3. */
  readonly storeInput?: StoreInput;
}

/** The outlet of a function, by the environment that the construct gave it. */
export function outletFor(environment: Readonly<Record<string, string | undefined>>): Outlet {
  return { client: new SageMakerRuntimeClient({ requestHandler: TIMEOUTS }), config: fromEnvironment(environment) };
}
