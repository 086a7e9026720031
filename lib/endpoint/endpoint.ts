import {
  ArnFormat,
  Aspects,
  AspectPriority,
  CfnDeletionPolicy,
  CfnElement,
  CfnResource,
  Duration,
  Lazy,
  RemovalPolicy,
  Resource,
  Token,
} from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import type { Alarm, IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnEndpoint, CfnEndpointConfig, CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct, Dependable } from 'constructs';
import type { IConstruct, IDependable } from 'constructs';
import { AsyncInferenceEndpointBase } from '../core/endpoint-base';
import type { AsyncInferenceEndpointAttributes, AsyncInferenceEndpointDetails } from '../core/endpoint-interface';
import { InferenceOutcome } from '../core/result-subscription';
import { AsyncInferenceInvoker } from '../invoker/invoker';
import type { InferenceModel, InferenceModelConfig } from '../model/inference-model';
import type { InstanceType } from '../model/instance-type';
import { capacityOf, initialCapacityOf } from '../scaling/capacity';
import { EndpointDeploymentStrategy } from '../scaling/deployment-strategy';
import { AsyncInferenceScaling } from '../scaling/scaling';
import { decidedAtSynth, pathToResource, pathToStack, rootOf } from '../shared/dependencies';
import type { Use } from '../shared/dependencies';
import { keyBehind } from '../shared/keys';
import { attachPermissions, renderStatements, useAfter } from '../shared/permissions';
import { requireTrust } from '../shared/trust';
import { assertValid, collect, required } from '../shared/validation';
import type { ValidationError } from '../shared/validation';
import { warnIfUnreachable } from '../shared/vpc';
import { warn, warnIfRegionNotAnnounced } from '../shared/warnings';
import { containerLogGroupName, generateEndpointName, nameInArn } from './endpoint-name';
import type { AsyncInferenceEndpointProps } from './endpoint-props';
import {
  encryptStatements,
  executionStatements,
  networkStatements,
  volumeStatements,
  watchStatement,
} from './execution-statements';
import type { Network } from './execution-statements';
import { ImportedEndpoint } from './imported-endpoint';
import { defineOutput } from './output';
import type { Output } from './output';
import { distinctAlarms, endpointErrors, isModel, rollbackAlarmErrors } from './validate';
import { warnAboutProps } from './warnings';

const MARK = Symbol.for('cdk-sagemaker-async-inference.AsyncInferenceEndpoint');

/**
 * An Amazon SageMaker AI asynchronous inference endpoint with everything that it needs: an output bucket, success and error topics,
 * and scaling to and from zero. Its execution role has no permission on any input bucket, because its invoker function sends payloads
 * inline.
 *
 * @example
 * import { AsyncInferenceEndpoint, ContainerImage, InferenceModel, InstanceType } from 'cdk-sagemaker-async-inference';
 *
 * const endpoint = new AsyncInferenceEndpoint(this, 'Endpoint', {
 *   model: InferenceModel.fromContainer({
 *     image: ContainerImage.fromDlc('huggingface-pytorch-inference', '2.6.0-transformers5.5.3-cpu-py312-ubuntu22.04'),
 *     environment: { HF_MODEL_ID: 'papluca/xlm-roberta-base-language-detection', HF_TASK: 'text-classification' },
 *   }),
 *   instanceType: InstanceType.M5_XLARGE,
 * });
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference.html
 */
@propertyInjectable
export class AsyncInferenceEndpoint extends AsyncInferenceEndpointBase implements ec2.IConnectable, iam.IGrantable {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceEndpoint';

  /** Whether a value is an endpoint that is defined in this app with this class. */
  public static isAsyncInferenceEndpoint(value: unknown): value is AsyncInferenceEndpoint {
    return value !== null && typeof value === 'object' && MARK in value;
  }

  /**
   * Imports an endpoint by its name. Whatever needs more than the name throws an error that names it. To provide it, use
   * `fromAsyncInferenceEndpointAttributes`.
   *
   * @param endpointName the name, in the case in which the endpoint was created. A name that is only known at deployment must be in
   * lower case, because it is in the ARN.
   */
  public static fromEndpointName(scope: Construct, id: string, endpointName: string): AsyncInferenceEndpointBase {
    return new ImportedEndpoint(scope, id, { endpointName });
  }

