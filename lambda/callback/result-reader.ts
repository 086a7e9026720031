import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { parseLocation } from '../../runtime';

/** The bytes of a result. */
export interface ResultObject {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
}

/** Reads results from the output bucket. */
export interface ResultReader {
  /** Returns undefined where the object cannot be read at all or is larger than the limit. */
  read(location: string, maxBytes: number): Promise<ResultObject | undefined>;
}

/** A retry does not help: the object was removed, or it is where the endpoint does not write. */
const PERMANENT_ERRORS = new Set(['NoSuchKey', 'NoSuchBucket', 'AccessDenied', 'TypeError']);

export function resultReader(client: S3Client): ResultReader {
  return {
    async read(location, maxBytes) {
      try {
        const {
          Body,
          ContentLength = 0,
          ContentType,
        } = await client.send(new GetObjectCommand(parseLocation(location)));
        if (ContentLength <= maxBytes) return { bytes: await Body!.transformToByteArray(), contentType: ContentType };
        await Body!.transformToWebStream().cancel();
        return undefined;
      } catch (error) {
        if (PERMANENT_ERRORS.has((error as Error).name)) return undefined;
        throw error;
      }
    },
  };
}
