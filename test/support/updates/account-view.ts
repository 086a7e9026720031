import type { CloudAccount } from './cloud-account';
import { arnOf, attributeOf, refOf } from './physical-resource';
import type { PhysicalResource } from './physical-resource';
import type { Values } from './stack-template';

/** A key as a service uses it, and the aliases that lead to it. */
export interface UsedKey {
  readonly arn: string;
  readonly aliases: readonly string[];
  /** Whether AWS manages the key, so that every role of the account may use it and no service may. */
  readonly isManagedByAws: boolean;
}

/** A configuration that an endpoint serves: two of them while an update is in progress. */
export interface Fleet {
  readonly endpoint: PhysicalResource;
  readonly config?: PhysicalResource;
  readonly configName: string;
  readonly models: readonly { readonly name: string; readonly resource?: PhysicalResource; readonly role?: string }[];
}

/** The account at a moment, as lookups. */
export class AccountView {
  private readonly byReference = new Map<string, PhysicalResource>();
  private readonly byType = new Map<string, PhysicalResource[]>();

  /** @param modelRoles the ARNs of the roles of models that no stack defines, by name */
  constructor(
    public readonly account: CloudAccount,
    private readonly modelRoles: Readonly<Record<string, string>> = {},
  ) {
    for (const resource of account.all) {
      for (const reference of [`${resource.type} ${resource.id}`, refOf(resource), arnOf(resource)]) {
        this.byReference.set(reference, resource);
      }
      const ofType = this.byType.get(resource.type);
      if (ofType) ofType.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
  }

  /** The resources of a type, those included that are being created or deleted. */
  public all(type: string): readonly PhysicalResource[] {
    return this.byType.get(type) ?? [];
  }

  public named(type: string, name: unknown): PhysicalResource | undefined {
    return this.byReference.get(`${type} ${String(name)}`);
  }

  /** The resource with a Ref or an ARN. */
  public find(reference: unknown): PhysicalResource | undefined {
    return this.byReference.get(String(reference));
  }

  public function(nameOrArn: unknown): PhysicalResource | undefined {
    return this.named('AWS::Lambda::Function', nameOrArn) ?? this.find(nameOrArn);
  }

  /** The configurations that an endpoint serves. */
  public fleets(endpoint: PhysicalResource): Fleet[] {
    return versionsOf(endpoint).map(({ EndpointConfigName }) => {
      const configName = String(EndpointConfigName);
      const config = this.all('AWS::SageMaker::EndpointConfig').find((one) =>
        [attributeOf(one, 'EndpointConfigName'), refOf(one)].includes(configName),
      );
      const variants = (config?.properties.ProductionVariants ?? []) as {
        ModelName?: string;
        InstancePools?: { ModelNameOverride?: string }[];
      }[];
      const names = variants.flatMap(({ ModelName, InstancePools = [] }) => [
        ModelName,
        ...InstancePools.map((pool) => pool.ModelNameOverride),
      ]);
      const models = [...new Set(names.filter((name) => name !== undefined))].map((name) => {
        const resource = this.named('AWS::SageMaker::Model', name);
        const role = (resource?.properties.ExecutionRoleArn as string | undefined) ?? this.modelRoles[name];
        return { name, resource, role };
      });
      return { endpoint, config, configName, models };
    });
  }

  /** The key that a bucket, queue or topic is encrypted with by default. */
  public keyOf(resource: PhysicalResource | undefined): UsedKey | undefined {
    if (!resource) return undefined;
    const { properties } = resource;
    if (resource.type !== 'AWS::S3::Bucket') return this.key(properties.KmsMasterKeyId);
    const { ServerSideEncryptionConfiguration: rules = [] } = (properties.BucketEncryption ?? {}) as {
      ServerSideEncryptionConfiguration?: {
        ServerSideEncryptionByDefault?: { SSEAlgorithm?: string; KMSMasterKeyID?: string };
      }[];
    };
    const { SSEAlgorithm, KMSMasterKeyID } = rules[0]?.ServerSideEncryptionByDefault ?? {};
    return SSEAlgorithm === 'aws:kms' ? this.key(KMSMasterKeyID ?? 'alias/aws/s3') : undefined;
  }

  /** A key by its ID, its ARN, or the name or ARN of an alias. */
  public key(reference: unknown): UsedKey | undefined {
    if (typeof reference !== 'string') return undefined;
    const name = /alias\/.*$/.exec(reference)?.[0];
    if (name?.startsWith('alias/aws/')) return { arn: reference, aliases: [name], isManagedByAws: true };
    if (name) {
      const alias = this.named('AWS::KMS::Alias', name);
      const target = alias && this.key(alias.properties.TargetKeyId);
      // What an alias of elsewhere leads to is not known, and certainly not the alias itself.
      return (
        target ?? {
          arn: this.keyArn(`target-of-${name.slice('alias/'.length)}`),
          aliases: [name],
          isManagedByAws: false,
        }
      );
    }
    const arn = reference.startsWith('arn:') ? reference : this.keyArn(reference);
    const aliases = this.all('AWS::KMS::Alias')
      .filter(({ properties }) => [arn, reference].includes(String(properties.TargetKeyId)))
      .map(({ id }) => id);
    return { arn, aliases, isManagedByAws: false };
  }

  private keyArn(id: string): string {
    const key = this.named('AWS::KMS::Key', id);
    if (key) return arnOf(key);
    const [any] = this.account.all;
    return `arn:aws:kms:${any?.region}:${any?.account}:key/${id}`;
  }
}

/** The versions of a resource's properties that are in service. */
export function versionsOf({ properties, previous }: PhysicalResource): Values[] {
  return previous ? [properties, previous] : [properties];
}
