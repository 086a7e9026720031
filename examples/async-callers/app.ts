import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker } from '../../lib';

// For callers that do not wait for an answer (InvocationType Event, S3 notifications, SNS, EventBridge): Lambda tries three times
// within an hour, and puts what failed in every attempt into a queue, with its payload.

export const app = new App();
const stack = new Stack(app, 'AsyncCallers');

const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
const invoker = new AsyncInferenceInvoker(stack, 'Invoker', {
  endpoint,
  maxEventAge: Duration.hours(1),
  retryAttempts: 2,
  onFailure: new SqsDestination(new Queue(stack, 'Failed', { enforceSSL: true, retentionPeriod: Duration.days(14) })),
});

new CfnOutput(stack, 'InvokerName', { value: invoker.function.functionName });
