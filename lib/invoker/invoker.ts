import type { Duration } from 'aws-cdk-lib';
import { Stack, Tokenization } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { propertyInjectable } from 'aws-cdk-lib/core/lib/prop-injectable';
import { Construct } from 'constructs';
import { toEnvironment } from '../contract/invoker';
import { detailsOf, invocationTimeoutOf, requestTtlOf } from '../core/endpoint-details';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import { bundledFunction } from '../shared/bundled-function';
import { attachKeyPermissions, attachPermissions, renderStatements } from '../shared/permissions';
import { decryptInputStatements, keyStatements, readInputStatement, writeInputStatement } from '../shared/statements';
import { warnIfShared } from '../shared/prefixes';
import { requireTrust } from '../shared/trust';
import { assertValid } from '../shared/validation';
import { warnIfUnreachable } from '../shared/vpc';
import { warn } from '../shared/warnings';
import type { InputLocation } from './input-location';
import { InputPolicy } from './input-policy';
import type { SqsResultNaming } from './sqs-result-naming';
import type { TrustedHttpHeader } from './trusted-http-header';
import type { TrustedSqsAttribute } from './trusted-sqs-attribute';
import { invokerErrors } from './validate';

/** Options of an invoker. */
export interface AsyncInferenceInvokerOptions {
  /**
   * The name of the function: 1 to 64 letters, digits, hyphens and underscores. A new name replaces the function.
   *
   * @default - CloudFormation chooses it
   */
  readonly functionName?: string;

  /**
   * The description of the function: at most 256 characters.
   *
   * @default - a description that names the endpoint
   */
  readonly description?: string;

  /**
   * The processor architecture. The code runs on both.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * The memory of the function in MiB: 128 to 10,240. More memory comes with a larger share of CPU.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * The timeout of a call, retries included: 1 to 900 whole seconds.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * The number of concurrent calls that are reserved for this function: at least 0. A request queue does not need it, because it
   * has its own bound, which does not throttle.
   *
   * @default - the unreserved concurrency of the account
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * The role of the function. It must trust `lambda.amazonaws.com`. It gets the permissions of the function. If it cannot be
   * modified (imported as immutable), a warning lists the statements to add.
   *
   * @default - a new role with the permissions that this function needs
   */
  readonly role?: iam.IRole;

  /**
   * The VPC of the function. It needs a route to the SageMaker runtime: a NAT gateway or an interface endpoint
   * (`sagemaker.runtime`), and a route to S3 if the input policy uses it.
   *
   * @default - none
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets in the VPC.
   *
   * @default - its private subnets
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The security groups in the VPC.
   *
   * @default - a new one that allows all outbound and no inbound traffic
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * How long the logs of the function are kept. They contain IDs, sizes and outcomes, and never a payload.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The log group of the function, for example one with an encryption key, whose policy must allow CloudWatch Logs
   * (`logs.<region>.amazonaws.com`).
   *
   * @default - a new log group
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * The level from which Lambda keeps log lines of the function. The lines are also its metrics: with `WARN`, `Invocations` and
   * `InlineBytes` have no accepted requests, and with `ERROR`, `Rejections` is not published either. `FATAL` is an error, because
   * the metric `Failures` and its alarm need lines of level `ERROR`.
   *
   * @default ApplicationLogLevel.INFO
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
   */
  readonly applicationLogLevel?: lambda.ApplicationLogLevel;

  /**
   * Whether AWS X-Ray traces the function.
   *
   * @default - it does not, and the function has no permission to write traces
   */
  readonly tracing?: lambda.Tracing;

  /**
   * The key that encrypts the environment of the function. The environment contains names and limits, and nothing secret. Lambda
   * uses the key with a grant, for which the deploying identity needs `kms:CreateGrant`.
   *
   * @default - a key of AWS Lambda
   */
  readonly environmentEncryption?: kms.IKey;

  /**
   * Where Lambda sends an event of an asynchronous caller after all attempts have failed. The record contains the event, and so the
   * payload.
   *
   * @default - nowhere: the event is lost, and the log has a line without its payload
   */
  readonly onFailure?: lambda.IDestination;

  /**
   * How often Lambda retries an event of an asynchronous caller: 0 to 2 times. All attempts have the same inference ID.
   *
   * @default 2
   */
  readonly retryAttempts?: number;

  /**
   * The maximum age of an event of an asynchronous caller: 60 whole seconds to 6 hours.
   *
   * @default Duration.hours(6)
   */
  readonly maxEventAge?: Duration;

  /**
   * The content type of a payload that is not a JSON value and whose caller does not set one.
   *
   * @default 'application/json'
   */
  readonly defaultContentType?: string;

  /**
   * How long a request may wait in the queue of the endpoint, unless the request sets it: 60 seconds to 6 hours.
   *
   * @default - `defaultRequestTtl` of the endpoint
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
   */
  readonly defaultRequestTtl?: Duration;

