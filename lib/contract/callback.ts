/**
 * What the constructs for Step Functions and their two Lambda functions must agree on, and nothing else.
 * The contract imports nothing else, so that each of them can read it.
 */

/** The attributes of a waiting task in the table. */
export const TASK_ATTRIBUTES = {
  key: 'inferenceId',
  token: 'taskToken',
  endpoint: 'endpointName',
  outputPrefix: 'outputLocationPrefix',
  timeToLive: 'expiresAt',
} as const;

/** The longest result that may be put into the state, in bytes of JSON. A state has at most 262,144 in all. */
export const MAX_INLINE_RESULT_BYTES = 250_000;

/** The errors that a task ends with. */
export const TASK_ERRORS = { failed: 'InferenceFailed', expired: 'InferenceExpired' } as const;

/** The event of the starter. */
export interface StarterRequest {
  readonly TaskToken: string;
  readonly EndpointName: string;
  /**
   * The start of the location of each result of the endpoint, for example 's3://bucket/prefix/'. The callback reads no result from
   * anywhere else, and none where it is absent.
   */
  readonly OutputLocationPrefix?: string;
  /** A direct call of the invoker, without an `InferenceId`, which the starter adds. */
  readonly Request: unknown;
}

/** The settings of the two functions, which the construct passes in their environment. */
export interface CallbackConfig {
  readonly tableName: string;
  readonly maxInlineResultBytes: number;
}

const VARIABLES: { readonly [K in keyof CallbackConfig]: string } = {
  tableName: 'TABLE_NAME',
  maxInlineResultBytes: 'MAX_INLINE_RESULT_BYTES',
};

/**
 * The environment that carries a configuration.
 *
 * @param numberToText writes a number, which may be a CDK token. The text may be one too.
 */
export function toCallbackEnvironment(
  config: CallbackConfig,
  numberToText: (value: number) => string = String,
): Record<string, string> {
  return {
    [VARIABLES.tableName]: config.tableName,
    [VARIABLES.maxInlineResultBytes]: numberToText(config.maxInlineResultBytes),
  };
}

/**
 * The configuration that an environment carries. This is the inverse of `toCallbackEnvironment`.
 *
 * @throws Error naming the variable that is missing
 */
export function fromCallbackEnvironment(environment: Readonly<Record<string, string | undefined>>): CallbackConfig {
  const required = (variable: string): string => {
    const value = environment[variable];
    if (!value) throw new Error(`environment variable ${variable} is required`);
    return value;
  };
  return {
    tableName: required(VARIABLES.tableName),
    maxInlineResultBytes: Number(required(VARIABLES.maxInlineResultBytes)),
  };
}
