/** An object or a prefix in S3, with the member names of the S3 client. */
export interface S3Location {
  readonly Bucket: string;
  /** Empty where the URI names a bucket alone. */
  readonly Key: string;
}

/** No URI of S3 is longer: a key has at most 1,024 bytes, and percent-encoding writes each of them as three characters. */
export const MAX_S3_URI_LENGTH = 4_096;

/** A segment "." or "..", however often its dots or slashes are percent-encoded. */
const DOT_SEGMENT = /(?:^|\/|%(?:25)*2f)(?:\.|%(?:25)*2e){1,2}(?:$|\/|%(?:25)*2f)/i;

/** Whether a path leads elsewhere once a program normalizes it. S3 itself keeps such segments as they are. */
export function hasDotSegment(path: string): boolean {
  return DOT_SEGMENT.test(path);
}

/**
 * Reads an S3 URI: `s3://bucket/key`, or an https URL of S3 with the bucket in its host or in its path.
 *
 * @throws TypeError for anything else
 */
export function parseS3Uri(uri: string): S3Location {
  const location = uri.length > MAX_S3_URI_LENGTH ? undefined : (fromS3Scheme(uri) ?? fromHttps(uri));
  if (location === undefined) throw notAnS3Uri(uri);
  return location;
}

/** The error for a text that is not the location of an object. The text may come from anybody, so only its start is quoted. */
export function notAnS3Uri(text: string): TypeError {
  const quoted = JSON.stringify(text.length > 128 ? `${text.slice(0, 128)}…` : text);
  return new TypeError(`${quoted} is not a location in S3: give s3://bucket/key`);
}

function fromS3Scheme(uri: string): S3Location | undefined {
  return uri.startsWith('s3://') ? split(uri.slice('s3://'.length)) : undefined;
}

function fromHttps(uri: string): S3Location | undefined {
  if (!uri.startsWith('https://')) return undefined;
  const url = split(uri.slice('https://'.length));
  const path = url && decoded(url.Key);
  if (path === undefined) return undefined;
  const host = url!.Bucket;
  // A bucket's name may itself contain ".s3.", so the last one begins the name of the service.
  const end = Math.max(host.lastIndexOf('.s3.'), host.lastIndexOf('.s3-'));
  if (end > 0) return { Bucket: host.slice(0, end), Key: path };
  return /^s3[.-]/.test(host) ? split(path) : undefined;
}

/** The parts before and after the first slash. */
function split(text: string): S3Location | undefined {
  const slash = text.indexOf('/');
  const [Bucket, Key] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  return Bucket === '' ? undefined : { Bucket, Key };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
