import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { AsyncInferenceCallback } from './callback';
import { invocationTimeoutOf, requestTtlOf } from '../core/endpoint-details';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-interface';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import { ownInvoker } from '../endpoint/own-invoker';
import { taskErrors } from './validate';
import { assertValid } from '../shared/validation';

/** Options of a task that sends a request to an asynchronous endpoint. Strings may be paths or expressions of the query language. */
export interface InvokeAsyncInferenceOptions {
  /** The endpoint that receives the request. */
  readonly endpoint: IAsyncInferenceEndpoint;

  /**
   * The callback that completes the task. Required with the integration pattern `WAIT_FOR_TASK_TOKEN`.
   *
   * @default - none, because the pattern `REQUEST_RESPONSE` needs none
   */
  readonly callback?: AsyncInferenceCallback;

  /**
   * The invoker that sends the request, with the integration pattern `REQUEST_RESPONSE`.
   *
   * @default - the invoker of the endpoint
   */
  readonly invoker?: AsyncInferenceInvoker;

  /**
   * The payload, at most 128,000 bytes. A string is sent as it is, any other value as JSON. Exactly one of `body`, `bodyBase64` and
   * `inputLocation` is required.
   *
   * @default - the payload is given by another prop
   */
  readonly body?: sfn.TaskInput;

  /**
   * The payload in base64, for binary data.
   *
   * @default - the payload is given by another prop
   */
  readonly bodyBase64?: string;

  /**
   * The location of the payload in S3. The execution role of the endpoint must be able to read it.
   *
   * @default - the payload is given by another prop
   */
  readonly inputLocation?: string;

  /**
   * The content type of the payload, for example 'text/csv'.
   *
   * @default - 'application/json', or the default of the invoker
   */
  readonly contentType?: string;

  /**
   * The content type of the result.
   *
   * @default - the container chooses it
   */
  readonly accept?: string;

  /**
   * Attributes that the container and the notifications receive: 1 to 1,024 printable ASCII characters.
   *
   * @default - none
   */
  readonly customAttributes?: string;

  /**
   * The ID of the inference, with the integration pattern `REQUEST_RESPONSE`: 1 to 64 printable ASCII characters.
   *
   * @default - each attempt has a new ID
   */
  readonly inferenceId?: string;

  /**
   * A path within the output prefix: 1 to 512 characters. Retries do not overwrite each other unless `filename` is set as well.
   *
   * @default - none
   */
  readonly s3OutputPathExtension?: string;

  /**
   * The file name of the result: 1 to 32 characters.
   *
   * @default - SageMaker chooses a new name for each result
   */
  readonly filename?: string;

  /**
   * How long the request may wait in the queue of the endpoint: 60 seconds to 6 hours.
   *
   * @default - `defaultRequestTtl` of the endpoint
   */
  readonly requestTtl?: Duration;

  /**
   * How long the model may take to process the request: 1 second to 1 hour.
   *
   * @default - `defaultInvocationTimeout` of the endpoint
   */
  readonly invocationTimeout?: Duration;

  /**
   * Whether to retry transient errors of functions and services, up to six times within about two minutes. Each attempt is a new
   * inference.
   *
   * @default true
   */
  readonly retryOnServiceExceptions?: boolean;
}

/**
 * Properties of a JSONPath task that sends a request to an asynchronous endpoint. The default of `integrationPattern` is
 * `REQUEST_RESPONSE`. With `WAIT_FOR_TASK_TOKEN`, the default of `taskTimeout` is five minutes after the last moment at which the
 * endpoint can complete the request. Otherwise it is the default of Step Functions.
 */
export interface InvokeAsyncInferenceJsonPathProps
  extends sfn.TaskStateJsonPathBaseProps, InvokeAsyncInferenceOptions {}

/**
 * Properties of a JSONata task that sends a request to an asynchronous endpoint. The default of `integrationPattern` is
 * `REQUEST_RESPONSE`. With `WAIT_FOR_TASK_TOKEN`, the default of `taskTimeout` is five minutes after the last moment at which the
 * endpoint can complete the request. Otherwise it is the default of Step Functions.
 */
export interface InvokeAsyncInferenceJsonataProps extends sfn.TaskStateJsonataBaseProps, InvokeAsyncInferenceOptions {}

/** Properties of a task that sends a request to an asynchronous endpoint. */
export interface InvokeAsyncInferenceProps extends sfn.TaskStateBaseProps, InvokeAsyncInferenceOptions {}

/** The time from the end of an inference to the end of the task, at most. */
const COMPLETION = Duration.minutes(5);

/** The maximum time of a request in the service: 6 hours in the queue and 1 hour of processing. */
const MAX_REQUEST_TIME = Duration.hours(7);

const TRANSIENT_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'ThrottlingException',
  'TooManyRequestsException',
  'ServiceUnavailable',
  'InternalFailure',
  'InternalServerError',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TimeoutError',
  'DeadlineExceededError',
  'UnreadableResponseError',
];

