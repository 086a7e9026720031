/**
 * The behavior of the service that no published source confirms. Each assumption is a switch, so that tests can run under
 * every combination. Code must not rely on a default, which is only the most likely behavior.
 */
export interface Assumptions {
  /** The 202 response includes the failure location if a failure path is configured. Seen in client code, not documented. */
  readonly returnsFailureLocation: boolean;
  /** The name of a result is a new UUID. The documentation says that it is the inference ID, and samples contradict it. */
  readonly namesResultsByUuid: boolean;
  /** The name of a failure ends in `-error.out`. Otherwise it ends in `.out`, like the name of a result. */
  readonly suffixesFailureNames: boolean;
  /** The service appends `.out` to `Filename`. */
  readonly suffixesFilename: boolean;
  /** A second request with the same `Filename` overwrites the first result. Otherwise the service makes the name unique. */
  readonly overwritesSameFilename: boolean;
  /** `Filename` is also the name of the failure. */
  readonly namesFailuresByFilename: boolean;
  /** `S3OutputPathExtension` also extends the failure path. */
  readonly extendsFailurePath: boolean;
  /** The notification of an inline request has an `inputLocation`, which is a location of the service. */
  readonly notifiesInlineInputLocation: boolean;
  /** The notification of a failure repeats `accept`, `contentType` and `customAttributes`. */
  readonly repeatsParametersOfFailures: boolean;
  /** The status of a request that exceeded its TTL is `Expired`. Otherwise it is `Failed`. */
  readonly usesExpiredStatus: boolean;
  /** The members of a notification have the order of the published samples. Otherwise the order is reversed. */
  readonly keepsMemberOrder: boolean;
  /** SNS delivers each notification once. Otherwise it delivers it twice, which its documentation allows. */
  readonly deliversOnce: boolean;
  /** The endpoint serves requests in the order of arrival. Otherwise it serves the latest request first. */
  readonly servesInOrder: boolean;
  /** The 202 response arrives before the notification. Otherwise it arrives after the notification. */
  readonly respondsBeforeNotifying: boolean;
  /** A second request with the same `InferenceId` is processed too. Otherwise the service treats it as a retry of the first. */
  readonly processesRepeatedIds: boolean;
  /** A body of zero bytes counts as a missing body. Otherwise it is an empty payload. */
  readonly ignoresEmptyBody: boolean;
  /** The error for a request without any input is a `ValidationError`. Otherwise it is a `BadRequest`. */
  readonly validatesInput: boolean;
  /** The error for an unknown endpoint is a `ValidationError`. Otherwise it is a `ResourceNotFound` with status 404. */
  readonly validatesEndpointName: boolean;
  /** Error messages describe the problem. Otherwise they repeat the error type. The texts are not published. */
  readonly describesErrors: boolean;
}

/** The most likely behavior. */
export const DEFAULT_ASSUMPTIONS: Assumptions = {
  returnsFailureLocation: true,
  namesResultsByUuid: true,
  suffixesFailureNames: true,
  suffixesFilename: false,
  overwritesSameFilename: true,
  namesFailuresByFilename: false,
  extendsFailurePath: false,
  notifiesInlineInputLocation: false,
  repeatsParametersOfFailures: true,
  usesExpiredStatus: true,
  keepsMemberOrder: true,
  deliversOnce: true,
  servesInOrder: true,
  respondsBeforeNotifying: true,
  processesRepeatedIds: true,
  ignoresEmptyBody: true,
  validatesInput: true,
  validatesEndpointName: true,
  describesErrors: true,
};
