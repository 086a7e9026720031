import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { hasDotSegment, parseS3Uri } from '../../lib/contract/s3-location';
import type { S3Location } from '../../lib/contract/s3-location';
import type { SdkError } from '../shared/sdk-error';

/** The bytes of a result. */
export interface ResultObject {
  readonly bytes: Uint8Array;
  readonly contentType?: string;
}

/** Reads results from output buckets. */
export interface ResultReader {
  /**
   * @param prefix the start of the location of each result of the endpoint. Nothing else is read, because anybody who may publish
   * to a topic of the endpoint may name any location, and the function can read the results of other endpoints too.
   * @returns undefined where the object is elsewhere, is larger than the limit or can never be read
   * @throws if a retry may succeed
   */
  read(location: string, prefix: string | undefined, maxBytes: number): Promise<ResultObject | undefined>;
}

export function resultReader(client: S3Client): ResultReader {
  return {
    async read(location, prefix, maxBytes) {
      const object = objectUnder(prefix, location);
      if (!object) return undefined;
      try {
        const { Body, ContentLength = 0, ContentType } = await client.send(new GetObjectCommand(object));
        if (ContentLength <= maxBytes) return { bytes: await Body!.transformToByteArray(), contentType: ContentType };
        await Body!.transformToWebStream().cancel();
        return undefined;
      } catch (error) {
        if (isTransient(error as SdkError)) throw error;
        return undefined;
      }
    },
  };
}

function objectUnder(prefix: string | undefined, location: string): S3Location | undefined {
  if (prefix === undefined) return undefined;
  try {
    const [object, allowed] = [parseS3Uri(location), parseS3Uri(prefix)];
    const isUnder = object.Bucket === allowed.Bucket && object.Key.startsWith(allowed.Key);
    return isUnder && object.Key !== '' && !hasDotSegment(object.Key) ? object : undefined;
  } catch {
    return undefined;
  }
}

/** Client errors of S3 that do not concern the object: the function's credentials or clock, or the load of S3 or of KMS. */
const TRANSIENT_CLIENT_ERRORS = /Throttling|^(ExpiredToken|RequestTimeout|RequestTimeTooSkewed|TokenRefreshRequired)/;

/** Whether a retry may succeed. Any other error of S3 would keep the task waiting until its timeout. */
function isTransient({ name, $metadata }: SdkError): boolean {
  const { httpStatusCode: status } = $metadata ?? {};
  return status === undefined || status === 429 || status >= 500 || TRANSIENT_CLIENT_ERRORS.test(name);
}
