import { SQSClient } from '@aws-sdk/client-sqs';
import { storeInput } from '../invoker/input-store';
import { contextFrom } from '../invoker/invoker-context';
import { TIMEOUTS } from '../shared/timeouts';
import { requestQueueHandler } from './handler';
import { configFrom } from './request-queue-context';

export const handler = requestQueueHandler({
  invoker: { ...contextFrom(process.env), storeInput },
  sqs: new SQSClient({ requestHandler: TIMEOUTS }),
  config: configFrom(process.env),
});
