import { createHash } from 'node:crypto';

/** Credentials as the AWS SDK takes them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Who signs: each role has an access key id of its own, by which its calls are told apart. */
export class Principals {
  private readonly arns = new Map<string, string>();

  /** The credentials of a role, always the same ones. */
  public credentials(roleArn: string): Credentials {
    const digest = createHash('sha256').update(roleArn).digest('hex');
    const accessKeyId = `ASIA${digest.slice(0, 16).toUpperCase()}`;
    this.arns.set(accessKeyId, roleArn);
    return { accessKeyId, secretAccessKey: digest };
  }

  /** The role behind an access key id, or the id itself where it belongs to none: a person with keys of their own. */
  public arn(accessKeyId: string): string {
    return this.arns.get(accessKeyId) ?? accessKeyId;
  }
}

/** Who signed a request, and for what, as its Authorization header has it. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** Reads a SigV4 Authorization header. It believes the header: nothing here is worth forging a signature for. */
export function readSignature(authorization: string | undefined): Signature | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,/.exec(
    authorization ?? '',
  );
  const [, accessKeyId, region, service] = match ?? [];
  return accessKeyId && region && service ? { accessKeyId, region, service } : undefined;
}
