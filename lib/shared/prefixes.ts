import { Token } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { warn } from './warnings';

/** What is written under a prefix of a bucket. */
interface Use {
  readonly place: string;
  readonly prefix: string;
  readonly writer: Construct;
  readonly what: 'results' | 'payloads';
}

/** What the constructs of each app write, and where. */
const uses = new WeakMap<IConstruct, Use[]>();

/**
 * Warns about a prefix that is, contains or is in a prefix of somebody else. Results of two endpoints would be mixed, and overwrite
 * results of the same name. Payloads would be among the results. Payloads of several invokers may be in one place.
 */
export function warnIfShared(writer: Construct, what: Use['what'], bucket: IBucket, prefixes: readonly string[]): void {
  const { root } = writer.node;
  const known = uses.get(root) ?? [];
  const place = Token.isUnresolved(bucket.bucketName) ? bucket.node.path : bucket.bucketName;
  const added = prefixes.map((prefix): Use => ({ place, prefix, writer, what }));
  uses.set(root, [...known, ...added]);
  for (const { prefix } of added) {
    const other = known.find(
      (use) => use.place === place && overlap(use.prefix, prefix) && (what === 'results' || use.what === 'results'),
    );
    if (!other) continue;
    const prop = what === 'results' ? 'outputPrefix or failurePrefix' : 'prefix of the input policy';
    warn(
      writer,
      'sharedOutputPrefix',
      `${other.writer.node.path} writes ${other.what} to the prefix ${other.prefix} of the bucket ${place}, and this construct writes ` +
        `${what} to ${prefix}: use another ${prop}, or acknowledge this warning if you mix them on purpose`,
    );
  }
}

function overlap(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
