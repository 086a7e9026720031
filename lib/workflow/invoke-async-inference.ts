import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { AsyncInferenceCallback } from './callback';
import type { AsyncInferenceEndpoint } from '../endpoint/endpoint';
import type { IAsyncInferenceEndpoint } from '../core/endpoint-base';
import type { AsyncInferenceInvoker } from '../invoker/invoker';
import { taskFaults } from './validate';
import { refuse } from '../shared/validation';

/** Options of a task that asks an asynchronous endpoint. Texts may be paths or expressions of the state's query language. */
export interface InvokeAsyncInferenceOptions {
  /** The endpoint to ask. */
  readonly endpoint: IAsyncInferenceEndpoint;

  /**
   * Who answers the task, with the pattern `WAIT_FOR_TASK_TOKEN`.
   *
   * @default - none, as the pattern `REQUEST_RESPONSE` needs none
   */
  readonly callback?: AsyncInferenceCallback;

  /**
   * The function that sends the request, with the pattern `REQUEST_RESPONSE`.
   *
   * @default - the endpoint's own invoker
   */
  readonly invoker?: AsyncInferenceInvoker;

  /**
   * The payload: text is sent as it is, every other value as its JSON. At most 128,000 bytes.
   * Exactly one of `body`, `bodyBase64` and `inputLocation` is given.
   *
   * @default - the payload is given otherwise
   */
  readonly body?: sfn.TaskInput;

  /**
   * The payload as base64, for bytes.
   *
   * @default - the payload is given otherwise
   */
  readonly bodyBase64?: string;

  /**
   * The payload as the location of an object in S3, which the endpoint's execution role must be able to read.
   *
   * @default - the payload is given otherwise
   */
  readonly inputLocation?: string;

  /**
   * The content type of the payload, for example 'text/csv'.
   *
   * @default - 'application/json', or the default of the invoker
   */
  readonly contentType?: string;

  /**
   * The content type to be answered.
   *
   * @default - none is asked for
   */
  readonly accept?: string;

  /**
   * What is passed on to the model and repeated in notifications: 1 to 1,024 characters of ASCII.
   *
   * @default - none
   */
  readonly customAttributes?: string;

  /**
   * The id of the inference, with the pattern `REQUEST_RESPONSE`: 1 to 64 characters of ASCII.
   *
   * @default - each attempt has its own
   */
  readonly inferenceId?: string;

  /**
   * What is added to the output path: 1 to 512 characters. Retries overwrite nothing of one another unless `filename` is given too.
   *
   * @default - nothing
   */
  readonly s3OutputPathExtension?: string;

  /**
   * The name of the result: 1 to 32 characters.
   *
   * @default - the service gives each result a name of its own
   */
  readonly filename?: string;

  /**
   * How long the request may wait in the endpoint's queue: 60 seconds to 6 hours.
   *
   * @default - the endpoint's
   */
  readonly requestTtl?: Duration;

  /**
   * How long the model may work on it: 1 second to 1 hour.
   *
   * @default - the endpoint's
   */
  readonly invocationTimeout?: Duration;

  /**
   * Whether to try again what may pass: a function or service that is overloaded or fails for the moment, up to six times within
   * some two minutes. Each attempt is a new inference.
   *
   * @default true
   */
  readonly retryOnServiceExceptions?: boolean;
}

/** Properties of a task in JSONPath that asks an asynchronous endpoint. */
export interface InvokeAsyncInferenceJsonPathProps
  extends sfn.TaskStateJsonPathBaseProps, InvokeAsyncInferenceOptions {}

/** Properties of a task in JSONata that asks an asynchronous endpoint. */
export interface InvokeAsyncInferenceJsonataProps extends sfn.TaskStateJsonataBaseProps, InvokeAsyncInferenceOptions {}

/** Properties of a task that asks an asynchronous endpoint. */
export interface InvokeAsyncInferenceProps extends sfn.TaskStateBaseProps, InvokeAsyncInferenceOptions {}

/** Longer than a notification takes to become an answer. */
const ANSWERING = Duration.minutes(5);

/** The longest that the service lets a request wait and a model work. */
const LONGEST = Duration.hours(7);

