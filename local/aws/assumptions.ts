/**
 * What no published source settles about the service. Each is a switch, so that whatever is built on the local data
 * plane can be tried under every answer; nobody should rely on the default, which is only the likeliest one.
 */
export interface Uncertainties {
  /** The 202 tells the failure location (where a failure path is configured): read off client code, not documented. */
  readonly answersFailureLocation: boolean;
  /** Results are named after a UUID of the service's own. The documentation says after the inference id; samples contradict it. */
  readonly namesResultsAfterUuid: boolean;
  /** A failure's name ends in `-error.out`; else it ends in `.out`, as a result's does. */
  readonly marksFailureNames: boolean;
  /** `Filename` gets `.out` appended. */
  readonly suffixesFilename: boolean;
  /** A second request with a `Filename` overwrites the first one's result; else the service makes the name unique. */
  readonly reusesFilename: boolean;
  /** `Filename` names the failure object too. */
  readonly filenameNamesFailures: boolean;
  /** `S3OutputPathExtension` extends the failure path too. */
  readonly extensionExtendsFailures: boolean;
  /** The notification of an inline request has an `inputLocation`: somewhere that is the service's own. */
  readonly notifiesInlineInputLocation: boolean;
  /** The notification of a failure repeats `accept`, `contentType` and `customAttributes`. */
  readonly failuresRepeatParameters: boolean;
  /** A request that outlived its TTL is notified as `Expired`; else as `Failed`. */
  readonly notifiesExpired: boolean;
  /** The members of a notification come in the order of the published samples; else in reverse. */
  readonly ordersNotificationMembers: boolean;
  /** Each notification is delivered once; else twice, as SNS reserves the right to. */
  readonly deliversOnce: boolean;
  /** The queue is served in the order of arrival; else the latest request first. */
  readonly servesInOrder: boolean;
  /** The 202 comes before the notification; else the notification overtakes it. */
  readonly answersFirst: boolean;
  /** A second request with an `InferenceId` is a request of its own; else it is taken for a repeat of the first. */
  readonly repeatsAreRequests: boolean;
  /** A body of no bytes is no body; else it is an empty payload. */
  readonly emptyBodyIsNone: boolean;
  /** Neither a body nor an input location is a `ValidationError`; else a `BadRequest`. */
  readonly validatesMissingInput: boolean;
  /** An unknown endpoint is a `ValidationError`; else it is a `ResourceNotFound` with status 404. */
  readonly validatesEndpointName: boolean;
  /** Error messages explain the fault; else they only name the kind. Their text is published nowhere. */
  readonly explainsErrors: boolean;
}

/** The likeliest answer to each. */
export const LIKELIEST: Uncertainties = {
  answersFailureLocation: true,
  namesResultsAfterUuid: true,
  marksFailureNames: true,
  suffixesFilename: false,
  reusesFilename: true,
  filenameNamesFailures: false,
  extensionExtendsFailures: false,
  notifiesInlineInputLocation: false,
  failuresRepeatParameters: true,
  notifiesExpired: true,
  ordersNotificationMembers: true,
  deliversOnce: true,
  servesInOrder: true,
  answersFirst: true,
  repeatsAreRequests: true,
  emptyBodyIsNone: true,
  validatesMissingInput: true,
  validatesEndpointName: true,
  explainsErrors: true,
};
