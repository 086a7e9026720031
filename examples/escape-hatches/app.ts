import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType, ModelData } from '../../lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';

// Properties of CloudFormation that the constructs do not have. They are set on the L1 constructs of the endpoint, by the names that
// CloudFormation uses. A misspelled name fails at deployment only.

export const app = new App();
const stack = new Stack(app, 'EscapeHatches');

const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
  model: InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('djl-inference', '0.33.0-lmi15.0.0-cu128'),
    modelData: ModelData.fromPrefix(Bucket.fromBucketName(stack, 'Models', 'models'), 'llama/v1'),
  }),
  instanceType: InstanceType.G5_XLARGE,
});

// Shell access to the instances, to debug a container.
endpoint.endpointConfig.addPropertyOverride('ProductionVariants.0.EnableSSMAccess', true);

// Core dumps of a container that crashes. The execution role must be able to write them.
endpoint.outputBucket.grantPut(endpoint, 'core-dumps/*');
endpoint.endpointConfig.addPropertyOverride('ProductionVariants.0.CoreDumpConfig', {
  DestinationS3Uri: endpoint.outputBucket.s3UrlForObject('core-dumps'),
});

// A reference in a private hub to a model of SageMaker JumpStart.
endpoint.model?.addPropertyOverride(
  'PrimaryContainer.ModelDataSource.S3DataSource.HubAccessConfig.HubContentArn',
  'arn:aws:sagemaker:eu-west-1:111122223333:hub-content/models/Model/llama/1.0.0',
);

new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
