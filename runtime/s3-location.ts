import { notAnS3Uri, parseS3Uri } from '../lib/contract/s3-location';
import type { S3Location } from '../lib/contract/s3-location';

/**
 * The bucket and key of an object's location as SageMaker reports it: `s3://bucket/key`, or an https URL of S3.
 *
 * @throws TypeError when it is neither
 */
export function parseLocation(location: string): S3Location {
  const parsed = parseS3Uri(location);
  if (parsed.Key === '') throw notAnS3Uri(location);
  return parsed;
}
