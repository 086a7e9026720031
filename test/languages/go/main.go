// The stacks of ../typescript/app.ts in Go.
package main

import (
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapplicationautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatchactions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awseventstargets"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssnssubscriptions"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsstepfunctions"
	"github.com/aws/aws-cdk-go/awscdk/v2/interfaces/interfacesawssagemaker"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	async "github.com/example-owner/cdk-sagemaker-async-inference-go/cdksagemakerasyncinference"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	defaults(define(app, "Defaults"))
	properties(define(app, "Properties"))
	models(define(app, "Models"))
	imports(define(app, "Imports"))
	scaling(define(app, "Scaling"))
	requests(define(app, "Requests"))
	results(define(app, "Results"))
	workflow(define(app, "Workflow"))
	monitoring(define(app, "Monitoring"))
	thirdParty(define(app, "ThirdParty"))
	app.Synth(nil)
}

func define(app awscdk.App, id string) awscdk.Stack {
	return awscdk.NewStack(app, &id, &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String("111122223333"), Region: jsii.String("eu-west-1")},
	})
}

func languages() async.InferenceModel {
	return async.InferenceModel_FromContainer(&async.ContainerModelProps{
		Image: async.ContainerImage_FromDlc(
			jsii.String("huggingface-pytorch-inference"),
			jsii.String("2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04"),
			nil,
		),
		Environment: &map[string]*string{
			"HF_TASK":     jsii.String("text-classification"),
			"HF_MODEL_ID": jsii.String("papluca/xlm-roberta-base-language-detection"),
		},
	})
}

func endpointOf(stack awscdk.Stack) async.AsyncInferenceEndpoint {
	return async.NewAsyncInferenceEndpoint(stack, jsii.String("Endpoint"), &async.AsyncInferenceEndpointProps{
		Model:        languages(),
		InstanceType: async.InstanceType_M5_XLARGE(),
	})
}

func defaults(stack awscdk.Stack) {
	endpointOf(stack)
}

func properties(stack awscdk.Stack) {
	vpc := awsec2.NewVpc(stack, jsii.String("Vpc"), &awsec2.VpcProps{MaxAzs: jsii.Number(2), NatGateways: jsii.Number(0)})
	key := awskms.NewKey(stack, jsii.String("Key"), nil)
	topic := awssns.NewTopic(stack, jsii.String("Topic"), &awssns.TopicProps{MasterKey: key})
	async.NewAsyncInferenceEndpoint(stack, jsii.String("Endpoint"), &async.AsyncInferenceEndpointProps{
		EndpointName:        jsii.String("languages"),
		VariantName:         jsii.String("Blue"),
		Model:               languages(),
		InstanceType:        async.InstanceType_Of(jsii.String("ml.g5.xlarge")),
		InferenceAmiVersion: async.InferenceAmiVersion_AL2_GPU_3_1(),
		Scaling: &async.AsyncInferenceScalingOptions{
			MinCapacity:              jsii.Number(2),
			MaxCapacity:              jsii.Number(6),
			TargetBacklogPerInstance: jsii.Number(10),
			ScaleInCooldown:          awscdk.Duration_Minutes(jsii.Number(20)),
		},
		DeploymentStrategy: async.EndpointDeploymentStrategy_Canary(&async.CanaryDeploymentOptions{
			CanarySize:   async.CapacitySize_Percent(jsii.Number(25)),
			WaitInterval: awscdk.Duration_Minutes(jsii.Number(10)),
		}),
		MaxConcurrentInvocationsPerInstance: jsii.Number(4),
		ContainerStartupHealthCheckTimeout:  awscdk.Duration_Minutes(jsii.Number(10)),
		Vpc:                                 vpc,
		VpcSubnets:                          &awsec2.SubnetSelection{SubnetType: awsec2.SubnetType_PRIVATE_ISOLATED},
		SecurityGroups: &[]awsec2.ISecurityGroup{
			awsec2.NewSecurityGroup(stack, jsii.String("SecurityGroup"), &awsec2.SecurityGroupProps{Vpc: vpc}),
		},
		DefaultRequestTtl:          awscdk.Duration_Hours(jsii.Number(2)),
		DefaultInvocationTimeout:   awscdk.Duration_Minutes(jsii.Number(30)),
		OutputBucket:               awss3.NewBucket(stack, jsii.String("Output"), &awss3.BucketProps{EncryptionKey: key}),
		OutputPrefix:               jsii.String("results"),
		FailurePrefix:              jsii.String("failures"),
		SuccessTopic:               topic,
		ErrorTopic:                 topic,
		IncludeInferenceResponseIn: &[]async.InferenceOutcome{async.InferenceOutcome_SUCCESS, async.InferenceOutcome_FAILURE},
		LogRetention:               awslogs.RetentionDays_ONE_WEEK,
		InvokerOptions: &async.AsyncInferenceInvokerOptions{
			Architecture:       awslambda.Architecture_X86_64(),
			MemorySize:         jsii.Number(512),
			Tracing:            awslambda.Tracing_ACTIVE,
			SqsResultNaming:    async.SqsResultNaming_SERVICE,
			TrustedHttpHeaders: &[]async.TrustedHttpHeader{async.TrustedHttpHeader_FILENAME},
		},
	})
}

