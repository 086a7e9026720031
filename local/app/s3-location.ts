/** Where an object or a prefix is in S3. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

const FORMS = [
  /^s3:\/\/(?<bucket>[^/]+)\/?(?<key>.*)$/,
  /^https:\/\/(?<bucket>[^/]+?)\.s3[.-][^/]*\/?(?<key>.*)$/,
  /^https:\/\/s3[.-][^/]*\/(?<bucket>[^/]+)\/?(?<key>.*)$/,
];

/**
 * Reads an S3 URI, `s3://` or `https://`.
 *
 * @throws Error for anything else
 */
export function readS3Uri(uri: string): S3Location {
  for (const form of FORMS) {
    const { bucket, key } = form.exec(uri)?.groups ?? {};
    if (bucket !== undefined && key !== undefined) return { bucket, key };
  }
  throw new Error(`"${uri}" is not a location in S3, such as s3://bucket/key`);
}

/** A URI one level below another. */
export function below(uri: string, ...names: readonly (string | undefined)[]): string {
  return [uri, ...names]
    .filter((name) => name !== undefined)
    .map((name) => name.replace(/^\/+|\/+$/g, ''))
    .join('/');
}