  /**
   * Imports an endpoint by its ARN. SageMaker writes the name in lower case in the ARN. If the name of the endpoint has capital
   * letters, metrics need `fromAsyncInferenceEndpointAttributes` with the name.
   */
  public static fromEndpointArn(scope: Construct, id: string, endpointArn: string): AsyncInferenceEndpointBase {
    return new ImportedEndpoint(scope, id, { endpointArn });
  }

  /**
   * Imports an endpoint by what is known about it. The endpoint, its model and its container stay unchanged.
   *
   * @throws if neither name nor ARN is given
   */
  public static fromAsyncInferenceEndpointAttributes(
    scope: Construct,
    id: string,
    attributes: AsyncInferenceEndpointAttributes,
  ): AsyncInferenceEndpointBase {
    return new ImportedEndpoint(scope, id, attributes);
  }

  public readonly endpointName: string;
  public readonly endpointArn: string;
  public readonly attributes: AsyncInferenceEndpointDetails;
  /** The name of the production variant. */
  public readonly variantName: string;
  /** The bucket of results and failures. */
  public readonly outputBucket: IBucket;
  /** The key prefix of results, without a slash at the end. */
  public readonly outputPrefix: string;
  /** The key prefix of failures, without a slash at the end. */
  public readonly failurePrefix: string;
  /** The topic that receives success notifications. */
  public readonly successTopic: ITopic;
  /** The topic that receives error notifications. */
  public readonly errorTopic: ITopic;
  /** The key that encrypts results. Undefined if keys of AWS do. */
  public readonly outputEncryptionKey?: IKey;
  /** How long a request may wait in the queue of the endpoint, unless the request sets it. */
  public readonly defaultRequestTtl: Duration;
  /** How long the model may take to process a request, unless the request sets it. */
  public readonly defaultInvocationTimeout: Duration;
  /** The execution role as a grantee, so that `bucket.grantRead(endpoint)` works. The endpoint waits for these permissions. */
  public readonly grantPrincipal: iam.IPrincipal;
  /** The log group of the container. */
  public readonly logGroup: logs.ILogGroup;
  /** The model. Undefined if the endpoint uses an existing one. */
  public readonly model?: CfnModel;
  /** The endpoint configuration, for properties that this class does not have. */
  public readonly endpointConfig: CfnEndpointConfig;
  /** The scaling of the instances. */
  public readonly scaling: AsyncInferenceScaling;
  private readonly _role?: iam.IRole;
  private readonly _network?: Network & ec2.IConnectable;
  private readonly _ownInvoker?: AsyncInferenceInvoker;
  private readonly _endpoint: CfnEndpoint;
  /** The model, and the models of instance pools. */
  private readonly _models: CfnModel[] = [];
  private _rollbackAlarms: readonly IAlarm[] = [];
  /** What a retained endpoint needs. */
  private readonly _parts: IConstruct[] = [];
  private _removalPolicy?: RemovalPolicy;

