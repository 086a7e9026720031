/** Where an object is, in the form that the S3 client takes. */
export interface S3Location {
  readonly Bucket: string;
  readonly Key: string;
}

const S3_URI = /^s3:\/\/([^/]+)\/(.+)$/s;
const BUCKET_IN_HOST = /^https:\/\/([^/]+)\.s3[.-][^/]+\/(.+)$/s;
const BUCKET_IN_PATH = /^https:\/\/s3[.-][^/]+\/([^/]+)\/(.+)$/s;

/**
 * The bucket and key of a location as SageMaker tells it: `s3://bucket/key`, or an https URL of S3.
 *
 * @throws TypeError when it is neither
 */
export function parseLocation(location: string): S3Location {
  const uri = S3_URI.exec(location);
  const url = BUCKET_IN_PATH.exec(location) ?? BUCKET_IN_HOST.exec(location);
  if (uri) return { Bucket: uri[1]!, Key: uri[2]! };
  if (url) return { Bucket: url[1]!, Key: decodeURIComponent(url[2]!) };
  throw new TypeError(`"${location}" is no location of an object in S3: give s3://bucket/key`);
}
