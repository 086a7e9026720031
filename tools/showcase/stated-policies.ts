import type { Template } from '../../local/app/template';

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

/** All policies that a template states. */
export function statedPolicies(template: Template): PlacedStatement[] {
  const { account, region } = template.stack;
  const all = <T>(type: string, read: (properties: T, arn: string) => PlacedStatement[]) =>
    template
      .resources(type)
      .flatMap((logicalId) => read(template.properties(logicalId) as T, template.arnOf(logicalId)));
  return [
    ...['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].flatMap((type) =>
      all<{ Roles: string[]; PolicyDocument: Document }>(type, ({ Roles, PolicyDocument }) =>
        Roles.flatMap((role) => placed('identity', `arn:aws:iam::${account}:role/${role}`, PolicyDocument)),
      ),
    ),
    ...all<{ Policies?: { PolicyDocument: Document }[] }>('AWS::IAM::Role', ({ Policies = [] }, arn) =>
      Policies.flatMap(({ PolicyDocument }) => placed('identity', arn, PolicyDocument)),
    ),
    ...all<{ AssumeRolePolicyDocument: Document }>('AWS::IAM::Role', ({ AssumeRolePolicyDocument }, arn) =>
      placed('resource', arn, AssumeRolePolicyDocument),
    ),
    ...all<{ KeyPolicy: Document }>('AWS::KMS::Key', ({ KeyPolicy }, arn) => placed('resource', arn, KeyPolicy)),
    ...all<{ Bucket: string; PolicyDocument: Document }>('AWS::S3::BucketPolicy', ({ Bucket, PolicyDocument }) =>
      placed('resource', `arn:aws:s3:::${Bucket}`, PolicyDocument),
    ),
    ...all<{ Topics: string[]; PolicyDocument: Document }>('AWS::SNS::TopicPolicy', ({ Topics, PolicyDocument }) =>
      Topics.flatMap((topic) => placed('resource', topic, PolicyDocument)),
    ),
    ...all<{ Queues: string[]; PolicyDocument: Document }>('AWS::SQS::QueuePolicy', ({ Queues, PolicyDocument }) =>
      Queues.flatMap((queue) => placed('resource', `arn:aws:sqs:${region}:${account}:${queue}`, PolicyDocument)),
    ),
  ];
}

function placed(kind: PlacedStatement['kind'], owner: string, { Statement }: Document): PlacedStatement[] {
  return Statement.map((statement) => ({ kind, owner, statement }));
}