  /**
   * How long the model may take to process a request, unless the request sets it: 1 second to 1 hour.
   *
   * @default - `defaultInvocationTimeout` of the endpoint
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
   */
  readonly defaultInvocationTimeout?: Duration;

  /**
   * Which payloads are sent inline, and which through S3.
   *
   * @default InputPolicy.inline() - payloads of more than 128,000 bytes are rejected
   */
  readonly inputPolicy?: InputPolicy;

  /**
   * Locations of payloads that the execution role of the endpoint may read, in addition to that of `inputPolicy`. The endpoint reads
   * a payload up to 6 hours after it has accepted the request. So before `inputPolicy` uploads to another place, add that place here
   * and deploy. Then change `inputPolicy`, with the former place here. Remove it after 6 hours.
   *
   * @default - none
   */
  readonly readableInputLocations?: InputLocation[];

  /**
   * How the results of SQS messages are named.
   *
   * @default SqsResultNaming.INFERENCE_ID
   */
  readonly sqsResultNaming?: SqsResultNaming;

  /**
   * The headers that HTTP callers may set although they select where a result is written or what is read.
   *
   * @default - none
   */
  readonly trustedHttpHeaders?: TrustedHttpHeader[];

  /**
   * The message attributes that producers of SQS messages may send although they choose where a result lands.
   *
   * @default - none of them
   */
  readonly trustedSqsAttributes?: TrustedSqsAttribute[];
}

/** Properties of an invoker. */
export interface AsyncInferenceInvokerProps extends AsyncInferenceInvokerOptions {
  /** The endpoint that receives the requests. */
  readonly endpoint: IAsyncInferenceEndpoint;
}