  /** @throws if props exceed the limits of the service, with all errors in one message */
  constructor(scope: Construct, id: string, props: AsyncInferenceEndpointProps) {
    super(scope, id);
    Object.defineProperty(this, MARK, { value: true });
    this.endpointName = props.endpointName ?? generateEndpointName(this);
    const { pools, models, errors } = this._bindModels(props);
    const [model] = models as [InferenceModelConfig, ...InferenceModelConfig[]];
    const served = [{ instanceType: props.instanceType }, ...pools].map((pool: Pool) => ({
      instanceTypeName: nameOf(pool.instanceType),
      image: (pool.model ?? models[0])?.image,
    }));
    assertValid(this, [...endpointErrors(this, this.endpointName, props, models, served), ...errors]);
    const givenRole = props.executionRole ?? model.existing?.executionRole;
    requireTrust(this, 'executionRole', givenRole, 'sagemaker.amazonaws.com');
    warnIfRegionNotAnnounced(this);
    warnAboutProps(this, props, models, served);
    warnIfUnreachable(this, props, ['s3']);

    this.variantName = props.variantName ?? 'AllTraffic';
    this.defaultRequestTtl = props.defaultRequestTtl ?? Duration.hours(6);
    this.defaultInvocationTimeout = props.defaultInvocationTimeout ?? Duration.minutes(15);
    this.outputEncryptionKey = props.outputEncryptionKey;

    const output = defineOutput(this, this.endpointName, props);
    this.outputBucket = output.bucket;
    this.outputPrefix = output.outputPrefix;
    this.failurePrefix = output.failurePrefix;
    this.successTopic = props.successTopic ?? this._part(output.successTopic);
    this.errorTopic = props.errorTopic ?? this._part(output.errorTopic);
    this.logGroup = props.logGroup ?? this._part(this._defineLogGroup(props));
    this._network = this._defineNetwork(props);
    this._role = model.existing
      ? model.existing.executionRole
      : (props.executionRole ?? this._part(this._defineRole()));
    this.grantPrincipal = this._role?.grantPrincipal ?? new iam.UnknownPrincipal({ resource: this });

    const permissions = this._definePermissions(props, output, models);
    this.model = this._defineModel(this.node.findChild('Model'), model, props);
    this.endpointConfig = this._part(this._defineConfig(props, output, models, pools));
    this._endpoint = this._part(
      new CfnEndpoint(this, 'Resource', {
        endpointName: this.endpointName,
        endpointConfigName: this.endpointConfig.attrEndpointConfigName,
        retainAllVariantProperties: props.retainAllVariantProperties,
        excludeRetainedVariantProperties: props.excludeRetainedVariantProperties?.map((variantPropertyType) => ({
          variantPropertyType,
        })),
        retainDeploymentConfig: props.retainDeploymentConfig,
        deploymentConfig: Lazy.any({ produce: () => this._renderDeployment(props) }),
      }),
    );
    // SageMaker checks the permissions of the role while it creates both, and needs them until the endpoint is deleted.
    const needed = [...permissions, ...this._permissionsOfUsers()];
    this._models.forEach(({ node }) => node.addDependency(...needed));
    this._endpoint.node.addDependency(...needed, this.logGroup);
    // What depends on this construct depends on the endpoint itself. This includes its parts, such as the invoker.
    Dependable.implement(this, { dependencyRoots: [this._endpoint] });

    this.endpointArn = Token.isUnresolved(this.endpointName)
      ? this._endpoint.ref
      : this.stack.formatArn({
          service: 'sagemaker',
          resource: 'endpoint',
          resourceName: nameInArn(this.endpointName),
        });
    this.attributes = this._describe(props);
    this.node.addValidation({ validate: () => this._renamed() });

    if (props.rollbackAlarms) this.addRollbackAlarms(...props.rollbackAlarms);
    this.scaling = new AsyncInferenceScaling(this, 'Scaling', { ...props.scaling, endpoint: this });
    if (props.createInvoker ?? true) {
      this._ownInvoker = new AsyncInferenceInvoker(this, 'Invoker', { ...props.invokerOptions, endpoint: this });
    }
  }

  /**
   * The role that SageMaker assumes.
   *
   * @throws if the endpoint uses an existing model whose role is not known
   */
  public get executionRole(): iam.IRole {
    return required(this, this._role, 'executionRole is not known: pass it to InferenceModel.fromModelName');
  }

  /**
   * The function that sends payloads inline.
   *
   * @throws if the endpoint has `createInvoker: false`
   */
  public get invoker(): AsyncInferenceInvoker {
    return required(this, this._ownInvoker, 'the endpoint has no invoker, because createInvoker is false');
  }

  /**
   * The network connections of the container.
   *
   * @throws if the endpoint has no VPC
   */
  public get connections(): ec2.Connections {
    return required(this, this._network, 'the endpoint has no network connections, because it has no vpc').connections;
  }

  /**
   * The invoker, or undefined without one.
   *
   * @internal
   */
  public get _invoker(): AsyncInferenceInvoker | undefined {
    return this._ownInvoker;
  }

