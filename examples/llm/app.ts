import { App, CfnOutput, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { join } from 'node:path';
import {
  AsyncInferenceEndpoint,
  ContainerImage,
  InferenceAmiVersion,
  InferenceModel,
  InstanceType,
  ModelData,
} from '../../lib';
import type { ContainerImageConfig, ContainerModelProps } from '../../lib';

// A large language model on a GPU, served by vLLM, with chat requests in the format of OpenAI. The stacks differ in the source of the
// weights: an S3 prefix, or the Hugging Face hub. Deploy one of them.

export const app = new App();

/** How many requests an instance processes at the same time. vLLM puts them into one batch. */
const CONCURRENCY = 16;

/** A container in service: the settings do not depend on where the weights come from. */
function chatEndpoint(stack: Stack, source: ContainerModelProps): void {
  const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
    model: InferenceModel.fromContainer({
      ...source,
      environment: {
        // The image makes an argument of vLLM from each variable that starts with SM_VLLM_.
        SM_VLLM_SERVED_MODEL_NAME: 'chat',
        SM_VLLM_MAX_MODEL_LEN: '8192',
        SM_VLLM_MAX_NUM_SEQS: `${CONCURRENCY}`,
        // How long vLLM itself waits for its engine: 10 minutes by default.
        VLLM_ENGINE_READY_TIMEOUT_S: '1800',
        ...source.environment,
      },
    }),
    instanceType: InstanceType.G6_2XLARGE,
    // The image needs CUDA 13, and the default machine image has an older driver.
    inferenceAmiVersion: InferenceAmiVersion.AL2023_GPU_4_1,
    maxConcurrentInvocationsPerInstance: CONCURRENCY,
    modelDataDownloadTimeout: Duration.minutes(30),
    containerStartupHealthCheckTimeout: Duration.minutes(30),
    defaultInvocationTimeout: Duration.minutes(15),
    // Longer than a cold start, so that a request outside of office hours does not expire.
    defaultRequestTtl: Duration.hours(2),
    scaling: { minCapacity: 0, maxCapacity: 2 },
  });

  // Office hours: an instance is in service at 8:00, and the endpoint may scale to zero from 18:00 on. Requests wake it at any time.
  const timeZone = TimeZone.EUROPE_BERLIN;
  const morning = Schedule.cron({ weekDay: 'MON-FRI', hour: '7', minute: '45' });
  const evening = Schedule.cron({ weekDay: 'MON-FRI', hour: '18', minute: '0' });
  endpoint.scaling.scaleOnSchedule('Morning', { schedule: morning, timeZone, minCapacity: 1 });
  endpoint.scaling.scaleOnSchedule('Evening', { schedule: evening, timeZone, minCapacity: 0 });

  new CfnOutput(stack, 'EndpointName', { value: endpoint.endpointName });
  new CfnOutput(stack, 'InvokerName', { value: endpoint.invoker.function.functionName });
}

// The weights are in S3. The container needs no token, and loads the same files at every start.
const fromS3 = new Stack(app, 'LlmFromS3');
const models = Bucket.fromBucketName(fromS3, 'Models', String(app.node.tryGetContext('models') ?? 'models'));
chatEndpoint(fromS3, {
  image: ContainerImage.fromDlc('vllm', 'server-sagemaker-cuda-v2.6'),
  modelData: ModelData.fromPrefix(models, 'llama-3.1-8b-instruct/v1'),
  environment: { HF_HUB_OFFLINE: '1' },
});

/** The vLLM image with an entry point that reads the token from AWS Secrets Manager when the container starts. */
class ImageWithHubToken extends ContainerImage {
  constructor(private readonly secret: ISecret) {
    super();
  }

  /** The permission is part of the image, so it exists before the endpoint and stays as long as the endpoint needs it. */
  public override bind(scope: Construct): ContainerImageConfig {
    const { imageUri, statements = [] } = ContainerImage.fromAsset(join(__dirname, 'hub-image')).bind(scope);
    const readToken = new PolicyStatement({
      sid: 'ReadHubToken',
      actions: ['secretsmanager:GetSecretValue'],
      // Secrets Manager adds six random characters to the name.
      resources: [`${this.secret.secretArn}-??????`],
    });
    return { imageUri, statements: [...statements, readToken] };
  }
}

// The weights come from the hub at each start. The template and the model contain the name of the secret, and never the token.
const fromHub = new Stack(app, 'LlmFromHub');
const token = Secret.fromSecretNameV2(fromHub, 'HubToken', 'huggingface-token');
chatEndpoint(fromHub, {
  image: new ImageWithHubToken(token),
  environment: {
    SM_VLLM_MODEL: 'meta-llama/Llama-3.1-8B-Instruct',
    HF_TOKEN_SECRET: token.secretName,
    AWS_DEFAULT_REGION: fromHub.region,
  },
});

app.synth();
