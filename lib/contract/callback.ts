/**
 * What the constructs for Step Functions and their two Lambda functions must agree on, and nothing else.
 * This file imports nothing, so that each of them can read it.
 */

/** The attributes of a waiting task in the table. */
export const TASK_ATTRIBUTES = {
  key: 'inferenceId',
  token: 'taskToken',
  endpoint: 'endpointName',
  timeToLive: 'expiresAt',
} as const;

/** The longest that a result may be to be put into the state, in bytes of JSON. A state takes 262,144 in all. */
export const MAX_INLINE_RESULT_BYTES = 250_000;

/** The errors that a task ends with. */
export const TASK_ERRORS = { failed: 'InferenceFailed', expired: 'InferenceExpired' } as const;

/** A call of the starter. */
export interface StarterRequest {
  readonly TaskToken: string;
  readonly EndpointName: string;
  /** A direct call of the invoker, without an `InferenceId`: the starter gives one. */
  readonly Request: unknown;
}

/** What the construct tells its two functions. */
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
 * @param numberToText writes a number, which may be a CDK token; the text may be one too
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
 * The configuration that an environment carries; the inverse of `toCallbackEnvironment`.
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
