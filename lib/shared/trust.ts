import { Resource, Stack } from 'aws-cdk-lib';
import type { IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Checks at synth that a role that this app defines trusts a service. The policies of imported roles are not known. */
export function requireTrust(scope: Construct, prop: string, role: IRole | undefined, service: string): void {
  if (!role || !Resource.isOwnedResource(role)) return;
  scope.node.addValidation({
    validate: () => {
      const { assumeRolePolicy } = role as Partial<Role>;
      const policy = JSON.stringify(Stack.of(role).resolve(assumeRolePolicy));
      // A principal may be a token, and the service principals of some partitions have another suffix.
      if (!assumeRolePolicy || policy.includes(service) || !/"Service":("[^"]*"|\[("[^"]*",?)*\])/.test(policy))
        return [];
      return [`${prop} must trust ${service}: ${role.node.path} trusts other services only`];
    },
  });
}
