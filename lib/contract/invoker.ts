/**
 * What the constructs, the invoker Lambda and the local run must agree on, and nothing else.
 * The contract imports nothing else, so that each of them can read it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */

import type { TrustedHttpHeader } from './http-headers';

/** The most bytes that `Body` of InvokeEndpointAsync takes: raw bytes, neither characters nor base64, and not 128 KiB. */
export const MAX_INLINE_PAYLOAD_BYTES = 128_000;

/** What an HTTP header carries unchanged: printable ASCII, without a space at either end. Every text member keeps to it. */
export const HEADER_TEXT = /^(?! )[\x20-\x7e]*(?<! )$/;

/** What InvokeEndpointAsync accepts for one text member: its length in characters, and its form. */
export interface TextLimit {
  readonly min: number;
  readonly max: number;
  readonly pattern?: RegExp;
  /** The pattern in words, for the error of who breaks it. */
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
 * What the id of an inference begins with that a task of Step Functions waits for. Nobody but that task's starter may send such an
 * id: its result would be taken for the task's.
 */
export const TASK_ID_PREFIX = 'sfn-task-';

/**
 * A direct call of the invoker. Its members are those of InvokeEndpointAsync, with `BodyBase64` beside `Body`,
 * since a Lambda event is JSON and cannot hold bytes. Exactly one of `Body`, `BodyBase64` and `InputLocation` is given.
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

/** What the invoker answers once the request is in the endpoint's queue. */
export interface InvokerResponse {
  readonly InferenceId: string;
  readonly OutputLocation: string;
  /** Absent where the endpoint has no failure path. */
  readonly FailureLocation?: string;
}

/** Who names the result of an SQS message: its inference id, so that a repeat is expected to overwrite its own, or SageMaker. */
export const RESULT_NAMINGS = ['inference-id', 'service'] as const;
export type ResultNaming = (typeof RESULT_NAMINGS)[number];

/** Which payloads go through S3: none, and larger ones are refused; those that are too large to go inline; all. */
export const INPUT_POLICIES = ['inline', 'by-size', 'always-s3'] as const;
export type InputPolicy = (typeof INPUT_POLICIES)[number];

/** What the construct tells the invoker. */
export interface InvokerConfig {
  readonly endpointName: string;
  /** The content type of a payload that is neither a JSON value nor labelled by its caller. */
  readonly defaultContentType: string;
  /** How long a request may wait that does not say so itself. */
  readonly requestTtlSeconds?: number;
  /** How long the model may work on a request that does not say so itself. */
  readonly invocationTimeoutSeconds?: number;
  /** None where absent. */
  readonly trustedHttpHeaders?: readonly TrustedHttpHeader[];
  /** By inference id where absent. */
  readonly resultNaming?: ResultNaming;
  /** Inline where absent. */
  readonly inputPolicy?: InputPolicy;
  /** The bucket of payloads that go through S3; required where any do. */
  readonly inputBucket?: string;
  /** What the keys of these payloads begin with, a slash at the end included. Nothing where absent. */
  readonly inputPrefix?: string;
  /** What an `InputLocation` may begin with, each such as 's3://bucket/prefix/'. No `InputLocation` is taken where absent. */
  readonly inputLocationPrefixes?: readonly string[];
  /** The least time that a batch of SQS messages takes, for each of them: what holds a queue's drain to a rate. None where absent. */
  readonly sqsPaceMilliseconds?: number;
}

const VARIABLES: { readonly [K in keyof Required<InvokerConfig>]: string } = {
  endpointName: 'ENDPOINT_NAME',
  defaultContentType: 'DEFAULT_CONTENT_TYPE',
  requestTtlSeconds: 'REQUEST_TTL_SECONDS',
  invocationTimeoutSeconds: 'INVOCATION_TIMEOUT_SECONDS',
  trustedHttpHeaders: 'TRUSTED_HTTP_HEADERS',
  resultNaming: 'RESULT_NAMING',
  inputPolicy: 'INPUT_POLICY',
  inputBucket: 'INPUT_BUCKET',
  inputPrefix: 'INPUT_PREFIX',
  inputLocationPrefixes: 'INPUT_LOCATION_PREFIXES',
  sqsPaceMilliseconds: 'SQS_PACE_MILLISECONDS',
};

/**
 * The environment that carries a configuration. What is absent has no variable.
 *
 * @param digits writes a number; texts are passed on unseen. Both may be CDK tokens.
 */
export function toEnvironment(
  config: Partial<InvokerConfig>,
  digits: (value: number) => string = String,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([member, variable]) => {
      const value = config[member as keyof InvokerConfig];
      if (value === undefined) return [];
      if (typeof value === 'number') return [[variable, digits(value)]];
      // No prefix of an S3 key that a header can carry holds a line break
      return [[variable, typeof value === 'string' ? value : value.join('\n')]];
    }),
  );
}

/**
 * The configuration that an environment carries; the inverse of `toEnvironment`.
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
    throw new Error(`environment variable ${VARIABLES[member]} is ${value}: give one of ${allowed.join(', ')}`);
  };
  const inputPolicy = oneOf('inputPolicy', INPUT_POLICIES);
  return {
    endpointName: required('endpointName'),
    defaultContentType: required('defaultContentType'),
    requestTtlSeconds: number('requestTtlSeconds'),
    invocationTimeoutSeconds: number('invocationTimeoutSeconds'),
    trustedHttpHeaders: list('trustedHttpHeaders'),
    resultNaming: oneOf('resultNaming', RESULT_NAMINGS),
    inputPolicy,
    inputBucket: inputPolicy === undefined || inputPolicy === 'inline' ? text('inputBucket') : required('inputBucket'),
    inputPrefix: text('inputPrefix'),
    inputLocationPrefixes: list('inputLocationPrefixes'),
    sqsPaceMilliseconds: number('sqsPaceMilliseconds'),
  };
}

/**
 * What the invoker measures of its requests, and the units, as CloudWatch metrics with the dimension `EndpointName`.
 * `Rejections` has another one by `Reason`, the error's name.
 */
export const INVOKER_METRICS = {
  /** Requests, whatever came of them. */
  Invocations: 'Count',
  /** Payload bytes that were accepted inline. */
  InlineBytes: 'Bytes',
  /** Requests that broke the contract, and were not sent. */
  Rejections: 'Count',
  /** Payloads that were accepted by way of S3. */
  S3Fallbacks: 'Count',
  /** Requests that the service throttled until the invoker gave up. */
  Throttles: 'Count',
} as const;

export const INVOKER_METRIC_NAMESPACE = 'CdkSagemakerAsyncInference';
