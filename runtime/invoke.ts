import { randomUUID } from 'node:crypto';
import type { InvokerRequest, InvokerResponse } from '../lib/contract/invoker';
import { MAX_INLINE_PAYLOAD_BYTES, SECONDS_LIMITS } from '../lib/contract/invoker';
import { parseLocation } from './s3-location';

/** A request to an endpoint, by the member names of InvokeEndpointAsync. */
export interface InferenceRequest extends Omit<InvokerRequest, 'Body' | 'BodyBase64' | 'InputLocation'> {
  readonly EndpointName: string;
  /** The payload: text is sent in UTF-8. */
  readonly Body: string | Uint8Array;
}

/** What is known of a request once it is in the endpoint's queue. */
export interface AcceptedInference extends InvokerResponse {
  /** The last moment at which the endpoint may still answer, in ISO 8601: its time in the queue, the model's time, and a minute. */
  readonly AnswerBy?: string;
}

/** Of the SageMaker Runtime client: `SageMakerRuntime` is one, from 3.1068.0 on. Older ones drop an inline payload in silence. */
export interface AsyncInvoker {
  invokeEndpointAsync(input: Omit<InferenceRequest, 'Body'> & { Body?: Uint8Array; InputLocation?: string }): Promise<{
    readonly InferenceId?: string;
    readonly OutputLocation?: string;
    readonly FailureLocation?: string;
  }>;
}

/** Of the S3 client: `S3` is one. */
export interface ObjectWriter {
  putObject(input: { Bucket: string; Key: string; Body: Uint8Array; ContentType?: string }): Promise<unknown>;
}

export interface InvokeOptions {
  readonly sagemaker: AsyncInvoker;
  /** Where payloads go that are too large to go inline; without it they are refused. Objects stay there: let them expire. */
  readonly large?: {
    readonly s3: ObjectWriter;
    /** What their locations begin with, for example `s3://bucket/input/`. The endpoint's role must be able to read there. */
    readonly prefix: string;
  };
}

/** The payload is too large to go inline, and there is nowhere else for it to go. */
export class PayloadTooLargeError extends Error {
  override readonly name = 'PayloadTooLargeError';

  constructor(bytes: number) {
    super(
      `the payload is ${bytes} bytes and at most ${MAX_INLINE_PAYLOAD_BYTES} go inline: shorten it, or give the option "large"`,
    );
  }
}

// InvokeEndpointAsync's own defaults.
const REQUEST_TTL_SECONDS = SECONDS_LIMITS.RequestTTLSeconds.max;
const INVOCATION_TIMEOUT_SECONDS = 900;
const GRACE_SECONDS = 60;

/**
 * Sends a request: a payload of up to 128,000 bytes inline, a larger one through S3. The service takes an `InferenceId` more than
 * once, so that a call repeated after a lost answer is two requests with one id.
 *
 * @throws PayloadTooLargeError when the payload is too large and the option `large` is not given
 * @throws TypeError when the payload is empty
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export async function invokeAsync(
  request: InferenceRequest,
  { sagemaker, large }: InvokeOptions,
): Promise<AcceptedInference> {
  const { Body, ...members } = { InferenceId: randomUUID(), ...request };
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

/** The last moment at which a request that is sent now may still be answered. */
export function answerBy(request: Pick<InferenceRequest, 'RequestTTLSeconds' | 'InvocationTimeoutSeconds'>): string {
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
  await large.s3.putObject({ ...parseLocation(location), Body: payload, ContentType });
  return location;
}
