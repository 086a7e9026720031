"""The stacks of ../typescript/app.ts in Python."""

import os
import typing

import jsii
from aws_cdk import App, Duration, Environment, RemovalPolicy, Resource, Size, Stack, TimeZone
from aws_cdk import aws_applicationautoscaling as appscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk.interfaces.aws_sagemaker import EndpointReference
from cdk_sagemaker_async_inference import (
    AsyncInferenceCallback,
    AsyncInferenceEndpoint,
    AsyncInferenceEndpointDetails,
    AsyncInferenceInvoker,
    AsyncInferenceInvokerOptions,
    AsyncInferenceMonitoring,
    AsyncInferenceRequestQueue,
    AsyncInferenceResultEvents,
    AsyncInferenceResultQueue,
    AsyncInferenceScaling,
    AsyncInferenceScalingOptions,
    CapacitySize,
    ContainerImage,
    ContainerImageConfig,
    EndpointDeploymentStrategy,
    IAsyncInferenceEndpoint,
    InferenceAmiVersion,
    InferenceModel,
    InferenceOutcome,
    InputPolicy,
    InstancePool,
    InstanceType,
    InvokeAsyncInference,
    ModelData,
    MonitoringAlarm,
    SqsResultNaming,
    TrustedHttpHeader,
    WakeStep,
)
from constructs import Construct

app = App()


def define(id: str) -> Stack:
    return Stack(app, id, env=Environment(account="111122223333", region="eu-west-1"))


def languages() -> InferenceModel:
    return InferenceModel.from_container(
        image=ContainerImage.from_dlc(
            "huggingface-pytorch-inference", "2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"
        ),
        environment={
            "HF_TASK": "text-classification",
            "HF_MODEL_ID": "papluca/xlm-roberta-base-language-detection",
        },
    )


def endpoint_of(stack: Stack) -> AsyncInferenceEndpoint:
    return AsyncInferenceEndpoint(stack, "Endpoint", model=languages(), instance_type=InstanceType.M5_XLARGE)


def defaults() -> None:
    endpoint_of(define("Defaults"))


def properties() -> None:
    stack = define("Properties")
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0)
    key = kms.Key(stack, "Key")
    topic = sns.Topic(stack, "Topic", master_key=key)
    AsyncInferenceEndpoint(
        stack,
        "Endpoint",
        endpoint_name="languages",
        variant_name="Blue",
        model=languages(),
        instance_type=InstanceType.of("ml.g5.xlarge"),
        inference_ami_version=InferenceAmiVersion.AL2_GPU_3_1,
        scaling=AsyncInferenceScalingOptions(
            min_capacity=2, max_capacity=6, target_backlog_per_instance=10, scale_in_cooldown=Duration.minutes(20)
        ),
        deployment_strategy=EndpointDeploymentStrategy.canary(
            canary_size=CapacitySize.percent(25), wait_interval=Duration.minutes(10)
        ),
        max_concurrent_invocations_per_instance=4,
        container_startup_health_check_timeout=Duration.minutes(10),
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        security_groups=[ec2.SecurityGroup(stack, "SecurityGroup", vpc=vpc)],
        default_request_ttl=Duration.hours(2),
        default_invocation_timeout=Duration.minutes(30),
        output_bucket=s3.Bucket(stack, "Output", encryption_key=key),
        output_prefix="results",
        failure_prefix="failures",
        success_topic=topic,
        error_topic=topic,
        include_inference_response_in=[InferenceOutcome.SUCCESS, InferenceOutcome.FAILURE],
        log_retention=logs.RetentionDays.ONE_WEEK,
        invoker_options=AsyncInferenceInvokerOptions(
            architecture=lambda_.Architecture.X86_64,
            memory_size=512,
            tracing=lambda_.Tracing.ACTIVE,
            sqs_result_naming=SqsResultNaming.SERVICE,
            trusted_http_headers=[TrustedHttpHeader.FILENAME],
        ),
    )


