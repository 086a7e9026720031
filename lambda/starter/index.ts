import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { fromCallbackEnvironment } from '../../lib/contract/callback';
import { prepareTls } from '../shared/prepare-tls';
import { TIMEOUTS } from '../shared/timeouts';
import { waitingTasksIn } from '../shared/waiting-tasks';
import { starterHandler } from './handler';

prepareTls();

const { tableName } = fromCallbackEnvironment(process.env);

export const handler = starterHandler({
  client: new SageMakerRuntimeClient({ requestHandler: TIMEOUTS }),
  tasks: waitingTasksIn(new DynamoDBClient({ requestHandler: TIMEOUTS }), tableName),
});
