import type { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { AsyncInferenceInvokerOptions } from '../invoker/invoker';
import type { AsyncInferenceScalingOptions } from '../scaling/scaling';
import type { DeploymentStrategy } from '../scaling/deployment-strategy';
import type { InferenceAmiVersion } from '../model/inference-ami-version';
import type { InferenceModel } from '../model/inference-model';
import type { InstanceType } from '../model/instance-type';

/** A topic of an endpoint. */
export enum InferenceResponseTopic {
  /** The topic that is told of each result. */
  SUCCESS_NOTIFICATION_TOPIC = 'SUCCESS_NOTIFICATION_TOPIC',
  /** The topic that is told of each failure. */
  ERROR_NOTIFICATION_TOPIC = 'ERROR_NOTIFICATION_TOPIC',
}

/** Properties of an asynchronous inference endpoint. */
export interface AsyncInferenceEndpointProps {
  /** What the endpoint serves. */
  readonly model: InferenceModel;

  /** The kind of machine that serves it. */
  readonly instanceType: InstanceType;

  /**
   * Kinds of machine to fall back to, in this order, while `instanceType` cannot be had: at most four.
   *
   * @default - none: SageMaker waits for `instanceType`, at most for `variantInstanceProvisionTimeout`
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InstancePool.html
   */
  readonly instancePools?: InstanceType[];

  /**
   * The name of the endpoint: 1 to 63 letters, digits and hyphens, unique in the account and region whatever the case.
   * Another name replaces the endpoint.
   *
   * @default - derived from the stack's name and the construct's path, so that moving or renaming the construct replaces the endpoint
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
   */
  readonly endpointName?: string;

  /**
   * The name of the endpoint's one production variant: 1 to 63 letters, digits and hyphens.
   *
   * @default 'AllTraffic'
   */
  readonly variantName?: string;

  /**
   * The role that SageMaker runs the endpoint as, which must trust `sagemaker.amazonaws.com`. It gets the endpoint's policies;
   * where it takes none (imported as immutable), a warning lists the statements to add. Not with `InferenceModel.fromModelName`:
   * a model that exists keeps its role.
   *
   * @default - a new role with the rights that this endpoint needs, and none on any input bucket
   */
  readonly executionRole?: IRole;

  /**
   * How many instances serve the endpoint, and when it gets more or fewer.
   *
   * An update of the endpoint resets the number of instances to `initialInstanceCount`, unless `retainAllVariantProperties`. Another instance type takes two
   * deploys, since SageMaker refuses it while the variant is registered with scaling: one with equal bounds, then the change.
   *
   * @default - from zero to one instance, and back to zero once nothing waits
   */
  readonly scaling?: AsyncInferenceScalingOptions;

  /**
   * How many instances the endpoint is created with, and returns to at an update: a whole number from 1, within the bounds of
   * `scaling`. SageMaker cannot create an endpoint at zero.
   *
   * @default - the minimum of `scaling`, and 1 where that is zero
   */
  readonly initialInstanceCount?: number;

  /**
   * Whether an update of the endpoint keeps the number of instances that scaling has reached. SageMaker documents it for updates
   * only: turn it on once the endpoint exists, and off where it is to be created anew.
   *
   * @default false
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
   */
  readonly retainAllVariantProperties?: boolean;

  /**
   * How SageMaker moves the endpoint to another configuration.
   *
   * @default - SageMaker's: a second fleet that takes over at once
   */
  readonly deploymentStrategy?: DeploymentStrategy;

  /**
   * Alarms that roll an update back when they ring while it is under way: at most ten. `addRollbackAlarms` takes those
   * that can be made only once the endpoint is there.
   *
   * @default - none
   */
  readonly rollbackAlarms?: IAlarm[];

  /**
   * How many requests an instance works on at a time: 1 to 1,000. The model must have memory for that many, and its server as many
   * workers; what exceeds it waits in the queue.
   *
   * @default - SageMaker's choice
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceClientConfig.html
   */
  readonly maxConcurrentInvocationsPerInstance?: number;

  /**
   * How long an instance may take to download the model: 60 to 3,600 whole seconds.
   *
   * @default - SageMaker's
   */
  readonly modelDataDownloadTimeout?: Duration;

  /**
   * How long the container may take until it answers health checks: 60 to 3,600 whole seconds.
   *
   * @default - SageMaker's: 4 minutes
   */
  readonly containerStartupHealthCheckTimeout?: Duration;

  /**
   * How long SageMaker tries to get an instance: 300 to 3,600 whole seconds. Download and start come on top.
   *
   * @default - SageMaker's
   */
  readonly variantInstanceProvisionTimeout?: Duration;

  /**
   * The machine image of the instances.
   *
   * @default - SageMaker's choice
   */
  readonly inferenceAmiVersion?: InferenceAmiVersion;

  /**
   * The size of the instances' storage volume: 1 to 512 GiB.
   *
   * @default - SageMaker's, by the instance type
   */
  readonly volumeSize?: Size;

  /**
   * The key that encrypts the instances' storage volume. Not for instance types with local NVMe storage, which is encrypted by itself.
   *
   * @default - a key of AWS
   */
  readonly volumeEncryptionKey?: IKey;

  /**
   * Whether the container is cut off from all networks. It then cannot fetch a model by itself.
   *
   * @default false
   */
  readonly enableNetworkIsolation?: boolean;

  /**
   * The VPC that the container reaches. Its subnets need an S3 gateway endpoint, and two free addresses for each instance.
   *
   * @default - none
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html
   */
  readonly vpc?: IVpc;

  /**
   * The subnets, in at least two availability zones.
   *
   * @default - CDK's default selection of the VPC: private ones where there are any
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups, at most five.
   *
   * @default - a new one
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * How long a request may wait in the endpoint's queue before it expires, unless the request says otherwise: 60 seconds to
   * 6 hours. The invoker sends it with each request; callers of the API itself give their own.
   *
   * @default Duration.hours(6)
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
   */
  readonly requestTtl?: Duration;

  /**
   * How long the model may work on a request before it fails, unless the request says otherwise: 1 second to 1 hour. The
   * invoker sends it with each request; callers of the API itself give their own. The model server in the container has a
   * timeout of its own, which must be raised too.
   *
   * @default Duration.minutes(15)
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
   */
  readonly invocationTimeout?: Duration;

  /**
   * The bucket that results and failures are written to.
   *
   * @default - a new bucket: private, encrypted, TLS only
   */
  readonly outputBucket?: IBucket;

  /**
   * The key prefix of results, without a slash at either end. No other endpoint of the app may write to the same prefix of the bucket.
   *
   * @default - 'output' in a new bucket, '<endpoint's name>/output' in a given one
   */
  readonly outputPrefix?: string;

  /**
   * The key prefix of failures, without a slash at either end. No other endpoint of the app may write to the same prefix of the bucket.
   *
   * @default - 'failure' in a new bucket, '<endpoint's name>/failure' in a given one
   */
  readonly failurePrefix?: string;

  /**
   * How long results and failures are kept in the new output bucket, in whole days. Not for a given one, which has its own rules.
   *
   * @default Duration.days(30)
   */
  readonly outputExpiration?: Duration;

  /**
   * The key that encrypts results, failures, the new bucket and the new topics. The execution role gets the right to use it, and
   * whoever is granted to read results too.
   *
   * @default - keys of AWS: S3's own for the bucket, `alias/aws/sns` for the topics
   */
  readonly encryptionKey?: IKey;

  /**
   * The topic that is told of each result. It must not be FIFO. A topic of another account must let the execution role publish,
   * which a warning says in detail.
   *
   * @default - a new topic: encrypted, TLS only
   */
  readonly successTopic?: ITopic;

  /**
   * The topic that is told of each failure; it may be the same. It must not be FIFO. A topic of another account must let the
   * execution role publish, which a warning says in detail.
   *
   * @default - a new topic: encrypted, TLS only
   */
  readonly errorTopic?: ITopic;

  /**
   * The topics whose messages carry the response itself, where it is at most 128 KB. It then rests wherever these messages go.
   *
   * @default - none: messages carry locations
   */
  readonly includeInferenceResponseIn?: InferenceResponseTopic[];

  /**
   * What becomes of the new output bucket when it leaves the stack. CloudFormation cannot delete a bucket that holds objects:
   * with `DESTROY`, empty it before you delete the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * How long the logs of the model's container are kept. They hold what the container prints, payloads too if it prints them.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;

  /**
   * Whether to define a Lambda function that sends payloads inline.
   *
   * @default true
   */
  readonly createInvoker?: boolean;

  /**
   * Options of that function.
   *
   * @default - the defaults of AsyncInferenceInvoker
   */
  readonly invokerOptions?: AsyncInferenceInvokerOptions;
}
