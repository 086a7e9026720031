import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { fromCallbackEnvironment } from '../../lib/contract/callback';
import { prepareTls } from '../shared/prepare-tls';
import { TIMEOUTS } from '../shared/timeouts';
import { waitingTasksIn } from '../shared/waiting-tasks';
import { callbackHandler } from './handler';
import { resultReader } from './result-reader';
import { taskClient } from './task-client';

prepareTls();

const { tableName, maxInlineResultBytes } = fromCallbackEnvironment(process.env);

export const handler = callbackHandler({
  tasks: waitingTasksIn(new DynamoDBClient({ requestHandler: TIMEOUTS }), tableName),
  stepFunctions: taskClient(new SFNClient({ requestHandler: TIMEOUTS })),
  results: resultReader(new S3Client({ requestHandler: TIMEOUTS })),
  maxInlineResultBytes,
});