func models(stack awscdk.Stack) {
	bucket := awss3.Bucket_FromBucketName(stack, jsii.String("Models"), jsii.String("example-models"))
	repository := awsecr.Repository_FromRepositoryName(stack, jsii.String("Repository"), jsii.String("languages"))
	role := awsiam.Role_FromRoleName(stack, jsii.String("Role"), jsii.String("languages"), &awsiam.FromRoleNameOptions{
		Mutable: jsii.Bool(false),
	})
	sources := []struct {
		id    string
		model async.InferenceModel
	}{
		{"Archive", async.InferenceModel_FromContainer(&async.ContainerModelProps{
			Image:     async.ContainerImage_FromEcrRepository(repository, jsii.String("v7")),
			ModelData: async.ModelData_FromBucket(bucket, jsii.String("languages/v7/model.tar.gz"), nil),
		})},
		{"Prefix", async.InferenceModel_FromContainer(&async.ContainerModelProps{
			Image: async.ContainerImage_FromUri(jsii.String("111122223333.dkr.ecr.eu-west-1.amazonaws.com/languages:v8"), nil),
			ModelData: async.ModelData_FromPrefix(bucket, jsii.String("languages/v8/"), &async.ModelDataOptions{
				AcceptEula: jsii.Bool(true),
			}),
		})},
		{"Asset", async.InferenceModel_FromContainer(&async.ContainerModelProps{
			Image:     async.ContainerImage_FromAsset(jsii.String(os.Getenv("IMAGE_FOLDER")), nil),
			ModelData: async.ModelData_FromAsset(jsii.String(os.Getenv("MODEL_ARCHIVE")), nil),
		})},
		{"Existing", async.InferenceModel_FromModelName(jsii.String("languages-v7"), &async.ExistingModelOptions{
			ExecutionRole: role,
		})},
		{"Registry", async.InferenceModel_FromModelPackageArn(
			jsii.String("arn:aws:sagemaker:eu-west-1:111122223333:model-package/languages/7"),
			&async.ModelPackageOptions{
				Image:       async.ContainerImage_FromEcrRepository(repository, jsii.String("v7")),
				Environment: &map[string]*string{"LOG_LEVEL": jsii.String("info")},
			},
		)},
	}
	for _, source := range sources {
		async.NewAsyncInferenceEndpoint(stack, jsii.String(source.id), &async.AsyncInferenceEndpointProps{
			Model:         source.model,
			InstanceType:  async.InstanceType_C5_XLARGE(),
			CreateInvoker: jsii.Bool(false),
		})
	}
}

