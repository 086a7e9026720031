import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker } from '../../lib';

// A route of an HTTP API. The request is the payload, byte for byte, and the gateway checks who sends it.

export const app = new App();
const stack = new Stack(app, 'HttpApi');

const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
const api = new HttpApi(stack, 'Api');
api.addRoutes({
  path: '/languages',
  methods: [HttpMethod.POST],
  integration: new HttpLambdaIntegration('Invoke', invoker.function),
  authorizer: new HttpIamAuthorizer(),
});

new CfnOutput(stack, 'Url', { value: `${api.apiEndpoint}/languages` });
