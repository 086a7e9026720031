import { createHash } from 'node:crypto';
import { ArnFormat, Duration, Lazy, Names, RemovalPolicies, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Dependable } from 'constructs';
import type { Construct, IConstruct } from 'constructs';
import { AsyncInferenceEndpointBase } from '../core/endpoint-base';
import type { AsyncInferenceEndpointAttributes, IAsyncInferenceEndpoint } from '../core/endpoint-base';
import type { AsyncInferenceEndpointProps } from './endpoint-props';
import { AsyncInferenceInvoker } from '../invoker/invoker';
import { AsyncInferenceScaling } from '../scaling/scaling';
import { DeploymentStrategy } from '../scaling/deployment-strategy';
import { BoundPolicy, renderedStatements } from '../shared/bound-policy';
import { initialCapacityOf } from '../scaling/capacity';
import { encryptStatements, networkStatements, volumeStatements, watchStatement } from './execution-statements';
import type { Network } from './execution-statements';
import { endpointFaults, MAX_ROLLBACK_ALARMS } from './validate';
import { ImportedEndpoint } from './imported-endpoint';
import { defineOutput } from './output';
import { executionStatements } from '../shared/statements';
import { refuse } from '../shared/validation';
import { warn, warnOfRegion } from '../shared/warnings';

