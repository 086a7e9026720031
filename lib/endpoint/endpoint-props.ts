import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { InferenceOutcome } from '../core/result-subscription';
import type { AsyncInferenceInvokerOptions } from '../invoker/invoker';
import type { InferenceAmiVersion } from '../model/inference-ami-version';
import type { InferenceModel } from '../model/inference-model';
import type { InstanceType } from '../model/instance-type';
import type { EndpointDeploymentStrategy } from '../scaling/deployment-strategy';
import type { AsyncInferenceScalingOptions } from '../scaling/scaling';

/** An instance type to use while a preferred one is not available. */
export interface InstancePool {
  /** The instance type. */
  readonly instanceType: InstanceType;

  /**
   * The model for this instance type, for example one that is compiled for AWS Neuron. An existing model must have the execution role
   * of the endpoint.
   *
   * @default - the model of the endpoint
   */
  readonly model?: InferenceModel;
}

/** A reservation of capacity for the instances of an endpoint. */
export interface CapacityReservationConfig {
  /**
   * The ARN of the reservation, for example of a SageMaker training plan for endpoints. SageMaker launches instances only into it. If it
   * has no capacity left, the instances fail to launch.
   */
  readonly mlReservationArn: string;
}

/** What SageMaker measures in addition, and how often it publishes metrics to Amazon CloudWatch. */
export interface EndpointMetricsConfig {
  /**
   * Whether utilization and invocation metrics have the granularity of instances and containers.
   *
   * @default false
   */
  readonly enableEnhancedMetrics?: boolean;

  /**
   * Whether SageMaker publishes metrics of the container, of each GPU and of each instance. It reads the metrics of the container from
   * its Prometheus endpoint: a path of AWS's images, or `/metrics` on port 8080.
   *
   * @default - true, the default of SageMaker for new endpoint configurations
   */
  readonly enableDetailedObservability?: boolean;

  /**
   * How often SageMaker publishes metrics: 10, 30, 60, 120, 180, 240 or 300 seconds. Invocation metrics follow it only with
   * `enableEnhancedMetrics`.
   *
   * @default Duration.seconds(60)
   */
  readonly metricPublishFrequency?: Duration;
}

/** A property of the production variant that an update can keep. */
export enum VariantProperty {
  /** The number of instances. */
  DESIRED_INSTANCE_COUNT = 'DesiredInstanceCount',
  /** The weight, which has no effect on an endpoint with one variant. */
  DESIRED_WEIGHT = 'DesiredWeight',
}

/** Properties of an asynchronous inference endpoint. */
export interface AsyncInferenceEndpointProps {
  /** The model that the endpoint serves. */
  readonly model: InferenceModel;

  /**
   * The instance type.
   *
   * Application Auto Scaling must not manage the variant while its instance type changes. So a change takes three deployments if the
   * endpoint scales: the first one with `minCapacity` equal to `maxCapacity`, the second one with the new instance type, and a third
   * one that restores the bounds. See "Fixed fleet first" in docs/updates.md.
   */
  readonly instanceType: InstanceType;

  /**
   * Instance types to use, in this order, while `instanceType` is not available: at most four. On an endpoint that scales, a change
   * takes three deployments, as for `instanceType`, and a warning says so.
   *
   * @default - none: SageMaker waits for `instanceType`, at most for `variantInstanceProvisionTimeout`
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstancePool.html
   */
  readonly instancePools?: InstancePool[];

  /**
   * The name of the endpoint: 1 to 63 letters, digits and hyphens, unique in the account and region regardless of case. A new name
   * replaces the endpoint. If you move a construct with a name, CloudFormation refuses to create the endpoint a second time: see
   * "Move an endpoint" in docs/updates.md.
   *
   * @default - derived from the path of the construct, so that moving or renaming the construct replaces the endpoint
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
   */
  readonly endpointName?: string;

  /**
   * The name of the production variant: 1 to 63 letters, digits and hyphens. On an endpoint that scales, a change takes three
   * deployments, as for `instanceType`, and a warning says so.
   *
   * @default 'AllTraffic'
   */
  readonly variantName?: string;

  /**
   * The role that SageMaker assumes. It must trust `sagemaker.amazonaws.com`. It gets the permissions of the endpoint. If it cannot
   * be modified (imported as immutable), a warning lists the statements to add. Not with `InferenceModel.fromModelName`, because an
   * existing model has its role.
   *
   * @default - a new role with the permissions that this endpoint needs, and none on any input bucket
   */
  readonly executionRole?: IRole;

