/**
 * What the constructs, the invoker Lambda and the local run must agree on, and nothing else.
 * The contract imports nothing else, so that each of them can read it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */

import type { TrustedHttpHeader } from './http-headers';
import type { TrustedSqsAttribute } from './sqs-attributes';

/** The longest `Body` of InvokeEndpointAsync, in raw bytes. These are neither characters nor base64, and not 128 KiB. */
export const MAX_INLINE_PAYLOAD_BYTES = 128_000;

/** What an HTTP header carries unchanged: printable ASCII, without a space at either end. Every text member must match. */
export const HEADER_TEXT = /^(?! )[\x20-\x7e]*(?<! )$/;

/** What InvokeEndpointAsync accepts for one text member: its length in characters, and its form. */
export interface TextLimit {
  readonly min: number;
  readonly max: number;
  readonly pattern?: RegExp;
  /** The pattern in words, for error messages. */
  readonly form?: string;
}

/** The text members of InvokeEndpointAsync, all of which travel in HTTP headers. */
export const TEXT_LIMITS = {
  ContentType: { min: 1, max: 1024 },
  Accept: { min: 1, max: 1024 },
  CustomAttributes: { min: 1, max: 1024 },
  InferenceId: { min: 1, max: 64 },
  InputLocation: { min: 1, max: 1024, pattern: /^(https|s3):\/\/([^/]+)\/?(.*)$/, form: 'an s3:// or https:// URI' },
  S3OutputPathExtension: {
    min: 1,
    max: 512,
    pattern: /^(?!s3:|https:)[a-zA-Z0-9!_.*'()/-]+$/,
    form: "letters, digits and !_.*'()/-, without a scheme",
  },
  Filename: {
    min: 1,
    max: 32,
    pattern: /^(?!.*\..*\.)[a-zA-Z0-9][a-zA-Z0-9-_.]*$/,
    form: 'a letter or digit, then letters, digits, hyphens and underscores, with one dot at the most',
  },
} as const satisfies Record<string, TextLimit>;

/** The number members of InvokeEndpointAsync, in whole seconds, bounds included. */
export const SECONDS_LIMITS = {
  RequestTTLSeconds: { min: 60, max: 21_600 },
  InvocationTimeoutSeconds: { min: 1, max: 3_600 },
} as const;

/**
 * The start of each InferenceId that a task of Step Functions waits for. Only the starter of the task may send such an ID, because
 * the result of any other request with it would be taken for the task's.
 */
export const TASK_ID_PREFIX = 'sfn-task-';

/**
 * A direct call of the invoker. Its members are those of InvokeEndpointAsync, and `BodyBase64`, since a Lambda event is JSON and
 * cannot hold bytes. Exactly one of `Body`, `BodyBase64` and `InputLocation` is given.
 */
export interface InvokerRequest {
  /** Any JSON value but null. A string is sent as it is, every other value as its JSON text. */
  readonly Body?: string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;
  /** Bytes, in canonical, padded base64. */
  readonly BodyBase64?: string;
  readonly InputLocation?: string;
  readonly ContentType?: string;
  readonly Accept?: string;
  readonly CustomAttributes?: string;
  readonly InferenceId?: string;
  readonly RequestTTLSeconds?: number;
  readonly InvocationTimeoutSeconds?: number;
  readonly S3OutputPathExtension?: string;
  readonly Filename?: string;
}

/** What the invoker returns once the request is in the endpoint's queue. */
export interface InvokerResponse {
  readonly InferenceId: string;
  readonly OutputLocation: string;
  /** Absent where the endpoint has no failure path. */
  readonly FailureLocation?: string;
}

/** What names the result of an SQS message: its inference ID, so that a repeat is expected to overwrite its own result, or SageMaker. */
export const SQS_RESULT_NAMINGS = ['inference-id', 'service'] as const;
export type SqsResultNaming = (typeof SQS_RESULT_NAMINGS)[number];

/** Which payloads go through S3: none, so that larger ones are refused, those that are too large to go inline, or all. */
export const INPUT_POLICIES = ['inline', 'by-size', 'always-s3'] as const;
export type InputPolicy = (typeof INPUT_POLICIES)[number];

/** The invoker's settings, which the construct passes in the function's environment. */
export interface InvokerConfig {
  readonly endpointName: string;
  /** The content type of a payload that is not a JSON value and has none of its own. */
  readonly defaultContentType: string;
  /** The time that a request without a TTL of its own may wait. */
  readonly defaultRequestTtlSeconds?: number;
  /** The time that the model may take for a request without a timeout of its own. */
  readonly defaultInvocationTimeoutSeconds?: number;
  /** Default: none. */
  readonly trustedHttpHeaders?: readonly TrustedHttpHeader[];
  /** Default: none. */
  readonly trustedSqsAttributes?: readonly TrustedSqsAttribute[];
  /** Default: by inference ID. */
  readonly sqsResultNaming?: SqsResultNaming;
  /** Default: inline. */
  readonly inputPolicy?: InputPolicy;
  /** The bucket of payloads that go through S3. Required where any do. */
  readonly inputBucket?: string;
  /** The start of the keys of these payloads, with a slash at its end. Default: none. */
  readonly inputPrefix?: string;
  /** The allowed starts of an `InputLocation`, for example 's3://bucket/prefix/'. Default: no `InputLocation` is accepted. */
  readonly inputLocationPrefixes?: readonly string[];
}

const VARIABLES: { readonly [K in keyof Required<InvokerConfig>]: string } = {
  endpointName: 'ENDPOINT_NAME',
  defaultContentType: 'DEFAULT_CONTENT_TYPE',
  defaultRequestTtlSeconds: 'DEFAULT_REQUEST_TTL_SECONDS',
  defaultInvocationTimeoutSeconds: 'DEFAULT_INVOCATION_TIMEOUT_SECONDS',
  trustedHttpHeaders: 'TRUSTED_HTTP_HEADERS',
  trustedSqsAttributes: 'TRUSTED_SQS_ATTRIBUTES',
  sqsResultNaming: 'SQS_RESULT_NAMING',
  inputPolicy: 'INPUT_POLICY',
  inputBucket: 'INPUT_BUCKET',
  inputPrefix: 'INPUT_PREFIX',
  inputLocationPrefixes: 'INPUT_LOCATION_PREFIXES',
};

/**
 * The environment that carries a configuration. A member that is absent has no variable.
 *
 * @param numberToText writes a number, which may be a CDK token. Texts may be tokens too.
 */
export function toEnvironment(
  config: Partial<InvokerConfig>,
  numberToText: (value: number) => string = String,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([member, variable]) => {
      const value = config[member as keyof InvokerConfig];
      if (value === undefined) return [];
      if (typeof value === 'number') return [[variable, numberToText(value)]];
      // An HTTP header carries the location, so no prefix contains a line break.
      return [[variable, typeof value === 'string' ? value : value.join('\n')]];
    }),
  );
}

