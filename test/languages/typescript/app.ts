// The stacks that Python, Java and Go define as well. Their templates must be equal byte for byte.
import { App, Duration, RemovalPolicy, Resource, Size, Stack, TimeZone } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { aws_sagemaker as sagemaker } from 'aws-cdk-lib/interfaces';
import type { Construct } from 'constructs';
import {
  AsyncInferenceCallback,
  AsyncInferenceEndpoint,
  AsyncInferenceInvoker,
  AsyncInferenceMonitoring,
  AsyncInferenceRequestQueue,
  AsyncInferenceResultEvents,
  AsyncInferenceResultQueue,
  AsyncInferenceScaling,
  CapacitySize,
  ContainerImage,
  EndpointDeploymentStrategy,
  InferenceAmiVersion,
  InferenceModel,
  InferenceOutcome,
  InputPolicy,
  InstanceType,
  InvokeAsyncInference,
  ModelData,
  MonitoringAlarm,
  SqsResultNaming,
  TrustedHttpHeader,
} from '../../../lib';
import type {
  AsyncInferenceEndpointDetails,
  ContainerImageConfig,
  IAsyncInferenceEndpoint,
  ResultSubscriptionOptions,
} from '../../../lib';

const app = new App();
const define = (id: string) => new Stack(app, id, { env: { account: '111122223333', region: 'eu-west-1' } });