func imports(stack awscdk.Stack) {
	existing := async.AsyncInferenceEndpoint_FromAsyncInferenceEndpointAttributes(
		stack,
		jsii.String("Attributes"),
		&async.AsyncInferenceEndpointAttributes{
			EndpointName:      jsii.String("languages"),
			VariantName:       jsii.String("AllTraffic"),
			OutputBucket:      awss3.Bucket_FromBucketName(stack, jsii.String("Output"), jsii.String("example-results")),
			OutputPrefix:      jsii.String("output"),
			FailurePrefix:     jsii.String("failure"),
			ExecutionRole:     awsiam.Role_FromRoleName(stack, jsii.String("ExecutionRole"), jsii.String("languages"), nil),
			DefaultRequestTtl: awscdk.Duration_Hours(jsii.Number(1)),
		},
	)
	role := awsiam.NewRole(stack, jsii.String("Reader"), &awsiam.RoleProps{AssumedBy: awsiam.NewAccountRootPrincipal()})
	existing.Grants().InvokeAsync(role)
	existing.Grants().ReadResults(role)
	awscloudwatch.NewAlarm(stack, jsii.String("Backlog"), &awscloudwatch.AlarmProps{
		Metric: existing.Metrics().ApproximateBacklogSize(&awscloudwatch.MetricOptions{
			Period: awscdk.Duration_Minutes(jsii.Number(1)),
		}),
		Threshold:         jsii.Number(100),
		EvaluationPeriods: jsii.Number(1),
	})
	async.NewAsyncInferenceInvoker(stack, jsii.String("Invoker"), &async.AsyncInferenceInvokerProps{
		Endpoint: existing,
		InputPolicy: async.InputPolicy_BySize(&async.InputBucketOptions{
			Expiration: awscdk.Duration_Days(jsii.Number(7)),
		}),
	})
	scaling := async.NewAsyncInferenceScaling(stack, jsii.String("Scaling"), &async.AsyncInferenceScalingProps{
		Endpoint:    existing,
		MaxCapacity: jsii.Number(2),
		WakeSteps: &[]*async.WakeStep{
			{Capacity: jsii.Number(1), MaxDemand: jsii.Number(20)},
			{Capacity: jsii.Number(2)},
		},
	})
	scaling.AddDemand(awssqs.NewQueue(stack, jsii.String("Jobs"), nil).MetricApproximateNumberOfMessagesVisible(nil))
	named := async.AsyncInferenceEndpoint_FromEndpointName(stack, jsii.String("Name"), jsii.String("summaries"))
	identified := async.AsyncInferenceEndpoint_FromEndpointArn(
		stack,
		jsii.String("Arn"),
		jsii.String("arn:aws:sagemaker:eu-west-1:111122223333:endpoint/translations"),
	)
	named.Grants().InvokeAsync(role)
	identified.Grants().InvokeAsync(role)
}

func scaling(stack awscdk.Stack) {
	strategies := []struct {
		id       string
		strategy async.EndpointDeploymentStrategy
	}{
		{"AllAtOnce", async.EndpointDeploymentStrategy_AllAtOnce(&async.BlueGreenDeploymentOptions{
			TerminationWait: awscdk.Duration_Minutes(jsii.Number(5)),
		})},
		{"Linear", async.EndpointDeploymentStrategy_Linear(&async.LinearDeploymentOptions{
			LinearStepSize: async.CapacitySize_Instances(jsii.Number(1)),
		})},
		{"Rolling", async.EndpointDeploymentStrategy_Rolling(&async.RollingDeploymentOptions{
			MaximumBatchSize: async.CapacitySize_Percent(jsii.Number(20)),
		})},
	}
	for _, each := range strategies {
		endpoint := async.NewAsyncInferenceEndpoint(stack, jsii.String(each.id), &async.AsyncInferenceEndpointProps{
			Model:        languages(),
			InstanceType: async.InstanceType_M5_XLARGE(),
			InstancePools: &[]*async.InstancePool{
				{InstanceType: async.InstanceType_M5_2XLARGE()},
				{InstanceType: async.InstanceType_C5_2XLARGE()},
			},
			Scaling:            &async.AsyncInferenceScalingOptions{MinCapacity: jsii.Number(2), MaxCapacity: jsii.Number(4)},
			DeploymentStrategy: each.strategy,
			CreateInvoker:      jsii.Bool(false),
		})
		endpoint.Scaling().ScaleOnSchedule(jsii.String("Morning"), &awsapplicationautoscaling.ScalingSchedule{
			Schedule: awsapplicationautoscaling.Schedule_Cron(&awsapplicationautoscaling.CronOptions{
				Hour:   jsii.String("7"),
				Minute: jsii.String("45"),
			}),
			TimeZone:    awscdk.TimeZone_EUROPE_BERLIN(),
			MinCapacity: jsii.Number(3),
		})
		endpoint.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN)
	}
	async.NewAsyncInferenceEndpoint(stack, jsii.String("Fixed"), &async.AsyncInferenceEndpointProps{
		Model:        languages(),
		InstanceType: async.InstanceType_M5_XLARGE(),
		Scaling:      &async.AsyncInferenceScalingOptions{MinCapacity: jsii.Number(1), MaxCapacity: jsii.Number(1)},
		VolumeSize:   awscdk.Size_Gibibytes(jsii.Number(50)),
	})
}

