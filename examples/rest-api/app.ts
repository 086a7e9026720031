import { App, Stack } from 'aws-cdk-lib';
import { AuthorizationType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker } from '../../lib';

// A method of a REST API. Without binaryMediaTypes the gateway reads every payload as text, and ruins those that are not.

export const app = new App();
const stack = new Stack(app, 'RestApi');

const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
const api = new RestApi(stack, 'Api', { binaryMediaTypes: ['*/*'], cloudWatchRole: false });
api.root.addResource('languages').addMethod('POST', new LambdaIntegration(invoker.function), {
  authorizationType: AuthorizationType.IAM,
});
