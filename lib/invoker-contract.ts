/**
 * What the constructs, the invoker Lambda and the local run must agree on, and nothing else.
 * This file imports nothing, so that each of them can read it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */

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
    form: 'letters, digits and !_.*\'()/-, without a scheme',
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

/** The headers of an HTTP caller that choose what is read or where a result lands; none is taken unless the stack says so. */
export type GuardedHeader = 'Filename' | 'InputLocation' | 'S3OutputPathExtension';

/** Who names a result: its inference id, so that a repeated request is expected to overwrite its own, or SageMaker. */
export type ResultNaming = 'inference-id' | 'service';

/** Which payloads go through S3. */
export type InputPolicy = 'inline' | 'by-size' | 'always-s3';

/** What the construct tells the invoker. */
export interface InvokerConfig {
  readonly endpointName: string;
  /** The content type of a payload that is neither a JSON value nor labelled by its caller. */
  readonly defaultContentType: string;
  /** How long a request may wait that does not say so itself. */
  readonly requestTtlSeconds?: number;
  /** How long the model may work on a request that does not say so itself. */
  readonly invocationTimeoutSeconds?: number;
  /** At least one; absent where none is taken. */
  readonly allowedHeaders?: readonly GuardedHeader[];
  /** By inference id where absent. */
  readonly resultNaming?: ResultNaming;
  /** Inline where absent. */
  readonly inputPolicy?: InputPolicy;
  /** The bucket of payloads that go through S3, and the only one that an InputLocation may name; absent where all go inline. */
  readonly inputBucket?: string;
  /** The prefix of their keys, without a slash at its end. */
  readonly inputPrefix?: string;
  /** The least time that a batch of SQS messages takes, for each of them: what holds a queue's drain to a rate. None where absent. */
  readonly sqsPaceMilliseconds?: number;
}

const VARIABLES: { readonly [K in keyof Required<InvokerConfig>]: string } = {
  endpointName: 'ENDPOINT_NAME',
  defaultContentType: 'DEFAULT_CONTENT_TYPE',
  requestTtlSeconds: 'REQUEST_TTL_SECONDS',
  invocationTimeoutSeconds: 'INVOCATION_TIMEOUT_SECONDS',
  allowedHeaders: 'ALLOWED_HEADERS',
  resultNaming: 'RESULT_NAMING',
  inputPolicy: 'INPUT_POLICY',
  inputBucket: 'INPUT_BUCKET',
  inputPrefix: 'INPUT_PREFIX',
  sqsPaceMilliseconds: 'SQS_PACE_MILLISECONDS',
};

/**
 * The environment that carries a configuration. What is absent has no variable.
 *
 * @param digits writes a number; texts are passed on unseen. Both may be CDK tokens.
 */
export function toEnvironment(config: InvokerConfig, digits: (value: number) => string = String): Record<string, string> {
  return Object.fromEntries(Object.entries(VARIABLES).flatMap(([member, variable]) => {
    const value = config[member as keyof InvokerConfig];
    if (value === undefined) return [];
    if (typeof value === 'number') return [[variable, digits(value)]];
    return [[variable, typeof value === 'string' ? value : value.join(' ')]];
  }));
}

/**
 * The configuration that an environment carries; the inverse of `toEnvironment`.
 *
 * @throws Error naming the variable that is missing
 */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): InvokerConfig {
  const text = (member: keyof InvokerConfig) => environment[VARIABLES[member]];
  const required = (member: keyof InvokerConfig): string => {
    const value = text(member);
    if (!value) throw new Error(`environment variable ${VARIABLES[member]} is required`);
    return value;
  };
  const number = (member: keyof InvokerConfig) => (text(member) === undefined ? undefined : Number(text(member)));
  return {
    endpointName: required('endpointName'),
    defaultContentType: required('defaultContentType'),
    requestTtlSeconds: number('requestTtlSeconds'),
    invocationTimeoutSeconds: number('invocationTimeoutSeconds'),
    allowedHeaders: text('allowedHeaders')?.split(' ') as GuardedHeader[] | undefined,
    resultNaming: text('resultNaming') as ResultNaming | undefined,
    inputPolicy: text('inputPolicy') as InputPolicy | undefined,
    inputBucket: text('inputBucket'),
    inputPrefix: text('inputPrefix'),
    sqsPaceMilliseconds: number('sqsPaceMilliseconds'),
  };
}
