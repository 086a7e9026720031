import { Annotations, Names, Stack } from 'aws-cdk-lib';
import { Policy, PolicyDocument, Role } from 'aws-cdk-lib/aws-iam';
import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Statements bound to a role that may be anybody's: ours, another stack's, imported, immutable or created beforehand.
 * The policy stands in the stack of its scope, so that the role's stack never depends on it.
 */
export class BoundPolicy extends Policy {
  private attached = false;

  constructor(scope: Construct, id: string, role: IRole, statements: readonly PolicyStatement[]) {
    super(scope, id, {
      // Two stacks, or one stack in two regions, may share a role: a name that they had in common would overwrite.
      policyName: `${Names.uniqueResourceName(scope, { maxLength: 80, separator: '-' })}-${id}-${Stack.of(scope).region}`,
      // Complete before it is attached: a role created beforehand reports what it finds at that moment.
      document: new PolicyDocument({ statements: [...statements] }),
    });
    role.attachInlinePolicy(this);
    if (this.attached || Role.isRole(role)) return;
    Annotations.of(scope).addWarningV2(
      'cdk-sagemaker-async-inference:roleTakesNoPolicy',
      `the role ${role.roleName} takes no policy from here; see to it that it has these statements: ` +
        renderedStatements(scope, statements),
    );
  }

  public override attachToRole(role: IRole): void {
    this.attached = true;
    super.attachToRole(role);
  }
}

/** Statements as the template of the scope's stack holds them. */
export function renderedStatements(scope: Construct, statements: readonly PolicyStatement[]): string {
  return JSON.stringify(Stack.of(scope).resolve(statements.map((statement): unknown => statement.toStatementJson())));
}
