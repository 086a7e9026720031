import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { fromCallbackEnvironment } from '../../lib/contract/callback';
import { createHandler } from './handler';
import { resultsInS3 } from './results';
import { answersTo } from './task-answers';
import { tableOfTasks } from '../shared/waiting-tasks';

const { tableName, maxInlineResultBytes } = fromCallbackEnvironment(process.env);

// What hangs goes back to the queue well within the 30 s of the function.
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

export const handler = createHandler({
  tasks: tableOfTasks(new DynamoDBClient({ requestHandler }), tableName),
  stepFunctions: answersTo(new SFNClient({ requestHandler })),
  results: resultsInS3(new S3Client({ requestHandler })),
  maxInlineResultBytes,
});
