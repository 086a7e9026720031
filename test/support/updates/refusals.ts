import type { CloudAccount } from './cloud-account';
import { attributeOf, refOf } from './physical-resource';
import type { PhysicalResource } from './physical-resource';
import type { Values } from './stack-template';

type Attempt =
  | { readonly action: 'create'; readonly resource: PhysicalResource }
  | { readonly action: 'update'; readonly resource: PhysicalResource; readonly before: PhysicalResource }
  | { readonly action: 'delete'; readonly resource: PhysicalResource; readonly isNew: boolean };

/** Why a service refuses what CloudFormation attempts, apart from permissions and names. */
export function refusal(account: CloudAccount, attempt: Attempt): string | undefined {
  const { resource } = attempt;
  switch (`${attempt.action} ${resource.type}`) {
    case 'create AWS::ApplicationAutoScaling::ScalableTarget':
      return targetRefusal(account, resource);
    case 'update AWS::SageMaker::Endpoint':
      return attempt.action === 'update' ? endpointRefusal(account, resource, attempt.before) : undefined;
    case 'delete AWS::EC2::SecurityGroup':
      return isUsedInNetwork(account, resource) ? 'the security group is in use by network interfaces' : undefined;
    case 'delete AWS::IAM::Role':
      return roleRefusal(account, resource);
    case 'delete AWS::S3::Bucket':
      // A bucket that a failed operation has just created is empty.
      return attempt.action === 'delete' && attempt.isNew ? undefined : 'the bucket holds objects';
    default:
      return undefined;
  }
}

interface Variant {
  readonly VariantName: string;
  readonly InstanceType?: string;
  readonly InstancePools?: readonly { readonly InstanceType: string }[];
}

function variantsOf(account: CloudAccount, { EndpointConfigName }: Values): readonly Variant[] {
  const config = account.all.find(
    (one) =>
      one.type === 'AWS::SageMaker::EndpointConfig' &&
      [one.id, attributeOf(one, 'EndpointConfigName'), refOf(one)].includes(String(EndpointConfigName)),
  );
  return (config?.properties.ProductionVariants ?? []) as readonly Variant[];
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling.html */
function endpointRefusal(
  account: CloudAccount,
  resource: PhysicalResource,
  before: PhysicalResource,
): string | undefined {
  const types = ({ InstanceType, InstancePools = [] }: Variant) =>
    [InstanceType, ...InstancePools.map((pool) => pool.InstanceType)].join();
  const after = variantsOf(account, resource.properties);
  for (const variant of variantsOf(account, before.properties)) {
    const ResourceId = `endpoint/${resource.id}/variant/${variant.VariantName}`;
    const isScaled = account.all.some(
      (one) => one.type === 'AWS::ApplicationAutoScaling::ScalableTarget' && one.properties.ResourceId === ResourceId,
    );
    if (!isScaled) continue;
    const next = after.find(({ VariantName }) => VariantName === variant.VariantName);
    if (!next) return `the update removes the variant ${variant.VariantName}, which is a scalable target`;
    if (types(next) !== types(variant)) {
      return `the update changes the instance type of the variant ${variant.VariantName}, which is a scalable target`;
    }
  }
  return undefined;
}

function targetRefusal(account: CloudAccount, { properties }: PhysicalResource): string | undefined {
  const [, endpointName, , variantName] = String(properties.ResourceId).split('/');
  if (properties.ServiceNamespace !== 'sagemaker') return undefined;
  const endpoint = account.all.find((one) => one.type === 'AWS::SageMaker::Endpoint' && one.id === endpointName);
  // An endpoint of another app is none that the simulator knows.
  if (!endpoint) {
    const isDeleted = account.isDeleted(`AWS::SageMaker::Endpoint ${endpointName}`);
    return isDeleted ? `there is no endpoint ${endpointName}` : undefined;
  }
  if (endpoint.phase !== 'in service') return `the endpoint ${endpointName} is not in service`;
  return variantsOf(account, endpoint.properties).some(({ VariantName }) => VariantName === variantName)
    ? undefined
    : `the endpoint ${endpointName} has no variant ${variantName}`;
}

/** IAM deletes no role that has a policy besides those that CloudFormation takes away with it. */
function roleRefusal(account: CloudAccount, role: PhysicalResource): string | undefined {
  const hasManaged = account.all.some(
    ({ type, properties }) =>
      type === 'AWS::IAM::ManagedPolicy' && ((properties.Roles ?? []) as unknown[]).includes(role.id),
  );
  return hasManaged || account.attachedTo(role.id).length > 0 ? 'the role has policies attached' : undefined;
}

function isUsedInNetwork(account: CloudAccount, group: PhysicalResource): boolean {
  const fleets = account.all
    .filter(({ type, phase }) => type === 'AWS::SageMaker::Endpoint' && phase !== 'deleting')
    .flatMap(({ properties, previous }) => [properties, ...(previous ? [previous] : [])])
    .flatMap((properties) => variantsOf(account, properties))
    .map((variant) => (variant as { ModelName?: string }).ModelName);
  return account.all.some(({ type, id, properties, previous, phase }) => {
    if (phase === 'deleting') return false;
    const isInService = type === 'AWS::Lambda::Function' || (type === 'AWS::SageMaker::Model' && fleets.includes(id));
    const groups = [properties, previous].flatMap(
      (version) => (version?.VpcConfig as { SecurityGroupIds?: unknown[] } | undefined)?.SecurityGroupIds ?? [],
    );
    return isInService && groups.includes(group.id);
  });
}
