import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { fromCallbackEnvironment } from '../../lib/contract/callback';
import { tableOfTasks } from '../shared/waiting-tasks';
import { createHandler } from './handler';

const { tableName } = fromCallbackEnvironment(process.env);

// What hangs ends within the 30 s of the function, with time for a task to be removed.
const requestHandler = { connectionTimeout: 2_000, requestTimeout: 6_000, throwOnRequestTimeout: true };

export const handler = createHandler({
  client: new SageMakerRuntimeClient({ requestHandler }),
  tasks: tableOfTasks(new DynamoDBClient({ requestHandler }), tableName),
});
