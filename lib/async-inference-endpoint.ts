import { createHash } from 'node:crypto';
import { ArnFormat, Duration, Names, RemovalPolicies, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Dependable } from 'constructs';
import type { Construct } from 'constructs';
import { AsyncInferenceEndpointBase } from './async-inference-endpoint-base';
import { AsyncInferenceInvoker } from './async-inference-invoker';
import type { AsyncInferenceInvokerOptions } from './async-inference-invoker';
import { AsyncInferenceScaling } from './async-inference-scaling';
import type { AsyncInferenceScalingOptions } from './async-inference-scaling';
import type { InferenceModel } from './inference-model';
import type { InstanceType } from './instance-type';
import { BoundPolicy, renderedStatements } from './private/bound-policy';
import { initialCapacityOf } from './private/capacity';
import { endpointFaults } from './private/endpoint-rules';
import { executionStatements } from './private/permissions';
import { refuse } from './private/validation';

/** Properties of an asynchronous inference endpoint. */
export interface AsyncInferenceEndpointProps {
  /** What the endpoint serves. */
  readonly model: InferenceModel;

  /** The kind of machine that serves it. */
  readonly instanceType: InstanceType;

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
   * where it takes none (imported as immutable, or of another account), a warning lists the statements to add.
   *
   * @default - a new role with the rights that this endpoint needs, and none on any input bucket
   */
  readonly executionRole?: iam.IRole;

  /**
   * How many instances serve the endpoint, and when it gets more or fewer.
   *
   * An update of the endpoint resets the number of instances to `initialInstanceCount`. Another instance type takes two
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
   * How long results and failures are kept in the output bucket, in whole days.
   *
   * @default Duration.days(30)
   */
  readonly outputExpiration?: Duration;

  /**
   * What becomes of the output bucket when it leaves the stack. CloudFormation cannot delete a bucket that holds objects:
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
  readonly logRetention?: logs.RetentionDays;

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

/**
 * An Amazon SageMaker AI asynchronous inference endpoint with all that it needs: output bucket, success and error topics,
 * an execution role without a right on any input bucket, and an invoker function that sends payloads inline.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export class AsyncInferenceEndpoint extends AsyncInferenceEndpointBase {
  public readonly endpointArn: string;
  public readonly endpointName: string;
  public readonly variantName: string;
  public readonly outputBucket: s3.IBucket;
  public readonly outputPrefix = 'output';
  public readonly failurePrefix = 'failure';
  public readonly successTopic: sns.ITopic;
  public readonly errorTopic: sns.ITopic;
  public readonly executionRole: iam.IRole;
  public readonly encryptionKey?: kms.IKey;
  public readonly requestTtl: Duration;
  public readonly invocationTimeout: Duration;
  /** The scaling of the endpoint's instances, for schedules. */
  public readonly scaling: AsyncInferenceScaling;
  private readonly ownInvoker?: AsyncInferenceInvoker;
  /** What a retained endpoint needs to go on working. */
  private readonly parts: Construct[] = [];

