import type { Duration } from 'aws-cdk-lib';
import { Tokenization } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { AsyncInferenceEndpointBase, IAsyncInferenceEndpoint } from '../core/endpoint-base';
import { InputPolicy } from './input-policy';
import { toEnvironment } from '../contract/invoker';
import type { GuardedHeader } from './guarded-header';
import { BoundPolicy, renderedStatements } from '../shared/bound-policy';
import { bundledFunction } from '../shared/bundled-function';
import { invokerFaults } from './validate';
import { readInputStatements } from '../shared/statements';
import { refuse } from '../shared/validation';
import { warn } from '../shared/warnings';
import type { ResultNaming } from './result-naming';

/** Options of an invoker, whichever endpoint it serves. */
export interface AsyncInferenceInvokerOptions {
  /**
   * The function's name: 1 to 64 letters, digits, hyphens and underscores. Another name replaces the function.
   *
   * @default - chosen by CloudFormation
   */
  readonly functionName?: string;

  /**
   * What the function is, for people: at most 256 characters.
   *
   * @default - says which endpoint it serves
   */
  readonly description?: string;

  /**
   * The processor that the function runs on. Its code runs on either.
   *
   * @default Architecture.ARM_64
   */
  readonly architecture?: lambda.Architecture;

  /**
   * The function's memory, in MiB: 128 to 10,240. More memory is also a larger share of CPU.
   *
   * @default 256
   */
  readonly memorySize?: number;

  /**
   * How long a call may take, retries included: 1 to 900 whole seconds.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * How many calls may run at a time, kept aside for this function: 0 (none) up to the account's quota. A queue needs no such
   * bound: it has a `maxConcurrency` of its own, which does not throttle.
   *
   * @default - the account's unreserved concurrency
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * The role that the function runs as, which must trust `lambda.amazonaws.com`. It gets the function's policy; where it takes
   * none (imported as immutable), a warning lists the statements to add.
   *
   * @default - a new role with the rights that this function needs
   */
  readonly role?: iam.IRole;

  /**
   * The VPC that the function runs in. It must have a way to the SageMaker runtime: a NAT gateway or an interface endpoint
   * (`sagemaker.runtime`), and to S3 where the input policy uses it.
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
   * @default - a new one that lets everything out and nothing in
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * How long the function's logs are kept. They hold ids, sizes and outcomes, and never a payload.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Whether AWS X-Ray traces the function.
   *
   * @default - not traced, and no right to write traces
   */
  readonly tracing?: lambda.Tracing;

  /**
   * The key that the function's environment is encrypted with; it holds names and limits, nothing secret. Lambda lets the
   * function use it by a grant, which takes `kms:CreateGrant` of who deploys.
   *
   * @default - a key of Lambda's own
   */
  readonly environmentEncryption?: kms.IKey;

  /**
   * Where Lambda sends an event that an asynchronous caller gave and that failed in every attempt. The record holds the event,
   * and so the payload.
   *
   * @default - nowhere: it is lost, but for a line in the log without its payload
   */
  readonly onFailure?: lambda.IDestination;

  /**
   * How often Lambda tries an asynchronous event again that failed: 0 to 2 times. All attempts carry one inference id.
   *
   * @default 2
   */
  readonly retryAttempts?: number;

  /**
   * How old an asynchronous event may become before Lambda gives it up: 60 whole seconds to 6 hours.
   *
   * @default Duration.hours(6)
   */
  readonly maxEventAge?: Duration;

  /**
   * The content type of a payload that its caller does not label, and that is not given as a JSON value.
   *
   * @default 'application/json'
   */
  readonly defaultContentType?: string;

  /**
   * How long a request may wait in the endpoint's queue that does not say so itself: 60 seconds to 6 hours.
   *
   * @default - the endpoint's requestTtl
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
   */
  readonly requestTtl?: Duration;

  /**
   * How long the model may work on a request that does not say so itself: 1 second to 1 hour.
   *
   * @default - the endpoint's invocationTimeout
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
   */
  readonly invocationTimeout?: Duration;

  /**
   * Which payloads travel inline, and which through S3.
   *
   * @default InputPolicy.inline()
   */
  readonly inputPolicy?: InputPolicy;

  /**
   * Who names the results of SQS messages.
   *
   * @default ResultNaming.INFERENCE_ID
   */
  readonly resultNaming?: ResultNaming;

