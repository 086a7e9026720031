import { CfnResource, Resource, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import type { ISecurityGroup, IVpc, SelectedSubnets, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { noEffect } from './validation';
import type { ValidationError } from './validation';
import { warn } from './warnings';

/** Where something runs in a VPC. */
interface Place {
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

/** The subnets that are selected. CDK's own error for a selection without any becomes one of the errors of a call. */
export function selectSubnets(
  errors: ValidationError[],
  vpc: IVpc,
  vpcSubnets: SubnetSelection | undefined,
): SelectedSubnets | undefined {
  try {
    const selected = vpc.selectSubnets(vpcSubnets);
    // The subnets of a VPC that CDK looks up are not known the first time.
    if (selected.subnetIds.length === 0 && !selected.isPendingLookup)
      errors.push(`vpcSubnets selects no subnet of ${vpc.node.path}`);
    return selected;
  } catch (error) {
    errors.push(`vpcSubnets selects no subnet of ${vpc.node.path}: ${(error as Error).message}`);
    return undefined;
  }
}

/** What is wrong with the place of functions in a VPC. */
export function placeErrors({ vpc, vpcSubnets, securityGroups }: Place): ValidationError[] {
  const errors: ValidationError[] = [];
  if (vpc) selectSubnets(errors, vpc, vpcSubnets);
  else errors.push(noEffect('vpcSubnets', vpcSubnets, 'a vpc'), noEffect('securityGroups', securityGroups, 'a vpc'));
  return errors;
}

/**
 * Warns if subnets without a route to the internet have no VPC endpoint of a service. A network interface in a public subnet has no
 * public address, so it has no such route either. The routes and endpoints of imported VPCs are not known.
 *
 * @param services the services as in the names of their VPC endpoints, such as `sagemaker.runtime`
 */
export function warnIfUnreachable(scope: Construct, { vpc, vpcSubnets }: Place, services: readonly string[]): void {
  if (!vpc || !Resource.isOwnedResource(vpc)) return;
  // Endpoints may be added to the VPC later.
  scope.node.addValidation({
    validate: () => {
      const withRoute = vpc.privateSubnets.map(({ subnetId }) => subnetId);
      const without = vpc.selectSubnets(vpcSubnets).subnetIds.filter((id) => !withRoute.includes(id));
      const reachable = serviceNames(vpc);
      const missing = services.filter((service) => !reachable.some((name) => name.includes(`.${service}"`)));
      if (without.length > 0 && missing.length > 0) {
        warn(
          scope,
          'vpcWithoutRoute',
          `${without.length} of the subnets in ${vpc.node.path} have no route to the internet, and the VPC has no endpoint of ` +
            `${missing.join(', ')}: add VPC endpoints, or use subnets with a NAT gateway`,
        );
      }
      return [];
    },
  });
}

/** The services of the endpoints of a VPC as in the template, wherever in the app they are defined. */
function serviceNames(vpc: IVpc): string[] {
  return vpc.node.root.node
    .findAll()
    .filter((node) => isVpcEndpoint(node))
    .filter(({ vpcId }) => vpcId === vpc.vpcId)
    .map((node) => JSON.stringify(Stack.of(node).resolve(node.serviceName) ?? ''));
}

function isVpcEndpoint(node: unknown): node is CfnVPCEndpoint {
  return CfnResource.isCfnResource(node) && node.cfnResourceType === CfnVPCEndpoint.CFN_RESOURCE_TYPE_NAME;
}