const languages = () =>
  InferenceModel.fromContainer({
    image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'),
    environment: { HF_TASK: 'text-classification', HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection' },
  });

const endpointOf = (stack: Stack) =>
  new AsyncInferenceEndpoint(stack, 'Endpoint', { model: languages(), instanceType: InstanceType.M5_XLARGE });

{
  // No more than the two required properties.
  endpointOf(define('Defaults'));
}

{
  // Structs, lists, enums and constructs of CDK in the properties of an endpoint.
  const stack = define('Properties');
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
  const key = new kms.Key(stack, 'Key');
  const topic = new sns.Topic(stack, 'Topic', { masterKey: key });
  new AsyncInferenceEndpoint(stack, 'Endpoint', {
    endpointName: 'languages',
    variantName: 'Blue',
    model: languages(),
    instanceType: InstanceType.of('ml.g5.xlarge'),
    inferenceAmiVersion: InferenceAmiVersion.AL2_GPU_3_1,
    scaling: { minCapacity: 2, maxCapacity: 6, targetBacklogPerInstance: 10, scaleInCooldown: Duration.minutes(20) },
    deploymentStrategy: EndpointDeploymentStrategy.canary({
      canarySize: CapacitySize.percent(25),
      waitInterval: Duration.minutes(10),
    }),
    maxConcurrentInvocationsPerInstance: 4,
    containerStartupHealthCheckTimeout: Duration.minutes(10),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    securityGroups: [new ec2.SecurityGroup(stack, 'SecurityGroup', { vpc })],
    defaultRequestTtl: Duration.hours(2),
    defaultInvocationTimeout: Duration.minutes(30),
    outputBucket: new s3.Bucket(stack, 'Output', { encryptionKey: key }),
    outputPrefix: 'results',
    failurePrefix: 'failures',
    successTopic: topic,
    errorTopic: topic,
    includeInferenceResponseIn: [InferenceOutcome.SUCCESS, InferenceOutcome.FAILURE],
    logRetention: RetentionDays.ONE_WEEK,
    invokerOptions: {
      architecture: lambda.Architecture.X86_64,
      memorySize: 512,
      tracing: lambda.Tracing.ACTIVE,
      sqsResultNaming: SqsResultNaming.SERVICE,
      trustedHttpHeaders: [TrustedHttpHeader.FILENAME],
    },
  });
}

{
  // Every source of a model.
  const stack = define('Models');
  const bucket = s3.Bucket.fromBucketName(stack, 'Models', 'example-models');
  const repository = ecr.Repository.fromRepositoryName(stack, 'Repository', 'languages');
  const models: Record<string, InferenceModel> = {
    Archive: InferenceModel.fromContainer({
      image: ContainerImage.fromEcrRepository(repository, 'v7'),
      modelData: ModelData.fromBucket(bucket, 'languages/v7/model.tar.gz'),
    }),
    Prefix: InferenceModel.fromContainer({
      image: ContainerImage.fromUri('111122223333.dkr.ecr.eu-west-1.amazonaws.com/languages:v8'),
      modelData: ModelData.fromPrefix(bucket, 'languages/v8/', { acceptEula: true }),
    }),
    Asset: InferenceModel.fromContainer({
      image: ContainerImage.fromAsset(process.env.IMAGE_FOLDER!),
      modelData: ModelData.fromAsset(process.env.MODEL_ARCHIVE!),
    }),
    Existing: InferenceModel.fromModelName('languages-v7', {
      executionRole: iam.Role.fromRoleName(stack, 'Role', 'languages', { mutable: false }),
    }),
    Registry: InferenceModel.fromModelPackageArn('arn:aws:sagemaker:eu-west-1:111122223333:model-package/languages/7', {
      image: ContainerImage.fromEcrRepository(repository, 'v7'),
      environment: { LOG_LEVEL: 'info' },
    }),
  };
  for (const [id, model] of Object.entries(models)) {
    new AsyncInferenceEndpoint(stack, id, { model, instanceType: InstanceType.C5_XLARGE, createInvoker: false });
  }
}

{
  // Imported endpoints: by attributes, by name and by ARN.
  const stack = define('Imports');
  const existing = AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(stack, 'Attributes', {
    endpointName: 'languages',
    variantName: 'AllTraffic',
    outputBucket: s3.Bucket.fromBucketName(stack, 'Output', 'example-results'),
    outputPrefix: 'output',
    failurePrefix: 'failure',
    executionRole: iam.Role.fromRoleName(stack, 'ExecutionRole', 'languages'),
    defaultRequestTtl: Duration.hours(1),
  });
  const role = new iam.Role(stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() });
  existing.grants.invokeAsync(role);
  existing.grants.readResults(role);
  new cloudwatch.Alarm(stack, 'Backlog', {
    metric: existing.metrics.approximateBacklogSize({ period: Duration.minutes(1) }),
    threshold: 100,
    evaluationPeriods: 1,
  });
  new AsyncInferenceInvoker(stack, 'Invoker', {
    endpoint: existing,
    inputPolicy: InputPolicy.bySize({ expiration: Duration.days(7) }),
  });
  const scaling = new AsyncInferenceScaling(stack, 'Scaling', {
    endpoint: existing,
    maxCapacity: 2,
    wakeSteps: [{ capacity: 1, maxDemand: 20 }, { capacity: 2 }],
  });
  scaling.addDemand(new sqs.Queue(stack, 'Jobs').metricApproximateNumberOfMessagesVisible());
  const named = AsyncInferenceEndpoint.fromEndpointName(stack, 'Name', 'summaries');
  const identified = AsyncInferenceEndpoint.fromEndpointArn(
    stack,
    'Arn',
    'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/translations',
  );
  named.grants.invokeAsync(role);
  identified.grants.invokeAsync(role);
}