def models() -> None:
    stack = define("Models")
    bucket = s3.Bucket.from_bucket_name(stack, "Models", "example-models")
    repository = ecr.Repository.from_repository_name(stack, "Repository", "languages")
    sources = {
        "Archive": InferenceModel.from_container(
            image=ContainerImage.from_ecr_repository(repository, "v7"),
            model_data=ModelData.from_bucket(bucket, "languages/v7/model.tar.gz"),
        ),
        "Prefix": InferenceModel.from_container(
            image=ContainerImage.from_uri("111122223333.dkr.ecr.eu-west-1.amazonaws.com/languages:v8"),
            model_data=ModelData.from_prefix(bucket, "languages/v8/", accept_eula=True),
        ),
        "Asset": InferenceModel.from_container(
            image=ContainerImage.from_asset(os.environ["IMAGE_FOLDER"]),
            model_data=ModelData.from_asset(os.environ["MODEL_ARCHIVE"]),
        ),
        "Existing": InferenceModel.from_model_name(
            "languages-v7", execution_role=iam.Role.from_role_name(stack, "Role", "languages", mutable=False)
        ),
        "Registry": InferenceModel.from_model_package_arn(
            "arn:aws:sagemaker:eu-west-1:111122223333:model-package/languages/7",
            image=ContainerImage.from_ecr_repository(repository, "v7"),
            environment={"LOG_LEVEL": "info"},
        ),
    }
    for id, model in sources.items():
        AsyncInferenceEndpoint(stack, id, model=model, instance_type=InstanceType.C5_XLARGE, create_invoker=False)


def imports() -> None:
    stack = define("Imports")
    existing = AsyncInferenceEndpoint.from_async_inference_endpoint_attributes(
        stack,
        "Attributes",
        endpoint_name="languages",
        variant_name="AllTraffic",
        output_bucket=s3.Bucket.from_bucket_name(stack, "Output", "example-results"),
        output_prefix="output",
        failure_prefix="failure",
        execution_role=iam.Role.from_role_name(stack, "ExecutionRole", "languages"),
        default_request_ttl=Duration.hours(1),
    )
    role = iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())
    existing.grants.invoke_async(role)
    existing.grants.read_results(role)
    cloudwatch.Alarm(
        stack,
        "Backlog",
        metric=existing.metrics.approximate_backlog_size(period=Duration.minutes(1)),
        threshold=100,
        evaluation_periods=1,
    )
    AsyncInferenceInvoker(
        stack, "Invoker", endpoint=existing, input_policy=InputPolicy.by_size(expiration=Duration.days(7))
    )
    scaling = AsyncInferenceScaling(
        stack,
        "Scaling",
        endpoint=existing,
        max_capacity=2,
        wake_steps=[WakeStep(capacity=1, max_demand=20), WakeStep(capacity=2)],
    )
    scaling.add_demand(sqs.Queue(stack, "Jobs").metric_approximate_number_of_messages_visible())
    named = AsyncInferenceEndpoint.from_endpoint_name(stack, "Name", "summaries")
    identified = AsyncInferenceEndpoint.from_endpoint_arn(
        stack, "Arn", "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/translations"
    )
    named.grants.invoke_async(role)
    identified.grants.invoke_async(role)


