import type { FlatStack } from './flat-stack';
import { numberOf, numberOfText } from './numbers';
import { arnOf, refOf } from './physical-resource';
import type { PhysicalResource } from './physical-resource';

/** A stack as it is deployed. */
export interface DeployedStack {
  readonly template: FlatStack;
  /** The keys of its physical resources, by the IDs of its nodes. */
  readonly current: ReadonlyMap<string, string>;
  readonly exports: ReadonlyMap<string, unknown>;
}

/** The types that give a policy to other resources, the property that names these, and the name of the policy. */
const ATTACHMENTS: Readonly<Record<string, { readonly targets: string; readonly name?: string }>> = {
  'AWS::IAM::Policy': { targets: 'Roles', name: 'PolicyName' },
  'AWS::IAM::RolePolicy': { targets: 'RoleName', name: 'PolicyName' },
  'AWS::S3::BucketPolicy': { targets: 'Bucket' },
  'AWS::SNS::TopicPolicy': { targets: 'Topics' },
  'AWS::SQS::QueuePolicy': { targets: 'Queues' },
};

/** The policy of a target, and a number for it. */
interface Attachment {
  readonly document: unknown;
  readonly number: number;
}

/**
 * All that is in an AWS account: physical resources, the stacks that manage them, and the policies that were attached last.
 * Two policies of one name on one role overwrite each other, and the removal of either removes what is attached. The same is
 * true of the policy of a bucket, topic or queue.
 */
export class CloudAccount {
  private readonly resources = new Map<string, PhysicalResource>();
  private readonly stacks = new Map<string, DeployedStack>();
  private readonly attached = new Map<string, Attachment>();
  private readonly deleted = new Set<string>();
  private readonly counters = new Map<string, number>();

  public clone(): CloudAccount {
    const copy = new CloudAccount();
    for (const member of ['resources', 'stacks', 'attached', 'counters'] as const) {
      this[member].forEach((value, key) => (copy[member] as Map<string, unknown>).set(key, value));
    }
    this.deleted.forEach((arn) => copy.deleted.add(arn));
    return copy;
  }

  public get all(): PhysicalResource[] {
    return [...this.resources.values()];
  }

  public get(key: string): PhysicalResource | undefined {
    return this.resources.get(key);
  }

  public put(resource: PhysicalResource): void {
    const key = keyOf(resource);
    const before = this.resources.get(key);
    if (before) this.detach(before);
    this.resources.set(key, resource);
    this.attach(resource);
  }

  public delete(key: string): void {
    const resource = this.resources.get(key);
    if (!resource) return;
    this.detach(resource);
    this.resources.delete(key);
    this.deleted.add(arnOf(resource));
    this.deleted.add(refOf(resource));
    this.deleted.add(key);
  }

  /** Whether an ARN, a Ref or a key is that of a resource that was there and is gone. */
  public isDeleted(reference: string): boolean {
    if (!this.deleted.has(reference)) return false;
    return !this.all.some((one) => [arnOf(one), refOf(one), keyOf(one)].includes(reference));
  }

  public stack(name: string): DeployedStack | undefined {
    return this.stacks.get(name);
  }

  public get deployedStacks(): DeployedStack[] {
    return [...this.stacks.values()];
  }

  public setStack(name: string, stack: DeployedStack | undefined): void {
    if (stack) this.stacks.set(name, stack);
    else this.stacks.delete(name);
  }

  /** The value of an export. */
  public exported(name: string): unknown {
    const exporter = this.deployedStacks.find(({ exports }) => exports.has(name));
    if (!exporter) throw new Error(`no stack exports ${name}`);
    return exporter.exports.get(name);
  }

  /** The stacks that import an export. */
  public importersOf(name: string): string[] {
    return this.deployedStacks
      .filter(({ template }) => template.imports.has(name))
      .map(({ template }) => template.name);
  }

  /** The resources that no stack manages any longer. */
  public get leftBehind(): PhysicalResource[] {
    const managed = new Set(this.deployedStacks.flatMap(({ current }) => [...current.values()]));
    return this.all.filter((resource) => !managed.has(keyOf(resource)));
  }

  /** The policies that are attached to a target, which a Ref names: those of a role by name, and that of another resource. */
  public attachedTo(target: string): unknown[] {
    const start = `${target}\n`;
    return [...this.attached].filter(([key]) => key.startsWith(start)).map(([, { document }]) => document);
  }

  public nextNumber(of: string): number {
    const number = (this.counters.get(of) ?? 0) + 1;
    this.counters.set(of, number);
    return number;
  }

  /** What tells this state of the account from another one. */
  public get signature(): string {
    const parts = new Int32Array(this.resources.size + this.attached.size);
    let index = 0;
    for (const resource of this.resources.values()) parts[index++] = numberOf(resource);
    for (const attachment of this.attached.values()) parts[index++] = attachment.number;
    return parts.sort().join();
  }

  private attach(resource: PhysicalResource): void {
    const document = resource.properties.PolicyDocument as object;
    attachmentsOf(resource).forEach((key) => {
      const number = numberOfText(`${key} ${keyOf(resource)} ${numberOf(document)}`);
      this.attached.set(key, { document, number });
    });
  }

  private detach(resource: PhysicalResource): void {
    attachmentsOf(resource).forEach((key) => this.attached.delete(key));
  }
}

export function keyOf({ type, id }: Pick<PhysicalResource, 'type' | 'id'>): string {
  return `${type} ${id}`;
}

function attachmentsOf({ type, properties }: PhysicalResource): string[] {
  const attachment = ATTACHMENTS[type];
  if (!attachment) return [];
  const name = attachment.name ? String(properties[attachment.name]) : 'policy';
  return ([properties[attachment.targets] ?? []].flat() as string[]).map((target) => `${target}\n${name}`);
}