{
  // Strategies of deployment, schedules and fixed capacity.
  const stack = define('Scaling');
  const strategies: Record<string, EndpointDeploymentStrategy> = {
    AllAtOnce: EndpointDeploymentStrategy.allAtOnce({ terminationWait: Duration.minutes(5) }),
    Linear: EndpointDeploymentStrategy.linear({ linearStepSize: CapacitySize.instances(1) }),
    Rolling: EndpointDeploymentStrategy.rolling({ maximumBatchSize: CapacitySize.percent(20) }),
  };
  for (const [id, deploymentStrategy] of Object.entries(strategies)) {
    const endpoint = new AsyncInferenceEndpoint(stack, id, {
      model: languages(),
      instanceType: InstanceType.M5_XLARGE,
      instancePools: [{ instanceType: InstanceType.M5_2XLARGE }, { instanceType: InstanceType.C5_2XLARGE }],
      scaling: { minCapacity: 2, maxCapacity: 4 },
      deploymentStrategy,
      createInvoker: false,
    });
    endpoint.scaling.scaleOnSchedule('Morning', {
      schedule: Schedule.cron({ hour: '7', minute: '45' }),
      timeZone: TimeZone.EUROPE_BERLIN,
      minCapacity: 3,
    });
    endpoint.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
  new AsyncInferenceEndpoint(stack, 'Fixed', {
    model: languages(),
    instanceType: InstanceType.M5_XLARGE,
    scaling: { minCapacity: 1, maxCapacity: 1 },
    volumeSize: Size.gibibytes(50),
  });
}

{
  // Requests through a queue, and through S3.
  const stack = define('Requests');
  const endpoint = endpointOf(stack);
  const requests = new AsyncInferenceRequestQueue(stack, 'Requests', {
    endpoint,
    expectedProcessingTime: Duration.seconds(30),
    instanceStartTime: Duration.minutes(15),
    maxBacklogPerInstance: 50,
    maxRequestsPerSecondPerInstance: 0.1,
    fifo: true,
    queueName: 'requests.fifo',
    maxReceiveCount: 20,
    maxMessageAge: Duration.days(2),
    removalPolicy: RemovalPolicy.DESTROY,
    invokerOptions: { memorySize: 512 },
  });
  requests.deadLetterAlarm.addAlarmAction(new SnsAction(new sns.Topic(stack, 'Alarms')));
  requests.grantSendMessages(new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() }));
  new AsyncInferenceInvoker(stack, 'Audit', {
    endpoint,
    inputPolicy: InputPolicy.alwaysS3({ prefix: 'audit', removalPolicy: RemovalPolicy.RETAIN }),
    reservedConcurrentExecutions: 5,
    timeout: Duration.seconds(30),
  });
}

{
  // Results in queues, as events, and for a subscriber.
  const stack = define('Results');
  const endpoint = endpointOf(stack);
  new AsyncInferenceResultQueue(stack, 'Failures', {
    endpoints: [endpoint],
    outcomes: [InferenceOutcome.FAILURE],
    maxReceiveCount: 3,
  });
  const events = new AsyncInferenceResultEvents(stack, 'Events', { endpoints: [endpoint] });
  events.onResult('Succeeded', {
    outcomes: [InferenceOutcome.SUCCESS],
    target: new SqsQueue(new sqs.Queue(stack, 'Target')),
  });
  endpoint.addResultSubscription(
    new SqsSubscription(new sqs.Queue(stack, 'Subscriber'), { rawMessageDelivery: true }),
    {
      outcomes: [InferenceOutcome.SUCCESS],
    },
  );
}

{
  // Step Functions that wait for a result, in both query languages.
  const stack = define('Workflow');
  const endpoint = endpointOf(stack);
  const callback = new AsyncInferenceCallback(stack, 'Callback', { maxInlineResultBytes: 1000 });
  const wait = InvokeAsyncInference.jsonata(stack, 'Wait', {
    endpoint,
    callback,
    integrationPattern: sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
    body: sfn.TaskInput.fromText('{% $states.input.text %}'),
    taskTimeout: sfn.Timeout.duration(Duration.hours(1)),
  });
  const notify = InvokeAsyncInference.jsonPath(stack, 'Notify', {
    endpoint,
    body: sfn.TaskInput.fromObject({ inputs: sfn.JsonPath.stringAt('$.text') }),
    inferenceId: sfn.JsonPath.stringAt('$.id'),
    contentType: 'application/json',
    requestTtl: Duration.minutes(30),
  });
  const waiting = new sfn.StateMachine(stack, 'Waiting', {
    definitionBody: sfn.DefinitionBody.fromChainable(wait),
    queryLanguage: sfn.QueryLanguage.JSONATA,
  });
  new sfn.StateMachine(stack, 'Notifying', { definitionBody: sfn.DefinitionBody.fromChainable(notify) });
  callback.addStateMachine(waiting);
}