func requests(stack awscdk.Stack) {
	endpoint := endpointOf(stack)
	requests := async.NewAsyncInferenceRequestQueue(stack, jsii.String("Requests"), &async.AsyncInferenceRequestQueueProps{
		Endpoint:                        endpoint,
		ExpectedProcessingTime:          awscdk.Duration_Seconds(jsii.Number(30)),
		InstanceStartTime:               awscdk.Duration_Minutes(jsii.Number(15)),
		MaxBacklogPerInstance:           jsii.Number(50),
		MaxRequestsPerSecondPerInstance: jsii.Number(0.1),
		Fifo:                            jsii.Bool(true),
		QueueName:                       jsii.String("requests.fifo"),
		MaxReceiveCount:                 jsii.Number(20),
		MaxMessageAge:                   awscdk.Duration_Days(jsii.Number(2)),
		RemovalPolicy:                   awscdk.RemovalPolicy_DESTROY,
		InvokerOptions:                  &async.AsyncInferenceInvokerOptions{MemorySize: jsii.Number(512)},
	})
	alarms := awssns.NewTopic(stack, jsii.String("Alarms"), nil)
	requests.DeadLetterAlarm().AddAlarmAction(awscloudwatchactions.NewSnsAction(alarms))
	requests.GrantSendMessages(awsiam.NewRole(stack, jsii.String("Producer"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewAccountRootPrincipal(),
	}))
	async.NewAsyncInferenceInvoker(stack, jsii.String("Audit"), &async.AsyncInferenceInvokerProps{
		Endpoint: endpoint,
		InputPolicy: async.InputPolicy_AlwaysS3(&async.InputBucketOptions{
			Prefix:        jsii.String("audit"),
			RemovalPolicy: awscdk.RemovalPolicy_RETAIN,
		}),
		ReservedConcurrentExecutions: jsii.Number(5),
		Timeout:                      awscdk.Duration_Seconds(jsii.Number(30)),
	})
}

func results(stack awscdk.Stack) {
	endpoint := endpointOf(stack)
	endpoints := &[]async.IAsyncInferenceEndpoint{endpoint}
	async.NewAsyncInferenceResultQueue(stack, jsii.String("Failures"), &async.AsyncInferenceResultQueueProps{
		Endpoints:       endpoints,
		Outcomes:        &[]async.InferenceOutcome{async.InferenceOutcome_FAILURE},
		MaxReceiveCount: jsii.Number(3),
	})
	events := async.NewAsyncInferenceResultEvents(stack, jsii.String("Events"), &async.AsyncInferenceResultEventsProps{
		Endpoints: endpoints,
	})
	events.OnResult(jsii.String("Succeeded"), &async.OnResultOptions{
		Outcomes: &[]async.InferenceOutcome{async.InferenceOutcome_SUCCESS},
		Target:   awseventstargets.NewSqsQueue(awssqs.NewQueue(stack, jsii.String("Target"), nil), nil),
	})
	endpoint.AddResultSubscription(
		awssnssubscriptions.NewSqsSubscription(
			awssqs.NewQueue(stack, jsii.String("Subscriber"), nil),
			&awssnssubscriptions.SqsSubscriptionProps{RawMessageDelivery: jsii.Bool(true)},
		),
		&async.ResultSubscriptionOptions{Outcomes: &[]async.InferenceOutcome{async.InferenceOutcome_SUCCESS}},
	)
}