  /**
   * Adds alarms that roll an update back if they enter ALARM while it is in progress: at most ten in total. They must not depend on
   * the endpoint. Alarms on its metrics do not, alarms on its invoker do.
   *
   * @throws if there are more than ten, and for an alarm on the invoker of the endpoint
   */
  public addRollbackAlarms(...alarms: IAlarm[]): void {
    if (alarms.length === 0) return;
    if (this._rollbackAlarms.length === 0) {
      const alarmArns = Lazy.list({ produce: () => this._rollbackAlarms.map(({ alarmArn }) => alarmArn) });
      this._endpoint.node.addDependency(...this._attach('RollbackPermissions', [watchStatement(alarmArns)]));
      // What depends on the endpoint may be defined later.
      const check = () => {
        assertValid(this, this._stacksThatDependOnThis());
        return [];
      };
      this._endpoint.node.addDependency(decidedAtSynth(check));
    }
    this._rollbackAlarms = distinctAlarms([...this._rollbackAlarms, ...alarms]);
    const functions = this._functionsOfInvokers();
    assertValid(this, [
      ...rollbackAlarmErrors(this._rollbackAlarms, this.env.region),
      ...alarms
        .filter((alarm) => watchesAny(alarm, functions))
        .map(
          ({ node }) =>
            `${node.path} watches the invoker, which depends on the endpoint, so it cannot be a rollback alarm: use ` +
            'alarmsOf(endpoint) of the monitoring',
        ),
    ]);
  }

  /** The stacks of rollback alarms that depend on the stack of the endpoint, which depends on them. */
  private _stacksThatDependOnThis(): ValidationError[] {
    const owned = this._rollbackAlarms.filter((alarm) => Resource.isOwnedResource(alarm));
    const stacks = new Set(owned.map(({ stack }) => stack).filter((stack) => stack !== this.stack));
    return [...stacks].map((stack) => {
      const path = rootOf(stack) === rootOf(this.stack) ? this._pathFromNested(stack) : pathToStack(stack, this.stack);
      if (!path) return undefined;
      const uses = path.map(({ user, used }) => `${user.node.path} uses ${used.node.path}`).join(', and ');
      return (
        `rollbackAlarms has alarms of the stack ${stack.node.path}, and two stacks cannot depend on each other: ${uses}. Define the alarms ` +
        'in a stack that uses nothing of the endpoint, for example monitoring with invokers: [] and without requestQueues, and another one for these'
      );
    });
  }

  /** A nested stack is one resource of the stack above it, which waits for everything that its parts wait for. */
  private _pathFromNested(stack: Stack): readonly Use[] | undefined {
    if (this.stack.node.scopes.includes(stack)) return undefined;
    const elements = stack.node.findAll().filter((node) => CfnElement.isCfnElement(node));
    return pathToResource(elements, this._endpoint);
  }

  /** The names of the functions of all invokers of this endpoint in the app. */
  private _functionsOfInvokers(): ReadonlySet<string> {
    const all = this.node.root.node.findAll().filter((node) => node instanceof AsyncInferenceInvoker);
    return new Set(all.filter(({ endpoint }) => endpoint === this).map((each) => each.function.functionName));
  }

  /**
   * Applies a removal policy to the endpoint and everything that it needs in service: model, configuration, role, permissions,
   * topics, log group and security group. With `RETAIN`, all of this stays when the stack is deleted. What an update replaces is
   * deleted, and so is what a deployment creates if it fails: an endpoint that stayed would cost money and be in the way of the
   * next attempt. Scaling is not part of it. The output bucket has its own policy, `outputRemovalPolicy`.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
   */
  public override applyRemovalPolicy(policy: RemovalPolicy): void {
    this._removalPolicy = policy;
    this._parts.forEach((part) => this._applyTo(part, policy));
    // Accepted requests name payloads that the role may read by the permissions of any invoker, which may be defined later.
    this._visit(this.stack, (node) => {
      if (!(node instanceof AsyncInferenceInvoker) || node.endpoint !== this) return;
      const resources = node._inputPermissions.flatMap((permissions) => permissions.node.findAll());
      resources.forEach((resource) => keep(resource, policy));
    });
  }

  private _applyTo(part: IConstruct, policy: RemovalPolicy): void {
    this._visit(part, (node) => keep(node, policy));
  }

  private _visit(scope: IConstruct, visit: (node: IConstruct) => void): void {
    Aspects.of(scope).add({ visit }, { priority: AspectPriority.MUTATING });
  }