  /**
   * The headers that HTTP callers may send although they choose where a result lands, or what is read.
   *
   * @default - none of them
   */
  readonly allowedHeaders?: GuardedHeader[];
}

/** Properties of an invoker. */
export interface AsyncInferenceInvokerProps extends AsyncInferenceInvokerOptions {
  /** The endpoint that requests go to. */
  readonly endpoint: IAsyncInferenceEndpoint;
}

/**
 * A Lambda function that sends a payload to an asynchronous endpoint, inline up to 128,000 bytes, and answers where its result
 * will be. It takes direct calls, HTTP requests (function URL, HTTP API, REST API) and SQS messages. Its code and the AWS SDK are
 * bundled with this package. By default its role may call `sagemaker:InvokeEndpointAsync` on that endpoint and write its own
 * logs, and has no right on any bucket.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export class AsyncInferenceInvoker extends Construct implements iam.IGrantable {
  /** The endpoint that requests go to. */
  public readonly endpoint: IAsyncInferenceEndpoint;
  /** How long a request may wait in the endpoint's queue, unless it says otherwise. */
  public readonly requestTtl: Duration;
  /** The function. */
  public readonly function: lambda.Function;
  /** The function's log group. */
  public readonly logGroup: logs.ILogGroup;
  /** The function's role. */
  public readonly grantPrincipal: iam.IPrincipal;
  /** The bucket of payloads that go through S3; undefined where all go inline. */
  public readonly inputBucket?: s3.IBucket;
  /** The prefix of their keys in it, without a slash at its end. */
  public readonly inputPrefix?: string;
  private paced = false;

  /** @throws when props are out of the service's limits, with all faults in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceInvokerProps) {
    super(scope, id);
    refuse(this, invokerFaults(props));
    const { endpoint, inputPolicy = InputPolicy.inline(), ...options } = props;
    const { config, statements, input } = inputPolicy._bind(this, endpoint);

    this.endpoint = endpoint;
    this.requestTtl = props.requestTtl ?? endpoint.requestTtl;
    this.inputBucket = input?.bucket;
    this.inputPrefix = input?.prefix;
    this.function = bundledFunction(this, {
      ...options,
      bundle: input ? 'invoker-with-s3' : 'invoker',
      description:
        props.description ?? `Sends payloads inline to the asynchronous inference endpoint ${endpoint.endpointName}`,
      statements: [
        new iam.PolicyStatement({ actions: ['sagemaker:InvokeEndpointAsync'], resources: [endpoint.endpointArn] }),
        ...statements,
      ],
      environment: toEnvironment(
        {
          endpointName: endpoint.endpointName,
          defaultContentType: props.defaultContentType ?? 'application/json',
          requestTtlSeconds: this.requestTtl.toSeconds(),
          invocationTimeoutSeconds: (props.invocationTimeout ?? endpoint.invocationTimeout).toSeconds(),
          resultNaming: props.resultNaming,
          allowedHeaders: props.allowedHeaders,
          ...config,
        },
        (value) => Tokenization.stringifyNumber(value),
      ),
    });
    this.logGroup = this.function.logGroup;
    this.grantPrincipal = this.function.grantPrincipal;
    // The endpoint's name and ARN are literals, which order nothing.
    this.function.node.addDependency(endpoint);
    if (input) this.letEndpointRead(readInputStatements(input.bucket, input.prefix));
  }

  private letEndpointRead(rights: iam.PolicyStatement[]): void {
    const role = (this.endpoint as AsyncInferenceEndpointBase)._knownExecutionRole;
    if (role) {
      this.function.node.addDependency(new BoundPolicy(this, 'InputPolicy', role, rights));
    } else {
      warn(
        this,
        'inputNotReadable',
        `the execution role of the endpoint ${this.endpoint.endpointName} is not known here; see to it that it has ` +
          `these statements, else the endpoint cannot read what is uploaded for it: ${renderedStatements(this, rights)}`,
      );
    }
  }

  /**
   * Holds the function's SQS messages to a pace.
   *
   * @internal
   */
  public _pace(sqsPaceMilliseconds: number): void {
    refuse(this, [
      this.paced ? 'there is a request queue already: give the other one an invoker of its own' : undefined,
    ]);
    this.paced = true;
    Object.entries(toEnvironment({ sqsPaceMilliseconds })).forEach(([name, value]) =>
      this.function.addEnvironment(name, value),
    );
  }
}
