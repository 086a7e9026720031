import { createHash, randomUUID } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { InvokerConfig } from '../../lib/contract/invoker';
import { TIMEOUTS } from '../shared/timeouts';

let client: S3Client | undefined;

/** Created with the first payload that needs it, which under `by-size` may never come. */
const s3 = () => (client ??= new S3Client({ requestHandler: TIMEOUTS }));

export interface StoredInput {
  readonly location: string;
  remove(): Promise<void>;
}

export type StoreInput = typeof storeInput;

/** Puts a payload where the endpoint can read it. */
export async function storeInput(
  { inputBucket, inputPrefix = '' }: InvokerConfig,
  inferenceId: string,
  payload: Buffer,
  contentType: string | undefined,
  abortSignal: AbortSignal,
): Promise<StoredInput> {
  const object = { Bucket: inputBucket, Key: `${inputPrefix}${keyOf(inferenceId, new Date())}` };
  await s3().send(new PutObjectCommand({ ...object, Body: payload, ContentType: contentType }), { abortSignal });
  return {
    location: `s3://${object.Bucket}/${object.Key}`,
    remove: async () => {
      await s3().send(new DeleteObjectCommand(object), { abortSignal });
    },
  };
}

/**
 * The key of an upload. Two uploads never share a key, though they may share an InferenceId: the one that is removed or overwritten
 * may be the input of a request that was accepted.
 */
function keyOf(inferenceId: string, date: Date): string {
  const name = /^\w[\w.-]*$/.test(inferenceId) ? inferenceId : createHash('sha256').update(inferenceId).digest('hex');
  return `${date.toISOString().slice(0, 10).replaceAll('-', '/')}/${name}/${randomUUID()}`;
}
