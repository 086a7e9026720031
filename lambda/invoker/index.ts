import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { fromEnvironment } from '../../lib/invoker-contract';
import { createHandler } from './handler';

const config = fromEnvironment(process.env);

// Three attempts that hang end within the 30 s which the function has by default
const client = new SageMakerRuntimeClient({
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000, socketTimeout: 8_000, throwOnRequestTimeout: true },
});

export const handler = createHandler({ client, config });