{
  // Alarms, a dashboard, and updates that roll back.
  const stack = define('Monitoring');
  const endpoint = new AsyncInferenceEndpoint(stack, 'Endpoint', {
    model: languages(),
    instanceType: InstanceType.M5_XLARGE,
    scaling: { minCapacity: 1, maxCapacity: 2 },
  });
  const monitoring = new AsyncInferenceMonitoring(stack, 'Monitoring', {
    endpoints: [endpoint],
    invokers: [endpoint.invoker],
    alarmTopic: new sns.Topic(stack, 'Alarms'),
    excludedAlarms: [MonitoringAlarm.NO_CAPACITY],
    maxRequestAge: Duration.minutes(30),
    maxInvocationFailures: 5,
    dashboardName: 'languages',
  });
  const [failures] = monitoring.alarmsOf(endpoint, MonitoringAlarm.INVOCATION_FAILURES);
  endpoint.addRollbackAlarms(failures!);
}

/** An endpoint of another library. */
class ThirdPartyEndpoint extends Resource implements IAsyncInferenceEndpoint {
  public readonly endpointName = 'third-party';

  public get endpointArn(): string {
    return this.stack.formatArn({ service: 'sagemaker', resource: 'endpoint', resourceName: this.endpointName });
  }

  public get endpointRef(): sagemaker.EndpointReference {
    return { endpointArn: this.endpointArn };
  }

  public readonly attributes: AsyncInferenceEndpointDetails;

  constructor(
    scope: Construct,
    id: string,
    private readonly topic: sns.ITopic,
    executionRole: iam.IRole,
  ) {
    super(scope, id);
    this.attributes = {
      endpointName: this.endpointName,
      variantName: 'AllTraffic',
      successTopic: topic,
      errorTopic: topic,
      executionRole,
      maxCapacity: 3,
    };
  }

  public addResultSubscription(
    subscription: sns.ITopicSubscription,
    _options?: ResultSubscriptionOptions,
  ): sns.Subscription[] {
    this.topic.addSubscription(subscription);
    return [];
  }
}

/** An image of another library, which grants what its pull needs. */
class ThirdPartyImage extends ContainerImage {
  public bind(scope: Construct): ContainerImageConfig {
    const repository = ecr.Repository.fromRepositoryName(scope, 'ThirdPartyRepository', 'third-party');
    return {
      imageUri: repository.repositoryUriForTag('v1'),
      statements: [
        new iam.PolicyStatement({
          sid: 'PullImage',
          actions: ['ecr:BatchGetImage'],
          resources: [repository.repositoryArn],
        }),
      ],
    };
  }
}

{
  // Classes of the app that the library calls back.
  const stack = define('ThirdParty');
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
  const endpoint = new ThirdPartyEndpoint(stack, 'Endpoint', new sns.Topic(stack, 'Topic'), role);
  new AsyncInferenceRequestQueue(stack, 'Requests', {
    endpoint,
    expectedProcessingTime: Duration.minutes(1),
    invokerOptions: { inputPolicy: InputPolicy.bySize() },
  });
  new AsyncInferenceMonitoring(stack, 'Monitoring', { endpoints: [endpoint] });
  new AsyncInferenceResultQueue(stack, 'Results', { endpoints: [endpoint] });
  new AsyncInferenceEndpoint(stack, 'Own', {
    model: InferenceModel.fromContainer({ image: new ThirdPartyImage() }),
    instanceType: InstanceType.M5_XLARGE,
    createInvoker: false,
  });
}

app.synth();