/**
 * The configuration that an environment carries. This is the inverse of `toEnvironment`.
 *
 * @throws Error naming the variable that is missing or wrong
 */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): InvokerConfig {
  const text = (member: keyof InvokerConfig) => environment[VARIABLES[member]];
  const required = (member: keyof InvokerConfig): string => {
    const value = text(member);
    if (!value) throw new Error(`environment variable ${VARIABLES[member]} is required`);
    return value;
  };
  const number = (member: keyof InvokerConfig) => (text(member) === undefined ? undefined : Number(text(member)));
  const list = <T extends string>(member: keyof InvokerConfig) =>
    text(member)?.split('\n').filter(Boolean) as T[] | undefined;
  const oneOf = <T extends string>(member: keyof InvokerConfig, allowed: readonly T[]): T | undefined => {
    const value = text(member) as T | undefined;
    if (value === undefined || allowed.includes(value)) return value;
    throw new Error(`environment variable ${VARIABLES[member]} must be one of ${allowed.join(', ')}, got ${value}`);
  };
  const inputPolicy = oneOf('inputPolicy', INPUT_POLICIES);
  return {
    endpointName: required('endpointName'),
    defaultContentType: required('defaultContentType'),
    defaultRequestTtlSeconds: number('defaultRequestTtlSeconds'),
    defaultInvocationTimeoutSeconds: number('defaultInvocationTimeoutSeconds'),
    trustedHttpHeaders: list('trustedHttpHeaders'),
    trustedSqsAttributes: list('trustedSqsAttributes'),
    sqsResultNaming: oneOf('sqsResultNaming', SQS_RESULT_NAMINGS),
    inputPolicy,
    inputBucket: inputPolicy === undefined || inputPolicy === 'inline' ? text('inputBucket') : required('inputBucket'),
    inputPrefix: text('inputPrefix'),
    inputLocationPrefixes: list('inputLocationPrefixes'),
  };
}

/**
 * The invoker's metrics of its requests, by their units. Their dimension is `EndpointName`. `Rejections` is also published by
 * `Reason`, the name of the error.
 */
export const INVOKER_METRICS = {
  /** Requests, accepted or not. */
  Invocations: 'Count',
  /** Requests that could not be submitted, because the service was unavailable, refused them or something unexpected happened. */
  Failures: 'Count',
  /** Payload bytes that were accepted inline. */
  InlineBytes: 'Bytes',
  /** Requests that broke the contract and were not sent. */
  Rejections: 'Count',
  /** Payloads that were accepted through S3. */
  S3Fallbacks: 'Count',
  /** Requests that the service throttled until the invoker gave up. */
  Throttles: 'Count',
} as const;

export const INVOKER_METRIC_NAMESPACE = 'CdkSagemakerAsyncInference';