  /** @throws when props are out of the service's limits, with all faults in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceEndpointProps) {
    super(scope, id);
    refuse(this, endpointFaults(this, props));

    // A literal, never a reference to the endpoint: policies and the log group speak of it, and the endpoint waits for them.
    this.endpointName = props.endpointName ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' }).toLowerCase();
    this.variantName = props.variantName ?? 'AllTraffic';
    this.requestTtl = props.requestTtl ?? Duration.hours(6);
    this.invocationTimeout = props.invocationTimeout ?? Duration.minutes(15);

    this.outputBucket = this.defineBucket(props);
    const snsKey = kms.Alias.fromAliasName(this, 'SnsKey', 'alias/aws/sns');
    this.successTopic = this.part(new sns.Topic(this, 'SuccessTopic', { enforceSSL: true, masterKey: snsKey }));
    this.errorTopic = this.part(new sns.Topic(this, 'ErrorTopic', { enforceSSL: true, masterKey: snsKey }));

    // SageMaker would make the group by itself, and keep its logs for ever.
    const logGroupName = `/aws/sagemaker/Endpoints/${this.endpointName}`;
    const logGroup = this.part(new logs.LogGroup(this, 'LogGroup', {
      logGroupName,
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    }));

    this.executionRole = props.executionRole ?? this.part(new iam.Role(this, 'ExecutionRole', { assumedBy: this.sagemaker() }));
    const model = props.model._bind(this);
    const policies = [
      new BoundPolicy(this, 'ExecutionPolicy', this.executionRole, executionStatements(this, {
        logGroup,
        logGroupName,
        outputBucket: this.outputBucket,
        prefixes: [this.outputPrefix, this.failurePrefix],
        topics: [this.successTopic, this.errorTopic],
      })),
      // Another image or artefact is another policy: CloudFormation attaches it before the update and removes the old one
      // after it, so that the fleet that still serves, or that a failed update returns to, keeps its rights.
      new BoundPolicy(this, `ModelPolicy${this.fingerprint(model.statements)}`, this.executionRole, model.statements),
    ].map((policy) => this.part(policy));

    const cfnModel = this.part(new CfnModel(this, 'Model', {
      executionRoleArn: this.executionRole.roleArn,
      primaryContainer: model.container,
    }));
    const config = this.part(new CfnEndpointConfig(this, 'Config', {
      productionVariants: [{
        variantName: this.variantName,
        modelName: cfnModel.attrModelName,
        instanceType: props.instanceType.instanceTypeName,
        initialInstanceCount: props.initialInstanceCount ?? initialCapacityOf(props.scaling),
        initialVariantWeight: 1,
      }],
      asyncInferenceConfig: {
        outputConfig: {
          s3OutputPath: this.outputBucket.s3UrlForObject(this.outputPrefix),
          s3FailurePath: this.outputBucket.s3UrlForObject(this.failurePrefix),
          notificationConfig: { successTopic: this.successTopic.topicArn, errorTopic: this.errorTopic.topicArn },
        },
      },
    }));
    const endpoint = this.part(new CfnEndpoint(this, 'Resource', {
      endpointName: this.endpointName,
      endpointConfigName: config.attrEndpointConfigName,
    }));
    // SageMaker tries the role's rights while it creates both, and needs them until the endpoint is gone.
    cfnModel.node.addDependency(...policies);
    endpoint.node.addDependency(...policies, logGroup);

    // Who waits for this construct waits for the endpoint itself; the invoker, a part of it, does so too.
    Dependable.implement(this, { dependencyRoots: [endpoint] });

    this.endpointArn = Token.isUnresolved(this.endpointName) ? endpoint.ref : this.stack.formatArn({
      service: 'sagemaker',
      resource: 'endpoint',
      // SageMaker lower-cases the name in the ARN, and IAM compares with regard to case.
      resourceName: this.endpointName.toLowerCase(),
    });

    this.scaling = this.part(new AsyncInferenceScaling(this, 'Scaling', { ...props.scaling, endpoint: this }));

    if (props.createInvoker ?? true) {
      this.ownInvoker = new AsyncInferenceInvoker(this, 'Invoker', { ...props.invokerOptions, endpoint: this });
    }
  }

  /**
   * The function that sends payloads inline.
   *
   * @throws when the endpoint was defined with `createInvoker: false`
   */
  public get invoker(): AsyncInferenceInvoker {
    refuse(this, [this.ownInvoker ? undefined : 'there is no invoker: it was defined with createInvoker: false']);
    return this.ownInvoker!;
  }

  /**
   * Applies a removal policy to the endpoint and all that it needs to go on working: its model, configuration, role, policies,
   * topics, log group and scaling. The output bucket has a policy of its own, the `removalPolicy` prop.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.parts.forEach((part) => RemovalPolicies.of(part).apply(policy));
  }

  private part<T extends Construct>(part: T): T {
    this.parts.push(part);
    return part;
  }

  private defineBucket(props: AsyncInferenceEndpointProps): s3.IBucket {
    return new s3.Bucket(this, 'OutputBucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [{
        expiration: props.outputExpiration ?? Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      }],
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }

  /** SageMaker, acting for this account; AWS documents that asynchronous inference needs the `*` in place of an endpoint's name. */
  private sagemaker(): iam.IPrincipal {
    return new iam.ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': this.stack.account },
        ArnLike: {
          'aws:SourceArn': this.stack.formatArn({ service: 'sagemaker', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME }),
        },
      },
    });
  }

  private fingerprint(statements: readonly iam.PolicyStatement[]): string {
    return createHash('sha256').update(renderedStatements(this, statements)).digest('hex').slice(0, 8);
  }
}
