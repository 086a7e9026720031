import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { parseLocation } from '../../runtime';
import type { Results } from './answer';

/** Waiting does not cure these: the object was removed, or it is where the endpoint does not write. */
const NOT_TO_BE_HAD = new Set(['NoSuchKey', 'NoSuchBucket', 'AccessDenied', 'TypeError']);

/** The results in their bucket. */
export function resultsInS3(client: S3Client): Results {
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
        if (NOT_TO_BE_HAD.has((error as Error).name)) return undefined;
        throw error;
      }
    },
  };
}