def scaling() -> None:
    stack = define("Scaling")
    strategies = {
        "AllAtOnce": EndpointDeploymentStrategy.all_at_once(termination_wait=Duration.minutes(5)),
        "Linear": EndpointDeploymentStrategy.linear(linear_step_size=CapacitySize.instances(1)),
        "Rolling": EndpointDeploymentStrategy.rolling(maximum_batch_size=CapacitySize.percent(20)),
    }
    for id, strategy in strategies.items():
        endpoint = AsyncInferenceEndpoint(
            stack,
            id,
            model=languages(),
            instance_type=InstanceType.M5_XLARGE,
            instance_pools=[
                InstancePool(instance_type=InstanceType.M5_2_XLARGE),
                InstancePool(instance_type=InstanceType.C5_2_XLARGE),
            ],
            scaling=AsyncInferenceScalingOptions(min_capacity=2, max_capacity=4),
            deployment_strategy=strategy,
            create_invoker=False,
        )
        endpoint.scaling.scale_on_schedule(
            "Morning",
            schedule=appscaling.Schedule.cron(hour="7", minute="45"),
            time_zone=TimeZone.EUROPE_BERLIN,
            min_capacity=3,
        )
        endpoint.apply_removal_policy(RemovalPolicy.RETAIN)
    AsyncInferenceEndpoint(
        stack,
        "Fixed",
        model=languages(),
        instance_type=InstanceType.M5_XLARGE,
        scaling=AsyncInferenceScalingOptions(min_capacity=1, max_capacity=1),
        volume_size=Size.gibibytes(50),
    )


def requests() -> None:
    stack = define("Requests")
    endpoint = endpoint_of(stack)
    queue = AsyncInferenceRequestQueue(
        stack,
        "Requests",
        endpoint=endpoint,
        expected_processing_time=Duration.seconds(30),
        instance_start_time=Duration.minutes(15),
        max_backlog_per_instance=50,
        max_requests_per_second_per_instance=0.1,
        fifo=True,
        queue_name="requests.fifo",
        max_receive_count=20,
        max_message_age=Duration.days(2),
        removal_policy=RemovalPolicy.DESTROY,
        invoker_options=AsyncInferenceInvokerOptions(memory_size=512),
    )
    queue.dead_letter_alarm.add_alarm_action(cloudwatch_actions.SnsAction(sns.Topic(stack, "Alarms")))
    queue.grant_send_messages(iam.Role(stack, "Producer", assumed_by=iam.AccountRootPrincipal()))
    AsyncInferenceInvoker(
        stack,
        "Audit",
        endpoint=endpoint,
        input_policy=InputPolicy.always_s3(prefix="audit", removal_policy=RemovalPolicy.RETAIN),
        reserved_concurrent_executions=5,
        timeout=Duration.seconds(30),
    )


def results() -> None:
    stack = define("Results")
    endpoint = endpoint_of(stack)
    AsyncInferenceResultQueue(
        stack, "Failures", endpoints=[endpoint], outcomes=[InferenceOutcome.FAILURE], max_receive_count=3
    )
    events = AsyncInferenceResultEvents(stack, "Events", endpoints=[endpoint])
    events.on_result(
        "Succeeded", outcomes=[InferenceOutcome.SUCCESS], target=targets.SqsQueue(sqs.Queue(stack, "Target"))
    )
    endpoint.add_result_subscription(
        subscriptions.SqsSubscription(sqs.Queue(stack, "Subscriber"), raw_message_delivery=True),
        outcomes=[InferenceOutcome.SUCCESS],
    )


def workflow() -> None:
    stack = define("Workflow")
    endpoint = endpoint_of(stack)
    callback = AsyncInferenceCallback(stack, "Callback", max_inline_result_bytes=1000)
    wait = InvokeAsyncInference.jsonata(
        stack,
        "Wait",
        endpoint=endpoint,
        callback=callback,
        integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
        body=sfn.TaskInput.from_text("{% $states.input.text %}"),
        task_timeout=sfn.Timeout.duration(Duration.hours(1)),
    )
    notify = InvokeAsyncInference.json_path(
        stack,
        "Notify",
        endpoint=endpoint,
        body=sfn.TaskInput.from_object({"inputs": sfn.JsonPath.string_at("$.text")}),
        inference_id=sfn.JsonPath.string_at("$.id"),
        content_type="application/json",
        request_ttl=Duration.minutes(30),
    )
    waiting = sfn.StateMachine(
        stack,
        "Waiting",
        definition_body=sfn.DefinitionBody.from_chainable(wait),
        query_language=sfn.QueryLanguage.JSONATA,
    )
    sfn.StateMachine(stack, "Notifying", definition_body=sfn.DefinitionBody.from_chainable(notify))
    callback.add_state_machine(waiting)


