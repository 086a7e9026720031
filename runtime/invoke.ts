import { randomUUID } from 'node:crypto';
import type { InvokerRequest, InvokerResponse } from '../lib/contract/invoker';
import { MAX_INLINE_PAYLOAD_BYTES, SECONDS_LIMITS } from '../lib/contract/invoker';
import { hasDotSegment } from '../lib/contract/s3-location';
import { parseLocation } from './s3-location';

/** A request to an endpoint, with the member names of InvokeEndpointAsync. */
export interface InferenceRequest extends Omit<InvokerRequest, 'Body' | 'BodyBase64' | 'InputLocation'> {
  readonly EndpointName: string;
  /** The payload. Text is sent in UTF-8. */
  readonly Body: string | Uint8Array;
}

/** What is known of a request once it is in the queue of the endpoint. */
export interface AcceptedInference extends InvokerResponse {
  /**
   * The last moment at which a result may still come, in ISO 8601: the time in the queue, the time of the model, and a minute.
   */
  readonly AnswerBy?: string | undefined;
}

/** What is used of the SageMaker Runtime client. `SageMakerRuntime` fits, from 3.1068.0 on. Older ones drop an inline payload silently. */
export interface AsyncInvoker {
  invokeEndpointAsync(input: Omit<InferenceRequest, 'Body'> & { Body?: Uint8Array; InputLocation?: string }): Promise<{
    readonly InferenceId?: string | undefined;
    readonly OutputLocation?: string | undefined;
    readonly FailureLocation?: string | undefined;
  }>;
}

/** What is used of the S3 client. `S3` fits. */
export interface ObjectWriter {
  putObject(input: {
    Bucket: string;
    Key: string;
    Body: Uint8Array;
    ContentType?: string | undefined;
  }): Promise<unknown>;
}

export interface InvokeOptions {
  readonly sagemaker: AsyncInvoker;
  /** Where payloads go that are too large to go inline. Without it they are rejected. The objects stay there, so let them expire. */
  readonly large?:
    | {
        readonly s3: ObjectWriter;
        /** The start of their locations, for example `s3://bucket/input/`. The role of the endpoint must be able to read there. */
        readonly prefix: string;
      }
    | undefined;
}

/** The payload is too large to go inline, and the option `large` is not given. */
export class PayloadTooLargeError extends Error {
  override readonly name = 'PayloadTooLargeError';

  constructor(bytes: number) {
    super(
      `the payload is ${bytes} bytes and at most ${MAX_INLINE_PAYLOAD_BYTES} go inline: shorten it, or give the option "large"`,
    );
  }
}

// These are the defaults of InvokeEndpointAsync.
const REQUEST_TTL_SECONDS = SECONDS_LIMITS.RequestTTLSeconds.max;
const INVOCATION_TIMEOUT_SECONDS = 900;
const GRACE_SECONDS = 60;

/**
 * Sends a request: a payload of up to 128,000 bytes inline, a larger one through S3. The service accepts an `InferenceId` more than
 * once, so a call that is repeated after a lost response makes two requests with one ID.
 *
 * @throws PayloadTooLargeError if the payload is too large and the option `large` is not given
 * @throws TypeError if the payload is empty, or text that UTF-8 cannot represent
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export async function invokeAsync(
  request: InferenceRequest,
  { sagemaker, large }: InvokeOptions,
): Promise<AcceptedInference> {
  const { Body, ...members } = { ...request, InferenceId: request.InferenceId ?? randomUUID() };
  if (typeof Body === 'string' && !Body.isWellFormed())
    throw new TypeError('the payload contains half a surrogate pair, which UTF-8 cannot represent: send its bytes');
  const payload = Buffer.from(Body);
  if (payload.length === 0) throw new TypeError('the payload is empty: give at least one byte');
  const input =
    payload.length <= MAX_INLINE_PAYLOAD_BYTES
      ? { Body: payload }
      : { InputLocation: await upload(payload, members, large) };
  const {
    InferenceId = members.InferenceId,
    OutputLocation,
    FailureLocation,
  } = await sagemaker.invokeEndpointAsync({ ...members, ...input });
  if (!OutputLocation)
    throw new Error(
      `inference ${InferenceId} was accepted without an OutputLocation: look for its result in the success topic`,
    );
  return { InferenceId, OutputLocation, ...(FailureLocation && { FailureLocation }), AnswerBy: answerBy(members) };
}

/** The last moment at which the result of a request that is sent now may still come. */
function answerBy(request: Pick<InferenceRequest, 'RequestTTLSeconds' | 'InvocationTimeoutSeconds'>): string {
  const { RequestTTLSeconds = REQUEST_TTL_SECONDS, InvocationTimeoutSeconds = INVOCATION_TIMEOUT_SECONDS } = request;
  return new Date(Date.now() + (RequestTTLSeconds + InvocationTimeoutSeconds + GRACE_SECONDS) * 1000).toISOString();
}

async function upload(
  payload: Buffer,
  { ContentType }: Pick<InferenceRequest, 'ContentType'>,
  large: InvokeOptions['large'],
): Promise<string> {
  if (!large) throw new PayloadTooLargeError(payload.length);
  const location = `${large.prefix}${randomUUID()}`;
  const object = parseLocation(location);
  if (hasDotSegment(object.Key))
    throw new TypeError(`the prefix of large payloads must not have "." or ".." as a segment, got ${large.prefix}`);
  await large.s3.putObject({ ...object, Body: payload, ContentType });
  return location;
}