/**
 * An Amazon SageMaker AI asynchronous inference endpoint with all that it needs: output bucket, success and error topics,
 * an execution role without a right on any input bucket, scaling from zero and back, and an invoker function that sends payloads inline.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
export class AsyncInferenceEndpoint extends AsyncInferenceEndpointBase implements ec2.IConnectable {
  /**
   * An endpoint that exists, by its name. What needs more than the name says so.
   *
   * @param endpointName the name, in the case that the endpoint was created with. A name that is known at deploy time only must be
   * lower case, since the ARN is.
   */
  public static fromEndpointName(scope: Construct, id: string, endpointName: string): IAsyncInferenceEndpoint {
    return new ImportedEndpoint(scope, id, { endpointName });
  }

  /**
   * An endpoint that exists, by its ARN. SageMaker writes the name in lower case there: where the endpoint's has capitals,
   * metrics need `fromAsyncInferenceEndpointAttributes` with the name.
   */
  public static fromEndpointArn(scope: Construct, id: string, endpointArn: string): IAsyncInferenceEndpoint {
    return new ImportedEndpoint(scope, id, { endpointArn });
  }

  /**
   * An endpoint that exists, by what is known of it. It is not changed: neither the endpoint nor its model or container.
   *
   * @throws when neither name nor ARN is given
   */
  public static fromAsyncInferenceEndpointAttributes(
    scope: Construct,
    id: string,
    attributes: AsyncInferenceEndpointAttributes,
  ): IAsyncInferenceEndpoint {
    return new ImportedEndpoint(scope, id, attributes);
  }

  public readonly endpointArn: string;
  public readonly endpointName: string;
  public readonly variantName: string;
  public readonly outputBucket: IBucket;
  public readonly outputPrefix: string;
  public readonly failurePrefix: string;
  public readonly successTopic: ITopic;
  public readonly errorTopic: ITopic;
  public readonly encryptionKey?: IKey;
  public readonly requestTtl: Duration;
  public readonly invocationTimeout: Duration;
  /** The scaling of the endpoint's instances, for schedules. */
  public readonly scaling: AsyncInferenceScaling;
  private readonly role?: iam.IRole;
  private readonly network?: ec2.Connections;
  private readonly ownInvoker?: AsyncInferenceInvoker;
  private readonly endpoint: CfnEndpoint;
  private readonly rollbackAlarms: IAlarm[] = [];
  /** What a retained endpoint needs to go on working. */
  private readonly parts: Construct[] = [];

  /** @throws when props are out of the service's limits, with all faults in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceEndpointProps) {
    super(scope, id);
    const model = props.model._bind(this);
    refuse(this, endpointFaults(this, props, model));
    warnOfRegion(this);

    // A literal, never a reference to the endpoint: policies and the log group speak of it, and the endpoint waits for them.
    this.endpointName =
      props.endpointName ?? Names.uniqueResourceName(this, { maxLength: 63, separator: '-' }).toLowerCase();
    this.variantName = props.variantName ?? 'AllTraffic';
    this.requestTtl = props.requestTtl ?? Duration.hours(6);
    this.invocationTimeout = props.invocationTimeout ?? Duration.minutes(15);
    this.encryptionKey = props.encryptionKey;

    const output = defineOutput(this, this.endpointName, props);
    this.outputBucket = output.bucket;
    this.outputPrefix = output.outputPrefix;
    this.failurePrefix = output.failurePrefix;
    this.successTopic = output.successTopic;
    this.errorTopic = output.errorTopic;
    if (!props.successTopic) this.part(output.successTopic);
    if (!props.errorTopic) this.part(output.errorTopic);

    // SageMaker would make the group by itself, and keep its logs for ever.
    const logGroupName = `/aws/sagemaker/Endpoints/${this.endpointName}`;
    const logGroup = this.part(
      new logs.LogGroup(this, 'LogGroup', {
        logGroupName,
        retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    );

    this.role = model.existing
      ? model.existing.executionRole
      : (props.executionRole ?? this.part(new iam.Role(this, 'ExecutionRole', { assumedBy: this.sagemaker() })));
    const network = this.defineNetwork(props);
    if (network) this.network = network.connections;
    const statements = [
      ...executionStatements(this, {
        logGroup,
        logGroupName,
        outputBucket: this.outputBucket,
        prefixes: [this.outputPrefix, this.failurePrefix],
        topics: [...new Set([this.successTopic, this.errorTopic])],
      }),
      ...encryptStatements(output.keys),
      ...volumeStatements(props.volumeEncryptionKey),
      ...networkStatements(this, network),
      ...model.statements,
    ];
    // Other rights, or those of another role, are another policy: CloudFormation attaches it before the update and removes the
    // old one after it, so that the fleet that still serves, or that a failed update returns to, keeps what it needs.
    const policies = this.bind(`ExecutionPolicy${this.fingerprint(statements)}`, statements);
    this.allowOnKeys(output.keys, props.volumeEncryptionKey);

    const cfnModel = model.existing
      ? undefined
      : this.part(
          new CfnModel(this, 'Model', {
            executionRoleArn: this.executionRole.roleArn,
            primaryContainer: model.container,
            enableNetworkIsolation: props.enableNetworkIsolation,
            vpcConfig: network && { subnets: [...network.subnetIds], securityGroupIds: [...network.securityGroupIds] },
          }),
        );
    const config = this.part(
      new CfnEndpointConfig(this, 'Config', {
        productionVariants: [
          {
            variantName: this.variantName,
            modelName: cfnModel?.attrModelName ?? model.existing!.modelName,
            ...instancesOf(props),
            initialInstanceCount: props.initialInstanceCount ?? initialCapacityOf(props.scaling),
            initialVariantWeight: 1,
            volumeSizeInGb: props.volumeSize?.toGibibytes(),
            modelDataDownloadTimeoutInSeconds: props.modelDataDownloadTimeout?.toSeconds(),
            containerStartupHealthCheckTimeoutInSeconds: props.containerStartupHealthCheckTimeout?.toSeconds(),
            variantInstanceProvisionTimeoutInSeconds: props.variantInstanceProvisionTimeout?.toSeconds(),
            inferenceAmiVersion: props.inferenceAmiVersion?.name,
          },
        ],
        kmsKeyId: props.volumeEncryptionKey?.keyArn,
        asyncInferenceConfig: {
          clientConfig:
            props.maxConcurrentInvocationsPerInstance === undefined
              ? undefined
              : {
                  maxConcurrentInvocationsPerInstance: props.maxConcurrentInvocationsPerInstance,
                },
          outputConfig: {
            s3OutputPath: this.outputBucket.s3UrlForObject(this.outputPrefix),
            s3FailurePath: this.outputBucket.s3UrlForObject(this.failurePrefix),
            kmsKeyId: props.encryptionKey?.keyArn,
            notificationConfig: {
              successTopic: this.successTopic.topicArn,
              errorTopic: this.errorTopic.topicArn,
              includeInferenceResponseIn: props.includeInferenceResponseIn,
            },
          },
        },
      }),
    );
    this.endpoint = this.part(
      new CfnEndpoint(this, 'Resource', {
        endpointName: this.endpointName,
        endpointConfigName: config.attrEndpointConfigName,
        retainAllVariantProperties: props.retainAllVariantProperties,
        deploymentConfig: Lazy.any({ produce: () => this.renderDeployment(props) }),
      }),
    );
    // SageMaker tries the role's rights while it creates both, and needs them until the endpoint is gone.
    cfnModel?.node.addDependency(...policies);
    this.endpoint.node.addDependency(...policies, logGroup);
    // Who waits for this construct waits for the endpoint itself; the invoker, a part of it, does so too.
    Dependable.implement(this, { dependencyRoots: [this.endpoint] });

    this.endpointArn = Token.isUnresolved(this.endpointName)
      ? this.endpoint.ref
      : this.stack.formatArn({
          service: 'sagemaker',
          resource: 'endpoint',
          // SageMaker lower-cases the name in the ARN, and IAM compares with regard to case.
          resourceName: this.endpointName.toLowerCase(),
        });

    if (props.rollbackAlarms) this.addRollbackAlarms(...props.rollbackAlarms);
    this.scaling = this.part(new AsyncInferenceScaling(this, 'Scaling', { ...props.scaling, endpoint: this }));
    if (props.createInvoker ?? true) {
      this.ownInvoker = new AsyncInferenceInvoker(this, 'Invoker', { ...props.invokerOptions, endpoint: this });
    }
  }

  /**
   * The role that SageMaker runs the endpoint as.
   *
   * @throws when the model is an existing one whose role was not given
   */
  public get executionRole(): iam.IRole {
    refuse(this, [this.role ? undefined : 'executionRole is not known: give it to InferenceModel.fromModelName']);
    return this.role!;
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
   * The network connections of the model's container.
   *
   * @throws when the endpoint has no VPC
   */
  public get connections(): ec2.Connections {
    refuse(this, [this.network ? undefined : 'there are no network connections: it was defined without a vpc']);
    return this.network!;
  }

  /**
   * Adds alarms that roll an update back when they ring while it is under way: at most ten altogether. They must not need
   * the endpoint to be there first, as alarms on its metrics do not, and those on its invoker do.
   *
   * @throws when there are more than ten
   */
  public addRollbackAlarms(...alarms: IAlarm[]): void {
    if (alarms.length === 0) return;
    if (this.rollbackAlarms.length === 0) {
      const alarmArns = Lazy.list({ produce: () => this.rollbackAlarms.map(({ alarmArn }) => alarmArn) });
      this.endpoint.node.addDependency(...this.bind('RollbackPolicy', [watchStatement(alarmArns)]));
    }
    this.rollbackAlarms.push(...alarms);
    const count = this.rollbackAlarms.length;
    refuse(this, [
      count > MAX_ROLLBACK_ALARMS ? `rollbackAlarms must be at most ${MAX_ROLLBACK_ALARMS}, got ${count}` : undefined,
    ]);
  }

  /**
   * Applies a removal policy to the endpoint and all that it needs to go on working: its model, configuration, role, policies,
   * topics, log group and scaling. The output bucket has a policy of its own, the `removalPolicy` prop.
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.parts.forEach((part) => RemovalPolicies.of(part).apply(policy));
  }

  private part<T extends IConstruct>(part: T): T {
    this.parts.push(part);
    return part;
  }

  /** Binds statements to the execution role, or asks for them where it is not known. */
  private bind(id: string, statements: readonly iam.PolicyStatement[]): BoundPolicy[] {
    if (statements.length === 0) return [];
    if (this.role) return [this.part(new BoundPolicy(this, id, this.role, statements))];
    warn(
      this,
      'roleNotKnown',
      'the execution role of the existing model must have these statements, ' +
        `or be given to InferenceModel.fromModelName: ${renderedStatements(this, statements)}`,
    );
    return [];
  }

  /** CDK's own keys leave it to IAM who may use them; a key policy that does not must name the role. */
  private allowOnKeys(outputKeys: readonly IKey[], volumeKey?: IKey): void {
    if (!this.role) return;
    const principals = [new iam.ArnPrincipal(this.role.roleArn)];
    const statements = [
      ...outputKeys.map((key) => [key, encryptStatements([key])] as const),
      [volumeKey, volumeStatements(volumeKey)] as const,
    ];
    for (const [key, [statement]] of statements) {
      // A key of another stack would depend on this one, which depends on the key.
      if (key?.stack !== this.stack || !statement) continue;
      const conditions = statement.conditions as Record<string, unknown>;
      key.addToResourcePolicy(
        new iam.PolicyStatement({ principals, actions: statement.actions, conditions, resources: ['*'] }),
        true,
      );
    }
  }

  private defineNetwork(props: AsyncInferenceEndpointProps): (Network & { connections: ec2.Connections }) | undefined {
    if (!props.vpc) return undefined;
    const securityGroups = props.securityGroups ?? [
      new ec2.SecurityGroup(this, 'SecurityGroup', {
        vpc: props.vpc,
        description: `The model container of the asynchronous inference endpoint ${this.endpointName}`,
      }),
    ];
    return {
      subnetIds: props.vpc.selectSubnets(props.vpcSubnets).subnetIds,
      securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId),
      connections: new ec2.Connections({ securityGroups }),
    };
  }

  private renderDeployment({
    deploymentStrategy,
  }: AsyncInferenceEndpointProps): CfnEndpoint.DeploymentConfigProperty | undefined {
    const alarms = this.rollbackAlarms.map(({ alarmName }) => ({ alarmName }));
    if (!deploymentStrategy && alarms.length === 0) return undefined;
    const { _config } = deploymentStrategy ?? DeploymentStrategy.allAtOnce();
    return alarms.length === 0 ? _config : { ..._config, autoRollbackConfiguration: { alarms } };
  }

  /** SageMaker, acting for this account; AWS documents that asynchronous inference needs the `*` in place of an endpoint's name. */
  private sagemaker(): iam.IPrincipal {
    return new iam.ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': this.stack.account },
        ArnLike: {
          'aws:SourceArn': this.stack.formatArn({
            service: 'sagemaker',
            resource: '*',
            arnFormat: ArnFormat.NO_RESOURCE_NAME,
          }),
        },
      },
    });
  }

  private fingerprint(statements: readonly iam.PolicyStatement[]): string {
    const role = JSON.stringify(this.stack.resolve(this.role?.roleArn));
    return createHash('sha256')
      .update(`${role}${renderedStatements(this, statements)}`)
      .digest('hex')
      .slice(0, 8);
  }
}

function instancesOf({
  instanceType,
  instancePools = [],
}: AsyncInferenceEndpointProps): Partial<CfnEndpointConfig.ProductionVariantProperty> {
  if (instancePools.length === 0) return { instanceType: instanceType.instanceTypeName };
  return {
    instancePools: [instanceType, ...instancePools].map(({ instanceTypeName }, index) => ({
      instanceType: instanceTypeName,
      priority: index + 1,
    })),
  };
}