func workflow(stack awscdk.Stack) {
	endpoint := endpointOf(stack)
	callback := async.NewAsyncInferenceCallback(stack, jsii.String("Callback"), &async.AsyncInferenceCallbackProps{
		MaxInlineResultBytes: jsii.Number(1000),
	})
	wait := async.InvokeAsyncInference_Jsonata(stack, jsii.String("Wait"), &async.InvokeAsyncInferenceJsonataProps{
		Endpoint:           endpoint,
		Callback:           callback,
		IntegrationPattern: awsstepfunctions.IntegrationPattern_WAIT_FOR_TASK_TOKEN,
		Body:               awsstepfunctions.TaskInput_FromText(jsii.String("{% $states.input.text %}")),
		TaskTimeout:        awsstepfunctions.Timeout_Duration(awscdk.Duration_Hours(jsii.Number(1))),
	})
	notify := async.InvokeAsyncInference_JsonPath(stack, jsii.String("Notify"), &async.InvokeAsyncInferenceJsonPathProps{
		Endpoint: endpoint,
		Body: awsstepfunctions.TaskInput_FromObject(&map[string]any{
			"inputs": awsstepfunctions.JsonPath_StringAt(jsii.String("$.text")),
		}),
		InferenceId: awsstepfunctions.JsonPath_StringAt(jsii.String("$.id")),
		ContentType: jsii.String("application/json"),
		RequestTtl:  awscdk.Duration_Minutes(jsii.Number(30)),
	})
	waiting := awsstepfunctions.NewStateMachine(stack, jsii.String("Waiting"), &awsstepfunctions.StateMachineProps{
		DefinitionBody: awsstepfunctions.DefinitionBody_FromChainable(wait),
		QueryLanguage:  awsstepfunctions.QueryLanguage_JSONATA,
	})
	awsstepfunctions.NewStateMachine(stack, jsii.String("Notifying"), &awsstepfunctions.StateMachineProps{
		DefinitionBody: awsstepfunctions.DefinitionBody_FromChainable(notify),
	})
	callback.AddStateMachine(waiting)
}

func monitoring(stack awscdk.Stack) {
	endpoint := async.NewAsyncInferenceEndpoint(stack, jsii.String("Endpoint"), &async.AsyncInferenceEndpointProps{
		Model:        languages(),
		InstanceType: async.InstanceType_M5_XLARGE(),
		Scaling:      &async.AsyncInferenceScalingOptions{MinCapacity: jsii.Number(1), MaxCapacity: jsii.Number(2)},
	})
	monitoring := async.NewAsyncInferenceMonitoring(stack, jsii.String("Monitoring"), &async.AsyncInferenceMonitoringProps{
		Endpoints:             &[]async.IAsyncInferenceEndpoint{endpoint},
		Invokers:              &[]async.AsyncInferenceInvoker{endpoint.Invoker()},
		AlarmTopic:            awssns.NewTopic(stack, jsii.String("Alarms"), nil),
		ExcludedAlarms:        &[]async.MonitoringAlarm{async.MonitoringAlarm_NO_CAPACITY},
		MaxRequestAge:         awscdk.Duration_Minutes(jsii.Number(30)),
		MaxInvocationFailures: jsii.Number(5),
		DashboardName:         jsii.String("languages"),
	})
	failures := *monitoring.AlarmsOf(endpoint, async.MonitoringAlarm_INVOCATION_FAILURES)
	endpoint.AddRollbackAlarms(failures[0])
}

// thirdPartyEndpoint is an endpoint of another library.
type thirdPartyEndpoint struct {
	awscdk.Resource
	topic         awssns.ITopic
	executionRole awsiam.IRole
}

