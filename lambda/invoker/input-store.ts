import { createHash, randomUUID } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { InvokerConfig } from '../../lib/invoker-contract';

// This file is imported where a payload goes through S3 and nowhere else, which keeps S3's client out of every other cold start
const client = new S3Client({
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 8_000, socketTimeout: 8_000, throwOnRequestTimeout: true },
});

export interface StoredInput {
  readonly location: string;
  remove(): Promise<void>;
}

/** Puts a payload where the endpoint reads it. */
export async function storeInput(
  { inputBucket, inputPrefix = '' }: InvokerConfig,
  inferenceId: string,
  payload: Buffer,
  contentType: string | undefined,
  abortSignal: AbortSignal,
): Promise<StoredInput> {
  const object = { Bucket: inputBucket, Key: `${inputPrefix}${keyOf(inferenceId, new Date())}` };
  await client.send(new PutObjectCommand({ ...object, Body: payload, ContentType: contentType }), { abortSignal });
  return {
    location: `s3://${object.Bucket}/${object.Key}`,
    remove: async () => { await client.send(new DeleteObjectCommand(object), { abortSignal }); },
  };
}

/**
 * The key of an upload. Two uploads never share one, though they may share an id: what one removes, or overwrites with
 * another payload, the other may have had accepted.
 */
function keyOf(inferenceId: string, date: Date): string {
  const name = /^\w[\w.-]*$/.test(inferenceId) ? inferenceId : createHash('sha256').update(inferenceId).digest('hex');
  return `${date.toISOString().slice(0, 10).replaceAll('-', '/')}/${name}/${randomUUID()}`;
}
