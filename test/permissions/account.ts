import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Stack } from 'aws-cdk-lib';
import type { Call } from '../../local/data-plane';
import { DeployedTemplate } from '../support/deployed-template';

/** A call of an AWS API, and what AWS knows of it besides. Without a word to the contrary it is made over TLS. */
export interface TestedCall extends Call {
  readonly context?: Readonly<Record<string, string>>;
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: unknown;
}

/** A statement where it stands: in the policies of a role, or in the policy of a resource. */
export interface PlacedStatement {
  readonly kind: 'identity' | 'resource';
  /** The ARN of the role or resource. */
  readonly owner: string;
  readonly statement: Statement;
}

interface Document {
  readonly Statement: readonly Statement[];
}

/** An account in which a stack is deployed: all its policies, and what they allow in the judgement of an IAM evaluator. */
export class Account {
  public readonly template: DeployedTemplate;
  public readonly statements: readonly PlacedStatement[];

  constructor(stack: Stack) {
    this.template = new DeployedTemplate(stack);
    this.statements = [...this.identityStatements(), ...this.resourceStatements()];
  }

  /** Whether a call is allowed, by these statements in place of those of the account if they are given. */
  public async allows({ principal, action, resource, context }: TestedCall, statements = this.statements): Promise<boolean> {
    const of = (kind: PlacedStatement['kind'], owner: string) => ({
      Version: '2012-10-17',
      Statement: statements.filter((placed) => placed.kind === kind && placed.owner === owner).map(({ statement }) => statement),
    });
    const resourcePolicy = of('resource', ownerOf(resource));
    const { account } = this.template.stack;
    const result = await runSimulation({
      request: {
        principal,
        action,
        resource: { resource, accountId: account },
        contextVariables: { 'aws:SecureTransport': 'true', ...context },
      },
      identityPolicies: [{ name: 'identity', policy: of('identity', principal) }],
      resourcePolicy: resourcePolicy.Statement.length > 0 ? resourcePolicy : undefined,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    }, {});
    if (result.resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result.errors)}`);
    return result.overallResult === 'Allowed';
  }

  private identityStatements(): PlacedStatement[] {
    const { account } = this.template.stack;
    const policies = this.all<{ Roles: string[]; PolicyDocument: Document }>('AWS::IAM::Policy')
      .flatMap(([, { Roles, PolicyDocument }]) => Roles.flatMap((role) =>
        placed('identity', `arn:aws:iam::${account}:role/${role}`, PolicyDocument)));
    const inline = this.all<{ Policies?: { PolicyDocument: Document }[] }>('AWS::IAM::Role')
      .flatMap(([id, { Policies = [] }]) => Policies.flatMap(({ PolicyDocument }) => placed('identity', this.template.arnOf(id), PolicyDocument)));
    return [...policies, ...inline];
  }

  private resourceStatements(): PlacedStatement[] {
    return [
      ...this.all<{ AssumeRolePolicyDocument: Document }>('AWS::IAM::Role')
        .flatMap(([id, { AssumeRolePolicyDocument }]) => placed('resource', this.template.arnOf(id), AssumeRolePolicyDocument)),
      ...this.all<{ KeyPolicy: Document }>('AWS::KMS::Key').flatMap(([id, { KeyPolicy }]) => placed('resource', this.template.arnOf(id), KeyPolicy)),
      ...this.all<{ Bucket: string; PolicyDocument: Document }>('AWS::S3::BucketPolicy')
        .flatMap(([, { Bucket, PolicyDocument }]) => placed('resource', `arn:aws:s3:::${Bucket}`, PolicyDocument)),
      ...this.all<{ Topics: string[]; PolicyDocument: Document }>('AWS::SNS::TopicPolicy')
        .flatMap(([, { Topics, PolicyDocument }]) => Topics.flatMap((topic) => placed('resource', topic, PolicyDocument))),
      ...this.all<{ Queues: string[]; PolicyDocument: Document }>('AWS::SQS::QueuePolicy').flatMap(([, { Queues, PolicyDocument }]) =>
        Queues.flatMap((queue) => placed('resource', this.queueArn(queue), PolicyDocument))),
    ];
  }

  private queueArn(name: string): string {
    const { account, region } = this.template.stack;
    return `arn:aws:sqs:${region}:${account}:${name}`;
  }

  private all<T>(type: string): [string, T][] {
    return this.template.resources(type).map((logicalId) => [logicalId, this.template.properties(logicalId) as T]);
  }
}

function placed(kind: PlacedStatement['kind'], owner: string, { Statement }: Document): PlacedStatement[] {
  return Statement.map((statement) => ({ kind, owner, statement }));
}

/** The resource whose policy speaks of a resource: the bucket of an object, and else itself. */
export function ownerOf(resource: string): string {
  return resource.startsWith('arn:aws:s3:::') ? resource.split('/')[0]! : resource;
}
