import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { join } from 'node:path';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InputPolicy, InstanceType } from '../../lib';

// Documents of any size, such as PDF files. Those of up to 128,000 bytes go inline, and larger ones through S3. Files that are too
// large for a Lambda function are uploaded by the caller. The container receives the same request in all three cases.

export const app = new App();
const stack = new Stack(app, 'Documents');

/** How many documents an instance processes at the same time: one per vCPU. */
const CONCURRENCY = 4;
const PREFIX = 'documents';

const documents = new Bucket(stack, 'DocumentBucket', {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  // A request waits for at most 6 hours and runs for at most 1 hour. The rest is for a repeat.
  lifecycleRules: [{ expiration: Duration.days(7) }],
});

const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
  model: InferenceModel.fromContainer({ image: ContainerImage.fromAsset(join(__dirname, 'container')) }),
  instanceType: InstanceType.C6I_XLARGE,
  maxConcurrentInvocationsPerInstance: CONCURRENCY,
  defaultInvocationTimeout: Duration.minutes(10),
  scaling: { maxCapacity: 4 },
  invokerOptions: {
    inputPolicy: InputPolicy.bySize({ bucket: documents, prefix: PREFIX }),
    // A payload of 6 MB is in memory as base64 text and as bytes.
    memorySize: 512,
  },
});

new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
new CfnOutput(stack, 'DocumentsUri', { value: documents.s3UrlForObject(PREFIX) });

app.synth();
