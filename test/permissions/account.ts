import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Stack } from 'aws-cdk-lib';
import type { Call } from '../../local/aws/data-plane';
import { DeployedTemplate } from '../../tools/showcase/deployed-template';
import { pathsOf } from '../../tools/showcase/paths';
import { statedPolicies } from '../../tools/showcase/stated-policies';
import type { PlacedStatement } from '../../tools/showcase/stated-policies';

/** A call of an AWS API, and what AWS knows of it besides. Without a word to the contrary it is made over TLS. */
export interface TestedCall extends Call {
  readonly context?: Readonly<Record<string, string>>;
}

/** Somebody of the account whom only the policies of resources can keep from anything. */
export const ADMIN = 'arn:aws:iam::111122223333:role/Admin';

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** An account in which a stack is deployed: all its policies, and what they allow in the judgement of an IAM evaluator. */
export class Account {
  public readonly template: DeployedTemplate;
  public readonly statements: readonly PlacedStatement[];
  private readonly paths: ReadonlyMap<string, string>;

  constructor(stack: Stack) {
    this.template = new DeployedTemplate(stack);
    this.paths = pathsOf(stack);
    this.statements = statedPolicies(this.template);
  }

  /** The name of the resource at a path in the stack, and its ARN. */
  public name(path: string): string {
    return this.template.nameOf(this.idOf(path));
  }

  public arn(path: string): string {
    return this.template.arnOf(this.idOf(path));
  }

  /** The ARNs of all that is of a type. */
  public all(type: string): string[] {
    return this.template.resources(type).map((logicalId) => this.template.arnOf(logicalId));
  }

  /** Whether a call is allowed, by these statements in place of those of the account if they are given. */
  public async allows(
    { principal, action, resource, context }: TestedCall,
    statements = this.statements,
  ): Promise<boolean> {
    const of = (kind: PlacedStatement['kind'], owner: string) => ({
      Version: '2012-10-17',
      Statement: statements
        .filter((placed) => placed.kind === kind && placed.owner === owner)
        .map(({ statement }) => statement),
    });
    const { account } = this.template.stack;
    const stated = of('resource', ownerOf(resource));
    const resourcePolicy =
      stated.Statement.length > 0 ? stated : this.isForeignKey(resource) ? leftToIam(account) : undefined;
    const result = await runSimulation(
      {
        request: {
          principal,
          action,
          resource: { resource, accountId: account },
          contextVariables: { 'aws:SecureTransport': 'true', ...context },
        },
        identityPolicies: [{ name: 'identity', policy: principal === ADMIN ? EVERYTHING : of('identity', principal) }],
        resourcePolicy,
        serviceControlPolicies: [],
        resourceControlPolicies: [],
      },
      {},
    );
    if (result.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
    return result.overallResult === 'Allowed';
  }

  private isForeignKey(arn: string): boolean {
    return arn.startsWith('arn:aws:kms:') && !this.all('AWS::KMS::Key').includes(arn);
  }

  private idOf(path: string): string {
    const [id] = [...this.paths].find(([, candidate]) => candidate === path) ?? [];
    if (!id) throw new Error(`the stack has no ${path}`);
    return id;
  }
}

/** The resource whose policy speaks of a resource: the bucket of an object, and else itself. */
export function ownerOf(resource: string): string {
  return resource.startsWith('arn:aws:s3:::') ? resource.split('/')[0]! : resource;
}

/** The policy of a key that says nothing of its own. */
function leftToIam(account: string) {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }] };
}
