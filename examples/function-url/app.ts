import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { AsyncInferenceEndpoint, AsyncInferenceInvoker } from '../../lib';

// An HTTPS address without a gateway. Callers sign their requests, and must be granted the right to call it.

export const app = new App();
const stack = new Stack(app, 'FunctionUrl');

const endpoint = AsyncInferenceEndpoint.fromEndpointName(stack, 'Endpoint', 'languages');
const invoker = new AsyncInferenceInvoker(stack, 'Invoker', { endpoint });
const url = invoker.function.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
url.grantInvokeUrl(new iam.Role(stack, 'Caller', { assumedBy: new iam.AccountRootPrincipal() }));

new CfnOutput(stack, 'Url', { value: url.url });