  /**
   * How the number of instances changes.
   *
   * An update of the endpoint resets the number of instances to `initialInstanceCount`, unless `retainAllVariantProperties` is set.
   *
   * @default - from zero to one instance
   */
  readonly scaling?: AsyncInferenceScalingOptions;

  /**
   * The number of instances when the endpoint is created or updated: at least 1, and within the bounds of `scaling`. SageMaker
   * cannot create an endpoint with zero instances. It does not fix the fleet: for a fixed number of instances, set `minCapacity` of `scaling`.
   *
   * @default - `minCapacity` of `scaling`, or 1 if that is zero
   */
  readonly initialInstanceCount?: number;

  /**
   * Whether an update of the endpoint keeps the number of instances that scaling has reached. SageMaker documents this for updates
   * only: enable it once the endpoint exists, and disable it where the endpoint is created again.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
   */
  readonly retainAllVariantProperties?: boolean;

  /**
   * The properties that an update does not keep in spite of `retainAllVariantProperties`. SageMaker documents this for updates only.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
   */
  readonly excludeRetainedVariantProperties?: VariantProperty[];

  /**
   * How SageMaker updates the endpoint.
   *
   * @default - SageMaker creates a second fleet, which receives all traffic at once
   */
  readonly deploymentStrategy?: EndpointDeploymentStrategy;

  /**
   * Whether an update uses the deployment configuration of the last update again, with its strategy and rollback alarms. AWS does not
   * document what applies if `deploymentStrategy` or `rollbackAlarms` change in the same update, so leave them unchanged.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
   */
  readonly retainDeploymentConfig?: boolean;

  /**
   * Alarms that roll an update back if they enter ALARM while it is in progress: at most ten. Use `addRollbackAlarms` for alarms
   * that need the endpoint.
   *
   * @default - none
   */
  readonly rollbackAlarms?: IAlarm[];

  /**
   * The number of requests that an instance processes at the same time: 1 to 1,000. The model needs memory for as many requests,
   * and the model server as many workers. Set it to 1 for a model that fills its GPU.
   *
   * @default - SageMaker chooses it
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceClientConfig.html
   */
  readonly maxConcurrentInvocationsPerInstance?: number;

  /**
   * The timeout for the download of the model data: 60 to 3,600 whole seconds.
   *
   * @default - SageMaker chooses it
   */
  readonly modelDataDownloadTimeout?: Duration;

  /**
   * The timeout until the container passes health checks: 60 to 3,600 whole seconds. Raise it for a container that downloads a large
   * model at startup.
   *
   * @default - 15 minutes if the environment of the container names a model to download (`HF_MODEL_ID`, `OPTION_MODEL_ID`,
   * `SM_VLLM_MODEL`, `SM_SGLANG_MODEL_PATH` or `LLAMA_ARG_HF_REPO`, with anything but a path), otherwise 4 minutes, the default of
   * SageMaker
   */
  readonly containerStartupHealthCheckTimeout?: Duration;

  /**
   * The timeout until instances are available: 300 to 3,600 whole seconds. The download and startup come in addition.
   *
   * @default - SageMaker chooses it
   */
  readonly variantInstanceProvisionTimeout?: Duration;

  /**
   * A reservation of capacity for the instances. It must be in the region of the endpoint.
   *
   * @default - none: SageMaker launches on-demand instances
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCapacityReservationConfig.html
   */
  readonly capacityReservationConfig?: CapacityReservationConfig;

  /**
   * The metrics that SageMaker publishes in addition, and how often. AWS documents this for real-time endpoints. The effect on
   * asynchronous endpoints is unconfirmed.
   *
   * @default - the defaults of SageMaker
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsConfig.html
   */
  readonly metricsConfig?: EndpointMetricsConfig;

  /**
   * The machine image of the instances.
   *
   * @default - SageMaker chooses it
   */
  readonly inferenceAmiVersion?: InferenceAmiVersion;

  /**
   * The size of the storage volume of each instance: 1 to 512 GiB.
   *
   * @default - SageMaker chooses it by instance type
   */
  readonly volumeSize?: Size;

  /**
   * The key that encrypts the storage volumes of the instances. It does not encrypt local NVMe storage, which some instance types
   * have. A warning is printed in this case.
   *
   * @default - a key of AWS
   */
  readonly volumeEncryptionKey?: IKey;

