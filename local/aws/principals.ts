import { createHash } from 'node:crypto';

/** Credentials for an AWS SDK client. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The roles that sign requests. Each has its own access key ID, which identifies its calls. */
export class Principals {
  private readonly arns = new Map<string, string>();

  /** The credentials of a role, which are always the same. */
  public credentials(roleArn: string): Credentials {
    const digest = createHash('sha256').update(roleArn).digest('hex');
    const accessKeyId = `ASIA${digest.slice(0, 16).toUpperCase()}`;
    this.arns.set(accessKeyId, roleArn);
    return { accessKeyId, secretAccessKey: digest };
  }

  /** The ARN of the role with an access key ID. An ID of no role is returned as it is, because it belongs to a user. */
  public arn(accessKeyId: string): string {
    return this.arns.get(accessKeyId) ?? accessKeyId;
  }
}

/** The scope of a signed request, from its Authorization header. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** Reads an Authorization header of Signature Version 4. The signature itself is not checked: nothing here needs protection. */
export function readSignature(authorization: string | undefined): Signature | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,/.exec(
    authorization ?? '',
  );
  const [, accessKeyId, region, service] = match ?? [];
  return accessKeyId && region && service ? { accessKeyId, region, service } : undefined;
}
