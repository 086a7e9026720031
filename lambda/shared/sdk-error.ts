/** An error of an AWS client, as far as it carries what the SDK adds to one. */
export interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}
