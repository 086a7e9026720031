import type { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { IAsyncInferenceEndpoint } from './async-inference-endpoint-base';
import { toEnvironment } from './invoker-contract';
import { bundledFunction } from './private/bundled-function';
import { refuse, text, wholeNumber, wholeSeconds } from './private/validation';

/** Options of an invoker, whichever endpoint it serves. */
export interface AsyncInferenceInvokerOptions {
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
   * How long the function's logs are kept. They hold ids, sizes and outcomes, and never a payload.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * The content type of a payload that its caller does not label, and that is not given as a JSON value.
   *
   * @default 'application/json'
   */
  readonly defaultContentType?: string;
}

/** Properties of an invoker. */
export interface AsyncInferenceInvokerProps extends AsyncInferenceInvokerOptions {
  /** The endpoint that requests go to. */
  readonly endpoint: IAsyncInferenceEndpoint;
}

/**
 * A Lambda function that sends a payload of up to 128,000 bytes inline to an asynchronous endpoint, and answers where its
 * result will be. Its code and the AWS SDK are bundled with this package. Its role may call `sagemaker:InvokeEndpointAsync`
 * on that endpoint and write its own logs, and has no right on any bucket.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export class AsyncInferenceInvoker extends Construct implements iam.IGrantable {
  /** The function. */
  public readonly function: lambda.Function;
  /** The function's log group. */
  public readonly logGroup: logs.ILogGroup;
  /** The function's role. */
  public readonly grantPrincipal: iam.IPrincipal;

  /** @throws when props are out of the service's limits, with all faults in one error */
  constructor(scope: Construct, id: string, props: AsyncInferenceInvokerProps) {
    super(scope, id);
    refuse(this, [
      wholeNumber('memorySize', props.memorySize, 128, 10_240),
      wholeSeconds('timeout', props.timeout, 1, 900),
      text('defaultContentType', props.defaultContentType, /^[\x21-\x7e]([\x20-\x7e]{0,1022}[\x21-\x7e])?$/, '1 to 1,024 characters of ASCII'),
    ]);

    this.function = bundledFunction(this, {
      bundle: 'invoker',
      description: `Sends payloads inline to the asynchronous inference endpoint ${props.endpoint.endpointName}`,
      statements: [new iam.PolicyStatement({ actions: ['sagemaker:InvokeEndpointAsync'], resources: [props.endpoint.endpointArn] })],
      memorySize: props.memorySize,
      timeout: props.timeout,
      logRetention: props.logRetention,
      environment: toEnvironment({
        endpointName: props.endpoint.endpointName,
        defaultContentType: props.defaultContentType ?? 'application/json',
      }),
    });
    this.logGroup = this.function.logGroup;
    this.grantPrincipal = this.function.grantPrincipal;
    // The endpoint's name and ARN are literals, which order nothing.
    this.function.node.addDependency(props.endpoint);
  }
}