  private _part<T extends IConstruct>(part: T): T {
    this._parts.push(part);
    if (this._removalPolicy) this._applyTo(part, this._removalPolicy);
    return part;
  }

  /** Attaches statements to the execution role, or prints them if it is not known. */
  private _attach(id: string, statements: readonly iam.PolicyStatement[]): iam.ManagedPolicy[] {
    if (statements.length === 0) return [];
    if (!this._role) {
      warn(
        this,
        'roleNotKnown',
        'the execution role of the existing model is not known: pass it to InferenceModel.fromModelName, ' +
          `or make sure that it has these statements: ${renderStatements(this, statements)}`,
      );
      return [];
    }
    const policies = attachPermissions(this, id, this._role, statements);
    policies.forEach((policy) => this._part(policy));
    return policies;
  }

  private _bindModels({ model, instancePools = [] }: AsyncInferenceEndpointProps) {
    const errors: ValidationError[] = [];
    // The compiler of TypeScript requires a model. Other callers get an error for it.
    const given = model as InferenceModel | undefined;
    const main = collect(errors, () => (isModel(given) ? given._bind(new Construct(this, 'Model')) : undefined));
    const pools = instancePools.map(({ instanceType, model: own }, index): Pool => {
      if (!own) return { instanceType };
      const type = nameOf(instanceType);
      const isTaken = instancePools.findIndex((pool) => nameOf(pool.instanceType) === type) < index;
      const name = Token.isUnresolved(type) || type === '' || isTaken ? `${index}` : type;
      const scope = new Construct(this, `Model-${name.replace(/\W/g, '-')}`);
      return { instanceType, scope, model: collect(errors, () => own._bind(scope)) };
    });
    const models = [main, ...pools.map((pool) => pool.model)].filter((bound) => bound !== undefined);
    return { pools, models: main ? models : [], errors };
  }