const PASSING = [
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
  'UnreadableAnswerError',
];

/**
 * A task that asks an asynchronous endpoint.
 *
 * - `REQUEST_RESPONSE`, the default: it ends once the request is in the endpoint's queue, with `InferenceId`, `OutputLocation` and
 *   `FailureLocation`.
 * - `WAIT_FOR_TASK_TOKEN`: it ends with the result (`InferenceId`, `OutputLocation`, `ContentType`, and `Body` or `BodyBase64` where
 *   it is small enough), or fails with `InferenceFailed` or `InferenceExpired`, whose cause is JSON with `InferenceId`, `Reason` and
 *   `FailureLocation`. Unless told otherwise it times out five minutes after the last moment at which the endpoint could answer.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
 */
export class InvokeAsyncInference extends sfn.TaskStateBase {
  /** A task of a state machine, or part of one, that is written in JSONPath. */
  public static jsonPath(scope: Construct, id: string, props: InvokeAsyncInferenceJsonPathProps): InvokeAsyncInference {
    return new InvokeAsyncInference(scope, id, props);
  }

  /** A task of a state machine, or part of one, that is written in JSONata. */
  public static jsonata(scope: Construct, id: string, props: InvokeAsyncInferenceJsonataProps): InvokeAsyncInference {
    return new InvokeAsyncInference(scope, id, { ...props, queryLanguage: sfn.QueryLanguage.JSONATA });
  }

  protected readonly taskMetrics?: sfn.TaskMetricsConfig;
  protected readonly taskPolicies?: PolicyStatement[];
  private readonly sender: IFunction;
  private readonly waits: boolean;
  private readonly options: InvokeAsyncInferenceOptions;

  /** @throws when props contradict each other or are out of the service's limits, with all faults in one error */
  constructor(scope: Construct, id: string, props: InvokeAsyncInferenceProps) {
    const waits = props.integrationPattern === sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN;
    super(scope, id, { ...props, taskTimeout: props.taskTimeout ?? (waits ? timeoutOf(props) : undefined) });
    refuse(this, taskFaults(props));
    this.waits = waits;
    this.options = props;
    if (waits) props.callback!._serve(props.endpoint);
    this.sender = waits
      ? props.callback!.starter
      : (props.invoker ?? (props.endpoint as AsyncInferenceEndpoint).invoker).function;
    this.taskMetrics = {
      metricPrefixSingular: 'LambdaFunction',
      metricPrefixPlural: 'LambdaFunctions',
      metricDimensions: { LambdaFunctionArn: this.sender.functionArn },
    };
    this.taskPolicies = [
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.sender.functionArn] }),
    ];
    if (props.retryOnServiceExceptions ?? true) {
      this.addRetry({
        errors: PASSING,
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
    const [resource, parameters] = this.waits
      ? [
          `arn:${Stack.of(this).partition}:states:::lambda:invoke.waitForTaskToken`,
          {
            FunctionName: this.sender.functionArn,
            Payload: {
              TaskToken:
                language === sfn.QueryLanguage.JSONATA ? '{% $states.context.Task.Token %}' : sfn.JsonPath.taskToken,
              EndpointName: this.options.endpoint.endpointName,
              Request: this.request(),
            },
          },
        ]
      : [this.sender.functionArn, this.request()];
    return { Resource: resource, ...(this._renderParametersOrArguments(parameters, language) as object) };
  }

  /** A direct call, in the form of the invoker's contract. */
  private request(): object {
    const { options } = this;
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
      RequestTTLSeconds: (options.requestTtl ?? options.endpoint.requestTtl).toSeconds(),
      InvocationTimeoutSeconds: (options.invocationTimeout ?? options.endpoint.invocationTimeout).toSeconds(),
    };
  }
}

function timeoutOf({
  endpoint,
  requestTtl = endpoint.requestTtl,
  invocationTimeout = endpoint.invocationTimeout,
}: InvokeAsyncInferenceOptions) {
  const known = !requestTtl.isUnresolved() && !invocationTimeout.isUnresolved();
  const answered = known ? requestTtl.plus(invocationTimeout) : LONGEST;
  return sfn.Timeout.duration(answered.plus(ANSWERING));
}
