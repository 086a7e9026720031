import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { AccountView } from './account-view';
import { numberOfText, oncePerObject } from './numbers';
import { arnOf } from './physical-resource';

/** A call of an AWS API that a configuration makes. The principal is the ARN of a role, or a service. */
export interface RequiredCall {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

interface Document {
  readonly Statement?: unknown;
}

interface Policies {
  readonly texts: readonly string[];
  readonly number: number;
}

/** The verdicts on calls under the same policies. Policies are kept as text, which is the same for the same document. */
const verdicts = new Map<string, Promise<boolean>>();

/** What the policies of an account allow at a moment, in the judgment of an IAM evaluator. IAM propagation is not modeled. */
export class Permissions {
  private readonly identities = new Map<string, Policies>();

  constructor(
    private readonly view: AccountView,
    private readonly accountId: string,
  ) {}

  /** @throws Error for a call that IAM does not have */
  public allows(call: RequiredCall): Promise<boolean> {
    const identity = this.identityPolicies(call.principal);
    const resource = this.resourcePolicy(call.resource);
    const key = `${identity.number} ${resource === undefined ? 0 : numberOfText(resource)} ${JSON.stringify(call)}`;
    let verdict = verdicts.get(key);
    if (!verdict) {
      verdict = judge(call, this.accountId, identity.texts, resource);
      verdicts.set(key, verdict);
    }
    return verdict;
  }

  /** The policies of a role: its own, those that are put into it, and the managed ones that are attached. */
  private identityPolicies(principal: string): Policies {
    const known = this.identities.get(principal);
    if (known) return known;
    const name = principal.split('/').at(-1)!;
    const role = this.view.named('AWS::IAM::Role', name);
    const own = ((role?.properties.Policies ?? []) as { PolicyDocument: object }[]).map((one) => one.PolicyDocument);
    const managed = this.view
      .all('AWS::IAM::ManagedPolicy')
      .filter((one) => {
        const byPolicy = (one.properties.Roles ?? []) as unknown[];
        const byRole = (role?.properties.ManagedPolicyArns ?? []) as unknown[];
        return byPolicy.includes(name) || byRole.includes(arnOf(one));
      })
      .map(({ properties }) => properties.PolicyDocument as object);
    const texts = [...own, ...(this.view.account.attachedTo(name) as object[]), ...managed].map(textOf).sort();
    const policies = { texts, number: numberOfText(texts.join('\n')) };
    this.identities.set(principal, policies);
    return policies;
  }

  /** The policy of the resource itself: a trust policy, a key policy, or what is attached to a bucket, topic or queue. */
  private resourcePolicy(arn: string): string | undefined {
    const owner = arn.startsWith('arn:aws:s3:::') ? arn.split('/')[0]! : arn;
    const resource = this.view.find(owner);
    if (!resource) return owner.startsWith('arn:aws:kms:') ? textOf(leftToIam(this.accountId)) : undefined;
    const { type, properties, id } = resource;
    if (type === 'AWS::IAM::Role') return textOf(properties.AssumeRolePolicyDocument as object);
    if (type === 'AWS::KMS::Key') return textOf(properties.KeyPolicy as object);
    const targets: Readonly<Record<string, string>> = {
      'AWS::S3::Bucket': id,
      'AWS::SNS::Topic': arnOf(resource),
      'AWS::SQS::Queue': `https://sqs.${resource.region}.amazonaws.com/${resource.account}/${id}`,
    };
    const [document] = targets[type] ? this.view.account.attachedTo(targets[type]) : [];
    if (document) return textOf(document);
    return type === 'AWS::SNS::Topic' ? textOf(topicDefault(arn, this.accountId)) : undefined;
  }
}

/** Actions that policies narrow to resources although IAM's data have none for them, and actions of the same resources. */
const STAND_INS: Readonly<Record<string, string>> = {
  'states:SendTaskFailure': 'states:StartExecution',
  'states:SendTaskSuccess': 'states:StartExecution',
};

async function judge(
  call: RequiredCall,
  accountId: string,
  identity: readonly string[],
  resourcePolicy: string | undefined,
): Promise<boolean> {
  const { principal, resource, context } = call;
  const action = STAND_INS[call.action] ?? call.action;
  const standIn = (text: string) =>
    action === call.action ? text : text.replaceAll(`"${call.action}"`, `"${action}"`);
  const { resultType, ...result } = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId },
        contextVariables: {
          'aws:SecureTransport': 'true',
          ...Object.fromEntries(Object.entries(context ?? {}).map(([name, value]) => [name, toMutable(value)])),
        },
      },
      identityPolicies: identity.map((text, index) => ({
        name: `${index}`,
        policy: JSON.parse(standIn(text)) as object,
      })),
      resourcePolicy: resourcePolicy === undefined ? undefined : (JSON.parse(resourcePolicy) as object),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (resultType === 'error') throw new Error(`${action} on ${resource}: ${JSON.stringify(result)}`);
  return (result as { overallResult?: string }).overallResult === 'Allowed';
}

function toMutable(value: string | readonly string[]): string | string[] {
  return typeof value === 'string' ? value : [...value];
}

const textOf = oncePerObject((document: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: (document as Document).Statement }),
);

/** The policy of a key that says nothing of its own. */
function leftToIam(account: string): Document {
  return {
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' },
    ],
  };
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
function topicDefault(topic: string, account: string): Document {
  return {
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['SNS:Publish', 'SNS:Subscribe'],
        Resource: topic,
        Condition: { StringEquals: { 'AWS:SourceOwner': account } },
      },
    ],
  };
}