/**
 * A task that sends a request to an asynchronous endpoint.
 *
 * - `REQUEST_RESPONSE`, the default: the task ends when the endpoint has accepted the request. Its output is `InferenceId`,
 *   `OutputLocation` and `FailureLocation`.
 * - `WAIT_FOR_TASK_TOKEN`: the task ends with the result. Its output is `InferenceId`, `OutputLocation`, `ContentType`, and `Body` or
 *   `BodyBase64` if the result is small enough. It fails with `InferenceFailed` or `InferenceExpired`, whose cause is JSON with
 *   `InferenceId`, `Reason` and `FailureLocation`. By default the timeout is five minutes after the last moment at which the endpoint
 *   can complete the request.
 *
 * @example
 * import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
 * import { InvokeAsyncInference } from 'cdk-sagemaker-async-inference';
 *
 * const task = InvokeAsyncInference.jsonPath(this, 'Summarize', {
 *   endpoint,
 *   body: sfn.TaskInput.fromJsonPathAt('$.document'),
 * });
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 */
export class InvokeAsyncInference extends sfn.TaskStateBase {
  /** A task with the query language JSONPath. */
  public static jsonPath(scope: Construct, id: string, props: InvokeAsyncInferenceJsonPathProps): InvokeAsyncInference {
    return new InvokeAsyncInference(scope, id, props);
  }

  /** A task with the query language JSONata. */
  public static jsonata(scope: Construct, id: string, props: InvokeAsyncInferenceJsonataProps): InvokeAsyncInference {
    return new InvokeAsyncInference(scope, id, { ...props, queryLanguage: sfn.QueryLanguage.JSONATA });
  }

  protected readonly taskMetrics?: sfn.TaskMetricsConfig;
  protected readonly taskPolicies?: PolicyStatement[];
  private readonly _sender: IFunction;
  private readonly _waits: boolean;
  private readonly _options: InvokeAsyncInferenceOptions;

  /** @throws if props contradict each other or exceed the limits of the service, with all errors in one message */
  constructor(scope: Construct, id: string, props: InvokeAsyncInferenceProps) {
    const waits = props.integrationPattern === sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN;
    super(scope, id, { ...props, taskTimeout: props.taskTimeout ?? (waits ? timeoutOf(props) : undefined) });
    assertValid(this, taskErrors(props));
    this._waits = waits;
    this._options = props;
    if (waits) props.callback!._serve(props.endpoint);
    this._sender = waits ? props.callback!.starterFunction : (props.invoker ?? ownInvoker(props.endpoint))!.function;
    this.taskMetrics = {
      metricPrefixSingular: 'LambdaFunction',
      metricPrefixPlural: 'LambdaFunctions',
      metricDimensions: { LambdaFunctionArn: this._sender.functionArn },
    };
    this.taskPolicies = [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this._sender.functionArn] }),
    ];
    if (props.retryOnServiceExceptions ?? true) {
      this.addRetry({
        errors: TRANSIENT_ERRORS,
        interval: Duration.seconds(2),
        backoffRate: 2,
        maxAttempts: 6,
        jitterStrategy: sfn.JitterType.FULL,
      });
    }
  }

  /** @internal */
  protected _renderTask(topLevelQueryLanguage?: sfn.QueryLanguage): object {
    const language = this.queryLanguage ?? topLevelQueryLanguage ?? sfn.QueryLanguage.JSON_PATH;
    const [resource, parameters] = this._waits
      ? [
          `arn:${Stack.of(this).partition}:states:::lambda:invoke.waitForTaskToken`,
          {
            FunctionName: this._sender.functionArn,
            Payload: {
              TaskToken:
                language === sfn.QueryLanguage.JSONATA ? '{% $states.context.Task.Token %}' : sfn.JsonPath.taskToken,
              EndpointName: this._options.endpoint.endpointName,
              OutputLocationPrefix: outputLocationPrefix(this._options.endpoint),
              Request: this._request(),
            },
          },
        ]
      : [this._sender.functionArn, this._request()];
    return { Resource: resource, ...(this._renderParametersOrArguments(parameters, language) as object) };
  }

  /** A direct call of the invoker. */
  private _request(): object {
    const options = this._options;
    return {
      Body: options.body?.value as unknown,
      BodyBase64: options.bodyBase64,
      InputLocation: options.inputLocation,
      ContentType: options.contentType,
      Accept: options.accept,
      CustomAttributes: options.customAttributes,
      InferenceId: options.inferenceId,
      S3OutputPathExtension: options.s3OutputPathExtension,
      Filename: options.filename,
      RequestTTLSeconds: (options.requestTtl ?? requestTtlOf(options.endpoint)).toSeconds(),
      InvocationTimeoutSeconds: (options.invocationTimeout ?? invocationTimeoutOf(options.endpoint)).toSeconds(),
    };
  }
}

/** The callback reads results from nowhere else. It reads none if this is not known. */
function outputLocationPrefix({ attributes }: IAsyncInferenceEndpoint): string | undefined {
  const { outputBucket, outputPrefix } = attributes;
  return outputBucket && outputPrefix !== undefined ? `s3://${outputBucket.bucketName}/${outputPrefix}/` : undefined;
}

function timeoutOf({
  endpoint,
  requestTtl = requestTtlOf(endpoint),
  invocationTimeout = invocationTimeoutOf(endpoint),
}: InvokeAsyncInferenceOptions) {
  const known = !requestTtl.isUnresolved() && !invocationTimeout.isUnresolved();
  const processed = known ? requestTtl.plus(invocationTimeout) : MAX_REQUEST_TIME;
  return sfn.Timeout.duration(processed.plus(COMPLETION));
}
