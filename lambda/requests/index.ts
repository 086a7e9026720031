import { SQSClient } from '@aws-sdk/client-sqs';
import { REQUEST_QUEUE_VARIABLES } from '../../lib/contract/request-queue';
import { invokerHandler } from '../invoker/handler';
import { storeInput } from '../invoker/input-store';
import { contextFrom } from '../invoker/invoker-context';
import { prepareTls } from '../shared/prepare-tls';
import { TIMEOUTS } from '../shared/timeouts';
import { requestQueueHandler } from './handler';
import { configFrom } from './request-queue-context';

prepareTls();

const invoker = { ...contextFrom(process.env), storeInput };

/**
 * The function of a request queue, or an invoker that puts payloads in S3. They share one bundle, which is most of the code of each:
 * two would add a tenth to the package.
 */
export const handler =
  REQUEST_QUEUE_VARIABLES.queueUrl in process.env
    ? requestQueueHandler({
        invoker,
        sqs: new SQSClient({ requestHandler: TIMEOUTS }),
        config: configFrom(process.env),
      })
    : invokerHandler(invoker);