/**
 * A Lambda function that sends payloads to an asynchronous endpoint, inline up to 128,000 bytes, and returns where the result will
 * be. It accepts direct calls, HTTP requests (function URL, HTTP API, REST API, Application Load Balancer) and SQS messages. Its code,
 * with the AWS SDK, is part of this package. By default its role may call `sagemaker:InvokeEndpointAsync` on this endpoint and write
 * its logs, and has no permission on any bucket.
 *
 * - A direct call has the members of InvokeEndpointAsync, with `Body` (any JSON value except null) or `BodyBase64`. It returns
 *   `InferenceId`, `OutputLocation` and `FailureLocation`.
 * - An HTTP request has the payload as its body, and the other members as headers such as `X-Amzn-SageMaker-Inference-Id`. The response
 *   is 202 with the same three members in JSON.
 * - An SQS message has the payload as its body, and the other members as message attributes.
 *
 * @example
 * import { AsyncInferenceInvoker, InputPolicy } from 'cdk-sagemaker-async-inference';
 *
 * const invoker = new AsyncInferenceInvoker(this, 'LargePayloads', {
 *   endpoint,
 *   inputPolicy: InputPolicy.bySize(),
 * });
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
@propertyInjectable
export class AsyncInferenceInvoker extends Construct implements iam.IGrantable {
  /** The ID that property injectors use for this construct. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-sagemaker-async-inference.AsyncInferenceInvoker';

  /** The endpoint that receives the requests. */
  public readonly endpoint: IAsyncInferenceEndpoint;
  /** How long a request may wait in the queue of the endpoint, unless the request sets it. */
  public readonly defaultRequestTtl: Duration;
  /** How long the model may take to process a request, unless the request sets it. */
  public readonly defaultInvocationTimeout: Duration;
  /**
   * The function. It depends on the endpoint, so it cannot be granted to what the endpoint depends on: `function.grantInvoke` of the
   * execution role is a cycle.
   */
  public readonly function: lambda.Function;
  /** The log group of the function. */
  public readonly logGroup: logs.ILogGroup;
  /** The role of the function. */
  public readonly grantPrincipal: iam.IPrincipal;
  /** The bucket of payloads in S3. Undefined if all payloads are sent inline. */
  public readonly inputBucket?: s3.IBucket;
  /** The key prefix of these payloads, without a slash at the end. */
  public readonly inputPrefix?: string;
  /**
   * The permissions of the execution role of the endpoint to read these payloads.
   *
   * @internal
   */
  public readonly _inputPermissions: iam.ManagedPolicy[] = [];

  /** @throws if props exceed the limits of the service, with all errors in one message */
  constructor(scope: Construct, id: string, props: AsyncInferenceInvokerProps) {
    super(scope, id);
    const { region, account } = Stack.of(this);
    assertValid(this, invokerErrors(region, account, props));
    requireTrust(this, 'role', props.role, 'lambda.amazonaws.com');
    warnIfUnreachable(this, props, this._services(props.inputPolicy));
    const { endpoint } = props;
    const { config, input, newBucket } = (props.inputPolicy ?? InputPolicy.inline())._bind(this, endpoint);
    if (input) warnIfShared(this, 'payloads', input.bucket, [input.prefix]);
    // Only a new bucket waits for permissions on its key. A policy of their own counts towards the quota of the role.
    const encrypted = newBucket?.encryptionKey ? [newBucket] : [];
    const encryptStatements = keyStatements('EncryptInputs', input?.bucket.encryptionKey, 'kms:GenerateDataKey');
    const waitedFor = <T>(statements: T[]) => (encrypted.length > 0 ? statements : []);
    const atOnce = <T>(statements: T[]) => (encrypted.length > 0 ? [] : statements);

    this.endpoint = endpoint;
    this.defaultRequestTtl = props.defaultRequestTtl ?? requestTtlOf(endpoint);
    this.defaultInvocationTimeout = props.defaultInvocationTimeout ?? invocationTimeoutOf(endpoint);
    this.inputBucket = input?.bucket;
    this.inputPrefix = input?.prefix;
    this.function = bundledFunction(this, {
      functionName: props.functionName,
      description:
        props.description ?? `Sends payloads to the asynchronous inference endpoint ${endpoint.endpointName}`,
      architecture: props.architecture,
      memorySize: props.memorySize,
      timeout: props.timeout,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      role: props.role,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
      logRetention: props.logRetention,
      logGroup: props.logGroup,
      applicationLogLevelV2: props.applicationLogLevel,
      tracing: props.tracing,
      environmentEncryption: props.environmentEncryption,
      onFailure: props.onFailure,
      retryAttempts: props.retryAttempts,
      maxEventAge: props.maxEventAge,
      bundle: this._bundle(input !== undefined),
      statements: [
        new iam.PolicyStatement({
          sid: 'InvokeEndpoint',
          actions: ['sagemaker:InvokeEndpointAsync'],
          resources: [endpoint.endpointArn],
        }),
        ...(input ? [writeInputStatement(input), ...atOnce(encryptStatements)] : []),
      ],
      environment: toEnvironment(
        {
          endpointName: endpoint.endpointName,
          defaultContentType: props.defaultContentType ?? 'application/json',
          defaultRequestTtlSeconds: this.defaultRequestTtl.toSeconds(),
          defaultInvocationTimeoutSeconds: this.defaultInvocationTimeout.toSeconds(),
          sqsResultNaming: props.sqsResultNaming,
          trustedHttpHeaders: props.trustedHttpHeaders,
          trustedSqsAttributes: props.trustedSqsAttributes,
          ...config,
        },
        (value) => Tokenization.stringifyNumber(value),
      ),
    });
    this.logGroup = this.function.logGroup;
    this.grantPrincipal = this.function.grantPrincipal;
    // The name and the ARN of the endpoint are literals, which order nothing.
    this.function.node.addDependency(endpoint);
    attachKeyPermissions(this, 'KeyPermissions', this.function.role!, waitedFor(encryptStatements), encrypted);
    const readable = (props.readableInputLocations ?? []).map((location) => ({
      ...location,
      bucket: location.bucket ?? input!.bucket,
    }));
    const places = [...(input ? [input] : []), ...readable];
    if (places.length === 0) return;
    const decryptStatements = decryptInputStatements(places);
    const readStatements = [readInputStatement(places), ...atOnce(decryptStatements)];
    this._allowEndpointToRead(readStatements, waitedFor(decryptStatements), encrypted);
  }

  /**
   * The archive with the code of the function.
   *
   * @internal
   */
  protected _bundle(usesS3: boolean): string {
    return usesS3 ? 'invoker-with-s3-and-sqs' : 'invoker';
  }

  /**
   * The services that the function calls.
   *
   * @internal
   */
  protected _services(inputPolicy: InputPolicy | undefined): string[] {
    return ['sagemaker.runtime', ...(inputPolicy?._usesBucket ? ['s3'] : [])];
  }

  private _allowEndpointToRead(
    statements: readonly iam.PolicyStatement[],
    keyStatements: readonly iam.PolicyStatement[],
    encrypted: readonly s3.Bucket[],
  ): void {
    const role = detailsOf(this.endpoint).executionRole;
    if (role) {
      this._inputPermissions.push(
        ...attachKeyPermissions(this, 'InputKeyPermissions', role, keyStatements, encrypted),
        ...attachPermissions(this, 'InputPermissions', role, statements),
      );
      this.function.node.addDependency(...this._inputPermissions);
    } else {
      warn(
        this,
        'inputNotReadable',
        `the execution role of the endpoint ${this.endpoint.endpointName} is not known: make sure that it has these statements, ` +
          `or the endpoint cannot read the payloads in S3. Or import the endpoint with executionRole: ${renderStatements(this, [...statements, ...keyStatements])}`,
      );
    }
  }
}
