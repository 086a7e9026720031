import io.github.example_owner.cdk_sagemaker_async_inference.*;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Resource;
import software.amazon.awscdk.Size;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.TimeZone;
import software.amazon.awscdk.interfaces.sagemaker.EndpointReference;
import software.amazon.awscdk.services.applicationautoscaling.CronOptions;
import software.amazon.awscdk.services.applicationautoscaling.ScalingSchedule;
import software.amazon.awscdk.services.applicationautoscaling.Schedule;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.events.targets.SqsQueue;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.FromRoleNameOptions;
import software.amazon.awscdk.services.iam.IRole;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.ITopicSubscription;
import software.amazon.awscdk.services.sns.Subscription;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.SqsSubscription;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.stepfunctions.DefinitionBody;
import software.amazon.awscdk.services.stepfunctions.IntegrationPattern;
import software.amazon.awscdk.services.stepfunctions.JsonPath;
import software.amazon.awscdk.services.stepfunctions.QueryLanguage;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.amazon.awscdk.services.stepfunctions.TaskInput;
import software.amazon.awscdk.services.stepfunctions.Timeout;
import software.constructs.Construct;

/** The stacks of test/languages/typescript/app.ts in Java. */
public final class Main {
  private static final App APP = new App();

  private Main() {}

  public static void main(String[] arguments) {
    defaults();
    properties();
    models();
    imports();
    scaling();
    requests();
    results();
    workflow();
    monitoring();
    thirdParty();
    APP.synth();
  }

  private static Stack define(String id) {
    return new Stack(
        APP,
        id,
        StackProps.builder()
            .env(Environment.builder().account("111122223333").region("eu-west-1").build())
            .build());
  }

  private static InferenceModel languages() {
    return InferenceModel.fromContainer(
        ContainerModelProps.builder()
            .image(
                ContainerImage.fromDlc(
                    "huggingface-pytorch-inference", "2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"))
            .environment(
                Map.of(
                    "HF_TASK", "text-classification",
                    "HF_MODEL_ID", "papluca/xlm-roberta-base-language-detection"))
            .build());
  }

  private static AsyncInferenceEndpoint endpointOf(Stack stack) {
    return AsyncInferenceEndpoint.Builder.create(stack, "Endpoint")
        .model(languages())
        .instanceType(InstanceType.M5_XLARGE)
        .build();
  }

  private static void defaults() {
    endpointOf(define("Defaults"));
  }

  private static void properties() {
    Stack stack = define("Properties");
    Vpc vpc = Vpc.Builder.create(stack, "Vpc").maxAzs(2).natGateways(0).build();
    Key key = new Key(stack, "Key");
    Topic topic = Topic.Builder.create(stack, "Topic").masterKey(key).build();
    AsyncInferenceEndpoint.Builder.create(stack, "Endpoint")
        .endpointName("languages")
        .variantName("Blue")
        .model(languages())
        .instanceType(InstanceType.of("ml.g5.xlarge"))
        .inferenceAmiVersion(InferenceAmiVersion.AL2_GPU_3_1)
        .scaling(
            AsyncInferenceScalingOptions.builder()
                .minCapacity(2)
                .maxCapacity(6)
                .targetBacklogPerInstance(10)
                .scaleInCooldown(Duration.minutes(20))
                .build())
        .deploymentStrategy(
            EndpointDeploymentStrategy.canary(
                CanaryDeploymentOptions.builder()
                    .canarySize(CapacitySize.percent(25))
                    .waitInterval(Duration.minutes(10))
                    .build()))
        .maxConcurrentInvocationsPerInstance(4)
        .containerStartupHealthCheckTimeout(Duration.minutes(10))
        .vpc(vpc)
        .vpcSubnets(SubnetSelection.builder().subnetType(SubnetType.PRIVATE_ISOLATED).build())
        .securityGroups(List.of(SecurityGroup.Builder.create(stack, "SecurityGroup").vpc(vpc).build()))
        .defaultRequestTtl(Duration.hours(2))
        .defaultInvocationTimeout(Duration.minutes(30))
        .outputBucket(Bucket.Builder.create(stack, "Output").encryptionKey(key).build())
        .outputPrefix("results")
        .failurePrefix("failures")
        .successTopic(topic)
        .errorTopic(topic)
        .includeInferenceResponseIn(List.of(InferenceOutcome.SUCCESS, InferenceOutcome.FAILURE))
        .logRetention(RetentionDays.ONE_WEEK)
        .invokerOptions(
            AsyncInferenceInvokerOptions.builder()
                .architecture(Architecture.X86_64)
                .memorySize(512)
                .tracing(Tracing.ACTIVE)
                .sqsResultNaming(SqsResultNaming.SERVICE)
                .trustedHttpHeaders(List.of(TrustedHttpHeader.FILENAME))
                .build())
        .build();
  }