  /**
   * Whether the container has no network access at all. It then cannot download a model.
   *
   * @default false
   */
  readonly enableNetworkIsolation?: boolean;

  /**
   * The VPC that the container can reach. The subnets need an S3 gateway endpoint, and two free IP addresses per instance.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
   */
  readonly vpc?: IVpc;

  /**
   * The subnets, in at least two Availability Zones.
   *
   * @default - the default selection of CDK: private subnets if there are any
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups: at most five.
   *
   * @default - a new one
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * How long a request may wait in the queue of the endpoint before it expires, unless the request sets it: 60 seconds to 6 hours.
   * The invoker sends it with each request. Callers of the API set their own value.
   *
   * @default Duration.hours(6)
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
   */
  readonly defaultRequestTtl?: Duration;

  /**
   * How long the model may take to process a request, unless the request sets it: 1 second to 1 hour. The invoker sends it with
   * each request. Callers of the API set their own value. Model servers have their own timeout, which must be raised as well.
   *
   * @default Duration.minutes(15)
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
   */
  readonly defaultInvocationTimeout?: Duration;

  /**
   * The bucket of results and failures.
   *
   * @default - a new bucket: private, encrypted, TLS only
   */
  readonly outputBucket?: IBucket;

  /**
   * The key prefix of results, without a slash at either end. A warning is printed if another endpoint of the app uses the same
   * prefix of the bucket.
   *
   * @default - 'output' in a new bucket, '<endpoint name>/output' in a given one
   */
  readonly outputPrefix?: string;

  /**
   * The key prefix of failures, without a slash at either end. It must differ from `outputPrefix`.
   *
   * @default - 'failure' in a new bucket, '<endpoint name>/failure' in a given one
   */
  readonly failurePrefix?: string;

  /**
   * How long the new bucket keeps results and failures, in whole days. Not with `outputBucket`, which has its own rules.
   *
   * @default - they are kept until somebody deletes them
   */
  readonly outputExpiration?: Duration;

  /**
   * The key that encrypts results, failures, the new bucket and also the new topics. The execution role may use it, and so may
   * readers that get `grants.readResults`.
   *
   * @default - keys of AWS: the key of Amazon S3 for the bucket, `alias/aws/sns` for the topics
   */
  readonly outputEncryptionKey?: IKey;

  /**
   * What happens to the new output bucket when it is removed from the stack. CloudFormation cannot delete a bucket that contains
   * objects: with `DESTROY`, empty it before you delete the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly outputRemovalPolicy?: RemovalPolicy;

  /**
   * The topic that receives success notifications. It must not be FIFO. The policy of a topic of another account must allow the
   * execution role to publish. A warning is printed in this case.
   *
   * @default - a new topic: encrypted, TLS only
   */
  readonly successTopic?: ITopic;

  /**
   * The topic that receives error notifications. It may be the same as `successTopic`. It must not be FIFO. The policy of a topic of
   * another account must allow the execution role to publish. A warning is printed in this case.
   *
   * @default - a new topic: encrypted, TLS only
   */
  readonly errorTopic?: ITopic;

  /**
   * The outcomes whose notifications contain the response itself, if it has at most 128 kB. The response is then stored wherever
   * these notifications go.
   *
   * @default - none: notifications contain locations
   */
  readonly includeInferenceResponseIn?: InferenceOutcome[];

  /**
   * How long the logs of the container are kept. They contain whatever the container prints, which may include payloads.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * The log group of the container. SageMaker writes to `/aws/sagemaker/Endpoints/<endpoint name>` and to no other log group, so the
   * group must have this name: set `endpointName`, so that you know it. Use it for a log group that exists, or for one with an
   * encryption key, whose policy must allow CloudWatch Logs (`logs.<region>.amazonaws.com`).
   *
   * @default - a new log group
   */
  readonly logGroup?: ILogGroup;

  /**
   * Whether to create a Lambda function that sends payloads inline. It rejects payloads of more than 128,000 bytes, unless
   * `invokerOptions` has an `inputPolicy` that uploads them.
   *
   * @default true
   */
  readonly createInvoker?: boolean;

  /**
   * Options of this function.
   *
   * @default - the defaults of AsyncInferenceInvoker
   */
  readonly invokerOptions?: AsyncInferenceInvokerOptions;
}