func newThirdPartyEndpoint(scope constructs.Construct, id string, topic awssns.ITopic, role awsiam.IRole) *thirdPartyEndpoint {
	endpoint := &thirdPartyEndpoint{topic: topic, executionRole: role}
	awscdk.NewResource_Override(endpoint, scope, &id, nil)
	return endpoint
}

func (e *thirdPartyEndpoint) EndpointName() *string {
	return jsii.String("third-party")
}

func (e *thirdPartyEndpoint) EndpointArn() *string {
	return e.Stack().FormatArn(&awscdk.ArnComponents{
		Service:      jsii.String("sagemaker"),
		Resource:     jsii.String("endpoint"),
		ResourceName: e.EndpointName(),
	})
}

func (e *thirdPartyEndpoint) EndpointRef() *interfacesawssagemaker.EndpointReference {
	return &interfacesawssagemaker.EndpointReference{EndpointArn: e.EndpointArn()}
}

func (e *thirdPartyEndpoint) Attributes() *async.AsyncInferenceEndpointDetails {
	return &async.AsyncInferenceEndpointDetails{
		EndpointName:  e.EndpointName(),
		VariantName:   jsii.String("AllTraffic"),
		SuccessTopic:  e.topic,
		ErrorTopic:    e.topic,
		ExecutionRole: e.executionRole,
		MaxCapacity:   jsii.Number(3),
	}
}

func (e *thirdPartyEndpoint) AddResultSubscription(
	subscription awssns.ITopicSubscription,
	options *async.ResultSubscriptionOptions,
) *[]awssns.Subscription {
	e.topic.AddSubscription(subscription)
	return &[]awssns.Subscription{}
}

// thirdPartyImage is an image of another library, which grants what its pull needs.
type thirdPartyImage struct {
	async.ContainerImage
}

func newThirdPartyImage() *thirdPartyImage {
	image := &thirdPartyImage{}
	async.NewContainerImage_Override(image)
	return image
}

func (i *thirdPartyImage) Bind(scope constructs.Construct) *async.ContainerImageConfig {
	repository := awsecr.Repository_FromRepositoryName(scope, jsii.String("ThirdPartyRepository"), jsii.String("third-party"))
	return &async.ContainerImageConfig{
		ImageUri: repository.RepositoryUriForTag(jsii.String("v1")),
		Statements: &[]awsiam.PolicyStatement{
			awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid:       jsii.String("PullImage"),
				Actions:   jsii.Strings("ecr:BatchGetImage"),
				Resources: &[]*string{repository.RepositoryArn()},
			}),
		},
	}
}

func thirdParty(stack awscdk.Stack) {
	role := awsiam.NewRole(stack, jsii.String("Role"), &awsiam.RoleProps{
		AssumedBy: awsiam.NewServicePrincipal(jsii.String("sagemaker.amazonaws.com"), nil),
	})
	endpoint := newThirdPartyEndpoint(stack, "Endpoint", awssns.NewTopic(stack, jsii.String("Topic"), nil), role)
	async.NewAsyncInferenceRequestQueue(stack, jsii.String("Requests"), &async.AsyncInferenceRequestQueueProps{
		Endpoint:               endpoint,
		ExpectedProcessingTime: awscdk.Duration_Minutes(jsii.Number(1)),
		InvokerOptions:         &async.AsyncInferenceInvokerOptions{InputPolicy: async.InputPolicy_BySize(nil)},
	})
	endpoints := &[]async.IAsyncInferenceEndpoint{endpoint}
	async.NewAsyncInferenceMonitoring(stack, jsii.String("Monitoring"), &async.AsyncInferenceMonitoringProps{
		Endpoints: endpoints,
	})
	async.NewAsyncInferenceResultQueue(stack, jsii.String("Results"), &async.AsyncInferenceResultQueueProps{
		Endpoints: endpoints,
	})
	async.NewAsyncInferenceEndpoint(stack, jsii.String("Own"), &async.AsyncInferenceEndpointProps{
		Model:         async.InferenceModel_FromContainer(&async.ContainerModelProps{Image: newThirdPartyImage()}),
		InstanceType:  async.InstanceType_M5_XLARGE(),
		CreateInvoker: jsii.Bool(false),
	})
}