  private _defineLogGroup({ logRetention }: AsyncInferenceEndpointProps): logs.LogGroup {
    // Otherwise SageMaker would create the log group, and keep its logs forever.
    return new logs.LogGroup(this, 'LogGroup', {
      logGroupName: containerLogGroupName(this.endpointName),
      retention: logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** AWS documents that asynchronous inference needs `*` instead of the name of the endpoint. */
  private _defineRole(): iam.Role {
    return new iam.Role(this, 'ExecutionRole', {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
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
      }),
    });
  }

  private _definePermissions(
    props: AsyncInferenceEndpointProps,
    output: Output,
    models: readonly InferenceModelConfig[],
  ): IDependable[] {
    const volumeKey = keyBehind(props.volumeEncryptionKey);
    // A bucket or topic that gets a key must not use it before the role may, so these permissions stand alone and come first.
    const keyPermissions = this._attach('KeyPermissions', [
      ...encryptStatements(output.keys),
      ...volumeStatements(volumeKey),
    ]);
    const encrypted = [
      ...(props.outputBucket ? [] : [output.bucket]),
      ...(props.successTopic ? [] : [output.successTopic]),
      ...(props.errorTopic ? [] : [output.errorTopic]),
    ];
    encrypted.forEach((resource) => {
      if (this._role) useAfter(resource, keyPermissions, this._role);
    });
    // The stack of a given role may already depend on the key.
    if (!props.executionRole && !models[0]?.existing) this._allowOnKeys(output.keys, volumeKey);
    const permissions = this._attach('Permissions', [
      ...executionStatements(this, {
        logGroup: this.logGroup,
        logGroupName: containerLogGroupName(this.endpointName),
        outputBucket: this.outputBucket,
        prefixes: [this.outputPrefix, this.failurePrefix],
        topics: [...new Set([this.successTopic, this.errorTopic])],
      }),
      ...networkStatements(this, this._network),
      ...models.flatMap(({ statements }) => statements),
    ]);
    return [...keyPermissions, ...permissions];
  }

  /** The policies of most keys leave permissions to IAM. The policy of a key that does not must name the role. */
  private _allowOnKeys(outputKeys: readonly IKey[], volumeKey: IKey | undefined): void {
    if (!this._role) return;
    const principals = [new iam.ArnPrincipal(this._role.roleArn)];
    const statements = [
      ...outputKeys.map((key) => [key, encryptStatements([key])] as const),
      [volumeKey, volumeStatements(volumeKey)] as const,
    ];
    for (const [key, [statement]] of statements) {
      // The stack of a key from another stack would depend on this one, which depends on the key.
      if (key?.stack !== this.stack || !statement) continue;
      const conditions = statement.conditions as Record<string, unknown>;
      key.addToResourcePolicy(
        new iam.PolicyStatement({ principals, actions: statement.actions, conditions, resources: ['*'] }),
        true,
      );
    }
  }

  /** The role itself, with whatever users grant to it. The stack of a role from another stack may depend on this stack. */
  private _permissionsOfUsers(): IDependable[] {
    return this._role?.stack === this.stack ? [this._role] : [];
  }

  private _defineModel(
    scope: Construct,
    { container }: InferenceModelConfig,
    { enableNetworkIsolation }: AsyncInferenceEndpointProps,
  ): CfnModel | undefined {
    if (!container) return undefined;
    const model = new CfnModel(scope, 'Resource', {
      executionRoleArn: this.executionRole.roleArn,
      primaryContainer: container,
      enableNetworkIsolation,
      vpcConfig: this._network && {
        subnets: [...this._network.subnetIds],
        securityGroupIds: [...this._network.securityGroupIds],
      },
    });
    this._models.push(model);
    return this._part(model);
  }

  private _defineConfig(
    props: AsyncInferenceEndpointProps,
    output: Output,
    models: readonly InferenceModelConfig[],
    pools: readonly Pool[],
  ): CfnEndpointConfig {
    const instancePools = pools.map(({ instanceType, scope, model: own }, index) => ({
      instanceType: instanceType.instanceTypeName,
      priority: index + 2,
      modelNameOverride:
        own && scope ? (own.existing?.modelName ?? this._defineModel(scope, own, props)!.attrModelName) : undefined,
    }));
    const { instanceTypeName } = props.instanceType;
    const startupTimeout =
      props.containerStartupHealthCheckTimeout ??
      (models.some(({ downloadVariable }) => downloadVariable) ? Duration.minutes(15) : undefined);
    const config = new CfnEndpointConfig(this, 'Config', {
      productionVariants: [
        {
          variantName: this.variantName,
          modelName: models[0]?.existing?.modelName ?? this.model!.attrModelName,
          ...(pools.length === 0
            ? { instanceType: instanceTypeName }
            : { instancePools: [{ instanceType: instanceTypeName, priority: 1 }, ...instancePools] }),
          initialInstanceCount: props.initialInstanceCount ?? initialCapacityOf(props.scaling),
          initialVariantWeight: 1,
          volumeSizeInGb: props.volumeSize?.toGibibytes(),
          modelDataDownloadTimeoutInSeconds: props.modelDataDownloadTimeout?.toSeconds(),
          containerStartupHealthCheckTimeoutInSeconds: startupTimeout?.toSeconds(),
          variantInstanceProvisionTimeoutInSeconds: props.variantInstanceProvisionTimeout?.toSeconds(),
          inferenceAmiVersion: props.inferenceAmiVersion?.amiVersionName,
          capacityReservationConfig: props.capacityReservationConfig && {
            mlReservationArn: props.capacityReservationConfig.mlReservationArn,
            // The only value there is.
            capacityReservationPreference: 'capacity-reservations-only',
          },
        },
      ],
      kmsKeyId: props.volumeEncryptionKey?.keyArn,
      asyncInferenceConfig: {
        clientConfig:
          props.maxConcurrentInvocationsPerInstance === undefined
            ? undefined
            : { maxConcurrentInvocationsPerInstance: props.maxConcurrentInvocationsPerInstance },
        outputConfig: {
          s3OutputPath: output.bucket.s3UrlForObject(output.outputPrefix),
          s3FailurePath: output.bucket.s3UrlForObject(output.failurePrefix),
          kmsKeyId: props.outputEncryptionKey?.keyArn,
          notificationConfig: {
            successTopic: output.successTopic.topicArn,
            errorTopic: output.errorTopic.topicArn,
            includeInferenceResponseIn: props.includeInferenceResponseIn?.map((outcome) =>
              outcome === InferenceOutcome.SUCCESS ? 'SUCCESS_NOTIFICATION_TOPIC' : 'ERROR_NOTIFICATION_TOPIC',
            ),
          },
        },
      },
    });
    if (props.metricsConfig) {
      // The oldest CDK that this library supports does not have the property.
      config.addPropertyOverride('MetricsConfig', {
        EnableEnhancedMetrics: props.metricsConfig.enableEnhancedMetrics,
        EnableDetailedObservability: props.metricsConfig.enableDetailedObservability,
        MetricPublishFrequencyInSeconds: props.metricsConfig.metricPublishFrequency?.toSeconds(),
      });
    }
    return config;
  }

  private _defineNetwork(props: AsyncInferenceEndpointProps): (Network & ec2.IConnectable) | undefined {
    if (!props.vpc) return undefined;
    const securityGroups = props.securityGroups ?? [
      this._part(
        new ec2.SecurityGroup(this, 'SecurityGroup', {
          vpc: props.vpc,
          description: `Container of the asynchronous inference endpoint ${this.endpointName}`,
        }),
      ),
    ];
    return {
      subnetIds: props.vpc.selectSubnets(props.vpcSubnets).subnetIds,
      securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId),
      connections: new ec2.Connections({ securityGroups }),
    };
  }