def monitoring() -> None:
    stack = define("Monitoring")
    endpoint = AsyncInferenceEndpoint(
        stack,
        "Endpoint",
        model=languages(),
        instance_type=InstanceType.M5_XLARGE,
        scaling=AsyncInferenceScalingOptions(min_capacity=1, max_capacity=2),
    )
    alarms = AsyncInferenceMonitoring(
        stack,
        "Monitoring",
        endpoints=[endpoint],
        invokers=[endpoint.invoker],
        alarm_topic=sns.Topic(stack, "Alarms"),
        excluded_alarms=[MonitoringAlarm.NO_CAPACITY],
        max_request_age=Duration.minutes(30),
        max_invocation_failures=5,
        dashboard_name="languages",
    )
    endpoint.add_rollback_alarms(*alarms.alarms_of(endpoint, MonitoringAlarm.INVOCATION_FAILURES))


@jsii.implements(IAsyncInferenceEndpoint)
class ThirdPartyEndpoint(Resource):
    """An endpoint of another library."""

    def __init__(self, scope: Construct, id: str, topic: sns.ITopic, execution_role: iam.IRole) -> None:
        super().__init__(scope, id)
        self._topic = topic
        self._execution_role = execution_role

    @property
    def endpoint_name(self) -> str:
        return "third-party"

    @property
    def endpoint_arn(self) -> str:
        return self.stack.format_arn(service="sagemaker", resource="endpoint", resource_name=self.endpoint_name)

    @property
    def endpoint_ref(self) -> EndpointReference:
        return EndpointReference(endpoint_arn=self.endpoint_arn)

    @property
    def attributes(self) -> AsyncInferenceEndpointDetails:
        return AsyncInferenceEndpointDetails(
            endpoint_name=self.endpoint_name,
            variant_name="AllTraffic",
            success_topic=self._topic,
            error_topic=self._topic,
            execution_role=self._execution_role,
            max_capacity=3,
        )

    def add_result_subscription(
        self,
        subscription: sns.ITopicSubscription,
        *,
        outcomes: typing.Sequence[InferenceOutcome] | None = None,
    ) -> list[sns.Subscription]:
        self._topic.add_subscription(subscription)
        return []


class ThirdPartyImage(ContainerImage):
    """An image of another library, which grants what its pull needs."""

    def bind(self, scope: Construct) -> ContainerImageConfig:
        repository = ecr.Repository.from_repository_name(scope, "ThirdPartyRepository", "third-party")
        return ContainerImageConfig(
            image_uri=repository.repository_uri_for_tag("v1"),
            statements=[
                iam.PolicyStatement(
                    sid="PullImage", actions=["ecr:BatchGetImage"], resources=[repository.repository_arn]
                )
            ],
        )


def third_party() -> None:
    stack = define("ThirdParty")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    endpoint = ThirdPartyEndpoint(stack, "Endpoint", sns.Topic(stack, "Topic"), role)
    AsyncInferenceRequestQueue(
        stack,
        "Requests",
        endpoint=endpoint,
        expected_processing_time=Duration.minutes(1),
        invoker_options=AsyncInferenceInvokerOptions(input_policy=InputPolicy.by_size()),
    )
    AsyncInferenceMonitoring(stack, "Monitoring", endpoints=[endpoint])
    AsyncInferenceResultQueue(stack, "Results", endpoints=[endpoint])
    AsyncInferenceEndpoint(
        stack,
        "Own",
        model=InferenceModel.from_container(image=ThirdPartyImage()),
        instance_type=InstanceType.M5_XLARGE,
        create_invoker=False,
    )


defaults()
properties()
models()
imports()
scaling()
requests()
results()
workflow()
monitoring()
third_party()
app.synth()