  private static void models() {
    Stack stack = define("Models");
    IBucket bucket = Bucket.fromBucketName(stack, "Models", "example-models");
    IRepository repository = Repository.fromRepositoryName(stack, "Repository", "languages");
    Map<String, InferenceModel> models = new LinkedHashMap<>();
    models.put(
        "Archive",
        InferenceModel.fromContainer(
            ContainerModelProps.builder()
                .image(ContainerImage.fromEcrRepository(repository, "v7"))
                .modelData(ModelData.fromBucket(bucket, "languages/v7/model.tar.gz"))
                .build()));
    models.put(
        "Prefix",
        InferenceModel.fromContainer(
            ContainerModelProps.builder()
                .image(ContainerImage.fromUri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/languages:v8"))
                .modelData(
                    ModelData.fromPrefix(
                        bucket, "languages/v8/", ModelDataOptions.builder().acceptEula(true).build()))
                .build()));
    models.put(
        "Asset",
        InferenceModel.fromContainer(
            ContainerModelProps.builder()
                .image(ContainerImage.fromAsset(System.getenv("IMAGE_FOLDER")))
                .modelData(ModelData.fromAsset(System.getenv("MODEL_ARCHIVE")))
                .build()));
    models.put(
        "Existing",
        InferenceModel.fromModelName(
            "languages-v7",
            ExistingModelOptions.builder()
                .executionRole(
                    Role.fromRoleName(
                        stack, "Role", "languages", FromRoleNameOptions.builder().mutable(false).build()))
                .build()));
    models.put(
        "Registry",
        InferenceModel.fromModelPackageArn(
            "arn:aws:sagemaker:eu-west-1:111122223333:model-package/languages/7",
            ModelPackageOptions.builder()
                .image(ContainerImage.fromEcrRepository(repository, "v7"))
                .environment(Map.of("LOG_LEVEL", "info"))
                .build()));
    models.forEach(
        (id, model) ->
            AsyncInferenceEndpoint.Builder.create(stack, id)
                .model(model)
                .instanceType(InstanceType.C5_XLARGE)
                .createInvoker(false)
                .build());
  }

  private static void imports() {
    Stack stack = define("Imports");
    AsyncInferenceEndpointBase existing =
        AsyncInferenceEndpoint.fromAsyncInferenceEndpointAttributes(
            stack,
            "Attributes",
            AsyncInferenceEndpointAttributes.builder()
                .endpointName("languages")
                .variantName("AllTraffic")
                .outputBucket(Bucket.fromBucketName(stack, "Output", "example-results"))
                .outputPrefix("output")
                .failurePrefix("failure")
                .executionRole(Role.fromRoleName(stack, "ExecutionRole", "languages"))
                .defaultRequestTtl(Duration.hours(1))
                .build());
    Role role = Role.Builder.create(stack, "Reader").assumedBy(new AccountRootPrincipal()).build();
    existing.getGrants().invokeAsync(role);
    existing.getGrants().readResults(role);
    Alarm.Builder.create(stack, "Backlog")
        .metric(
            existing
                .getMetrics()
                .approximateBacklogSize(MetricOptions.builder().period(Duration.minutes(1)).build()))
        .threshold(100)
        .evaluationPeriods(1)
        .build();
    AsyncInferenceInvoker.Builder.create(stack, "Invoker")
        .endpoint(existing)
        .inputPolicy(InputPolicy.bySize(InputBucketOptions.builder().expiration(Duration.days(7)).build()))
        .build();
    AsyncInferenceScaling scaling =
        AsyncInferenceScaling.Builder.create(stack, "Scaling")
            .endpoint(existing)
            .maxCapacity(2)
            .wakeSteps(
                List.of(
                    WakeStep.builder().capacity(1).maxDemand(20).build(),
                    WakeStep.builder().capacity(2).build()))
            .build();
    scaling.addDemand(new Queue(stack, "Jobs").metricApproximateNumberOfMessagesVisible());
    AsyncInferenceEndpointBase named = AsyncInferenceEndpoint.fromEndpointName(stack, "Name", "summaries");
    AsyncInferenceEndpointBase identified =
        AsyncInferenceEndpoint.fromEndpointArn(
            stack, "Arn", "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/translations");
    named.getGrants().invokeAsync(role);
    identified.getGrants().invokeAsync(role);
  }

  private static void scaling() {
    Stack stack = define("Scaling");
    Map<String, EndpointDeploymentStrategy> strategies = new LinkedHashMap<>();
    strategies.put(
        "AllAtOnce",
        EndpointDeploymentStrategy.allAtOnce(
            BlueGreenDeploymentOptions.builder().terminationWait(Duration.minutes(5)).build()));
    strategies.put(
        "Linear",
        EndpointDeploymentStrategy.linear(
            LinearDeploymentOptions.builder().linearStepSize(CapacitySize.instances(1)).build()));
    strategies.put(
        "Rolling",
        EndpointDeploymentStrategy.rolling(
            RollingDeploymentOptions.builder().maximumBatchSize(CapacitySize.percent(20)).build()));
    strategies.forEach(
        (id, strategy) -> {
          AsyncInferenceEndpoint endpoint =
              AsyncInferenceEndpoint.Builder.create(stack, id)
                  .model(languages())
                  .instanceType(InstanceType.M5_XLARGE)
                  .instancePools(
                      List.of(
                          InstancePool.builder().instanceType(InstanceType.M5_2_XLARGE).build(),
                          InstancePool.builder().instanceType(InstanceType.C5_2_XLARGE).build()))
                  .scaling(AsyncInferenceScalingOptions.builder().minCapacity(2).maxCapacity(4).build())
                  .deploymentStrategy(strategy)
                  .createInvoker(false)
                  .build();
          endpoint
              .getScaling()
              .scaleOnSchedule(
                  "Morning",
                  ScalingSchedule.builder()
                      .schedule(Schedule.cron(CronOptions.builder().hour("7").minute("45").build()))
                      .timeZone(TimeZone.EUROPE_BERLIN)
                      .minCapacity(3)
                      .build());
          endpoint.applyRemovalPolicy(RemovalPolicy.RETAIN);
        });
    AsyncInferenceEndpoint.Builder.create(stack, "Fixed")
        .model(languages())
        .instanceType(InstanceType.M5_XLARGE)
        .scaling(AsyncInferenceScalingOptions.builder().minCapacity(1).maxCapacity(1).build())
        .volumeSize(Size.gibibytes(50))
        .build();
  }

  private static void requests() {
    Stack stack = define("Requests");
    AsyncInferenceEndpoint endpoint = endpointOf(stack);
    AsyncInferenceRequestQueue requests =
        AsyncInferenceRequestQueue.Builder.create(stack, "Requests")
            .endpoint(endpoint)
            .expectedProcessingTime(Duration.seconds(30))
            .instanceStartTime(Duration.minutes(15))
            .maxBacklogPerInstance(50)
            .maxRequestsPerSecondPerInstance(0.1)
            .fifo(true)
            .queueName("requests.fifo")
            .maxReceiveCount(20)
            .maxMessageAge(Duration.days(2))
            .removalPolicy(RemovalPolicy.DESTROY)
            .invokerOptions(AsyncInferenceInvokerOptions.builder().memorySize(512).build())
            .build();
    requests.getDeadLetterAlarm().addAlarmAction(new SnsAction(new Topic(stack, "Alarms")));
    requests.grantSendMessages(
        Role.Builder.create(stack, "Producer").assumedBy(new AccountRootPrincipal()).build());
    AsyncInferenceInvoker.Builder.create(stack, "Audit")
        .endpoint(endpoint)
        .inputPolicy(
            InputPolicy.alwaysS3(
                InputBucketOptions.builder().prefix("audit").removalPolicy(RemovalPolicy.RETAIN).build()))
        .reservedConcurrentExecutions(5)
        .timeout(Duration.seconds(30))
        .build();
  }

  private static void results() {
    Stack stack = define("Results");
    AsyncInferenceEndpoint endpoint = endpointOf(stack);
    AsyncInferenceResultQueue.Builder.create(stack, "Failures")
        .endpoints(List.of(endpoint))
        .outcomes(List.of(InferenceOutcome.FAILURE))
        .maxReceiveCount(3)
        .build();
    AsyncInferenceResultEvents events =
        AsyncInferenceResultEvents.Builder.create(stack, "Events").endpoints(List.of(endpoint)).build();
    events.onResult(
        "Succeeded",
        OnResultOptions.builder()
            .outcomes(List.of(InferenceOutcome.SUCCESS))
            .target(new SqsQueue(new Queue(stack, "Target")))
            .build());
    endpoint.addResultSubscription(
        SqsSubscription.Builder.create(new Queue(stack, "Subscriber")).rawMessageDelivery(true).build(),
        ResultSubscriptionOptions.builder().outcomes(List.of(InferenceOutcome.SUCCESS)).build());
  }

  private static void workflow() {
    Stack stack = define("Workflow");
    AsyncInferenceEndpoint endpoint = endpointOf(stack);
    AsyncInferenceCallback callback =
        AsyncInferenceCallback.Builder.create(stack, "Callback").maxInlineResultBytes(1000).build();
    InvokeAsyncInference wait =
        InvokeAsyncInference.jsonata(
            stack,
            "Wait",
            InvokeAsyncInferenceJsonataProps.builder()
                .endpoint(endpoint)
                .callback(callback)
                .integrationPattern(IntegrationPattern.WAIT_FOR_TASK_TOKEN)
                .body(TaskInput.fromText("{% $states.input.text %}"))
                .taskTimeout(Timeout.duration(Duration.hours(1)))
                .build());
    InvokeAsyncInference notify =
        InvokeAsyncInference.jsonPath(
            stack,
            "Notify",
            InvokeAsyncInferenceJsonPathProps.builder()
                .endpoint(endpoint)
                .body(TaskInput.fromObject(Map.of("inputs", JsonPath.stringAt("$.text"))))
                .inferenceId(JsonPath.stringAt("$.id"))
                .contentType("application/json")
                .requestTtl(Duration.minutes(30))
                .build());
    StateMachine waiting =
        StateMachine.Builder.create(stack, "Waiting")
            .definitionBody(DefinitionBody.fromChainable(wait))
            .queryLanguage(QueryLanguage.JSONATA)
            .build();
    StateMachine.Builder.create(stack, "Notifying")
        .definitionBody(DefinitionBody.fromChainable(notify))
        .build();
    callback.addStateMachine(waiting);
  }

  private static void monitoring() {
    Stack stack = define("Monitoring");
    AsyncInferenceEndpoint endpoint =
        AsyncInferenceEndpoint.Builder.create(stack, "Endpoint")
            .model(languages())
            .instanceType(InstanceType.M5_XLARGE)
            .scaling(AsyncInferenceScalingOptions.builder().minCapacity(1).maxCapacity(2).build())
            .build();
    AsyncInferenceMonitoring monitoring =
        AsyncInferenceMonitoring.Builder.create(stack, "Monitoring")
            .endpoints(List.of(endpoint))
            .invokers(List.of(endpoint.getInvoker()))
            .alarmTopic(new Topic(stack, "Alarms"))
            .excludedAlarms(List.of(MonitoringAlarm.NO_CAPACITY))
            .maxRequestAge(Duration.minutes(30))
            .maxInvocationFailures(5)
            .dashboardName("languages")
            .build();
    endpoint.addRollbackAlarms(
        monitoring.alarmsOf(endpoint, MonitoringAlarm.INVOCATION_FAILURES).get(0));
  }

  /** An endpoint of another library. */
  private static final class ThirdPartyEndpoint extends Resource implements IAsyncInferenceEndpoint {
    private final ITopic topic;
    private final IRole executionRole;

    ThirdPartyEndpoint(Construct scope, String id, ITopic topic, IRole executionRole) {
      super(scope, id);
      this.topic = topic;
      this.executionRole = executionRole;
    }

    @Override
    public String getEndpointName() {
      return "third-party";
    }

    @Override
    public String getEndpointArn() {
      return getStack()
          .formatArn(
              ArnComponents.builder()
                  .service("sagemaker")
                  .resource("endpoint")
                  .resourceName(getEndpointName())
                  .build());
    }

    @Override
    public EndpointReference getEndpointRef() {
      return EndpointReference.builder().endpointArn(getEndpointArn()).build();
    }

    @Override
    public AsyncInferenceEndpointDetails getAttributes() {
      return AsyncInferenceEndpointDetails.builder()
          .endpointName(getEndpointName())
          .variantName("AllTraffic")
          .successTopic(topic)
          .errorTopic(topic)
          .executionRole(executionRole)
          .maxCapacity(3)
          .build();
    }

    @Override
    public List<Subscription> addResultSubscription(
        ITopicSubscription subscription, ResultSubscriptionOptions options) {
      topic.addSubscription(subscription);
      return List.of();
    }

    @Override
    public List<Subscription> addResultSubscription(ITopicSubscription subscription) {
      return addResultSubscription(subscription, null);
    }
  }

  /** An image of another library, which grants what its pull needs. */
  private static final class ThirdPartyImage extends ContainerImage {
    @Override
    public ContainerImageConfig bind(Construct scope) {
      IRepository repository = Repository.fromRepositoryName(scope, "ThirdPartyRepository", "third-party");
      return ContainerImageConfig.builder()
          .imageUri(repository.repositoryUriForTag("v1"))
          .statements(
              List.of(
                  PolicyStatement.Builder.create()
                      .sid("PullImage")
                      .actions(List.of("ecr:BatchGetImage"))
                      .resources(List.of(repository.getRepositoryArn()))
                      .build()))
          .build();
    }
  }

  private static void thirdParty() {
    Stack stack = define("ThirdParty");
    Role role =
        Role.Builder.create(stack, "Role").assumedBy(new ServicePrincipal("sagemaker.amazonaws.com")).build();
    ThirdPartyEndpoint endpoint =
        new ThirdPartyEndpoint(stack, "Endpoint", new Topic(stack, "Topic"), role);
    AsyncInferenceRequestQueue.Builder.create(stack, "Requests")
        .endpoint(endpoint)
        .expectedProcessingTime(Duration.minutes(1))
        .invokerOptions(
            AsyncInferenceInvokerOptions.builder().inputPolicy(InputPolicy.bySize()).build())
        .build();
    AsyncInferenceMonitoring.Builder.create(stack, "Monitoring").endpoints(List.of(endpoint)).build();
    AsyncInferenceResultQueue.Builder.create(stack, "Results").endpoints(List.of(endpoint)).build();
    AsyncInferenceEndpoint.Builder.create(stack, "Own")
        .model(
            InferenceModel.fromContainer(
                ContainerModelProps.builder().image(new ThirdPartyImage()).build()))
        .instanceType(InstanceType.M5_XLARGE)
        .createInvoker(false)
        .build();
  }
}