  private _renderDeployment({
    deploymentStrategy,
  }: AsyncInferenceEndpointProps): CfnEndpoint.DeploymentConfigProperty | undefined {
    const alarms = this._rollbackAlarms.map(({ alarmName }) => ({ alarmName }));
    if (!deploymentStrategy && alarms.length === 0) return undefined;
    const { _config } = deploymentStrategy ?? EndpointDeploymentStrategy.allAtOnce();
    return alarms.length === 0 ? _config : { ..._config, autoRollbackConfiguration: { alarms } };
  }

  private _describe(props: AsyncInferenceEndpointProps): AsyncInferenceEndpointDetails {
    return {
      endpointName: this.endpointName,
      variantName: this.variantName,
      outputBucket: this.outputBucket,
      outputPrefix: this.outputPrefix,
      failurePrefix: this.failurePrefix,
      successTopic: this.successTopic,
      errorTopic: this.errorTopic,
      executionRole: this._role,
      outputEncryptionKey: this.outputEncryptionKey,
      maxConcurrentInvocationsPerInstance: props.maxConcurrentInvocationsPerInstance,
      maxCapacity: capacityOf(props.scaling ?? {}).maxCapacity,
      defaultRequestTtl: this.defaultRequestTtl,
      defaultInvocationTimeout: this.defaultInvocationTimeout,
    };
  }

  /** Log group, permissions, scaling and metrics contain the name, and an Aspect does not change them. */
  private _renamed(): string[] {
    const [actual, expected] = [this._endpoint.endpointName, this.endpointName].map((name) =>
      JSON.stringify(this.stack.resolve(name)),
    );
    if (actual === expected) return [];
    return [
      'the endpoint was renamed after its construction, for example by an Aspect, but its log group, permissions, scaling and ' +
        'metrics contain the old name: set the prop endpointName',
    ];
  }
}

/** A pool of instances, with a model of its own or that of the endpoint. */
interface Pool {
  readonly instanceType: InstanceType;
  readonly scope?: Construct;
  readonly model?: InferenceModelConfig;
}

/** The name of an instance type, or an empty one for a value that is none. */
function nameOf(instanceType: Partial<InstanceType> | undefined): string {
  return instanceType?.instanceTypeName ?? '';
}

function watchesAny(alarm: IAlarm, functionNames: ReadonlySet<string>): boolean {
  const { metric } = alarm as Partial<Alarm>;
  const dimensions = metric?.toMetricConfig().metricStat?.dimensions ?? [];
  return dimensions.some(({ value }) => functionNames.has(value as string));
}

/** Applies a removal policy to a resource. What an update or a failed creation leaves behind is deleted in any case. */
function keep(node: IConstruct, policy: RemovalPolicy): void {
  if (!CfnResource.isCfnResource(node)) return;
  const kept = policy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : policy;
  node.applyRemovalPolicy(kept, { applyToUpdateReplacePolicy: false });
  node.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
}
