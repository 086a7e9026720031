import { createHash } from 'node:crypto';
import { CfnDeletionPolicy, CfnElement, CfnResource, Lazy, Stack, Token } from 'aws-cdk-lib';
import {
  CfnManagedPolicy,
  CfnRole,
  ManagedPolicy,
  Policy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import { decidedAtSynth, pathToResource, resolveWithTargets, templateOf } from './dependencies';
import { warn } from './warnings';

/**
 * Attaches statements to any role: a new one, one of another stack, an imported one, or one created in advance. Returns what a
 * resource that uses the permissions must depend on.
 *
 * The policy is an unnamed managed policy in the stack of the scope, so that the stack of the role never depends on it. New
 * statements give it a new description, which replaces it: CloudFormation creates the new policy, updates whatever depends on it
 * and removes the old policy in the cleanup. So everything in service keeps its permissions during the update. An inline policy
 * would be updated in place, and `cdk diff`, cdk-nag and `Role.customizeRoles` do not see `AWS::IAM::RolePolicy`.
 */
export function attachPermissions(
  scope: Construct,
  id: string,
  role: IRole,
  statements: readonly PolicyStatement[],
): ManagedPolicy[] {
  if (!isModifiable(scope, role)) {
    warn(
      scope,
      'roleNotModifiable',
      `the role ${role.roleName} cannot be modified (imported as immutable, or from another account): ` +
        `make sure that it has these statements: ${renderStatements(scope, statements)}`,
    );
    return [];
  }
  const path = scope.node.path.slice(0, 900).replace(/[^\x20-\x7e]/g, '?');
  let rendered: RenderedPermissions | undefined;
  const render = () => (rendered ??= renderPermissions(scope, role, statements));
  const policy = new ManagedPolicy(scope, id, {
    statements: [...statements],
    roles: [role],
    description: Lazy.uncachedString({
      produce: ({ preparing }) => {
        // Every synth first looks for references to other stacks, of which the text has none. Then it validates, and writes the
        // template and the tree. Nothing changes in between, and rendering takes time.
        if (preparing) rendered = undefined;
        return preparing ? path : `${path} ${render().fingerprint}`;
      },
    }),
  });
  checkQuotas(scope, role, policy, () => render().statements);
  // With removal policy RETAIN, only the policy in force stays: the ones before it are deleted.
  const resource = policy.node.defaultChild;
  if (CfnResource.isCfnResource(resource)) resource.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  return [policy];
}

/**
 * Attaches what a role may do with the key of resources that this library defines. Those wait for it, so that none of them has a new
 * key before the role may use it. With none of them, the statements belong to those of another policy.
 */
export function attachKeyPermissions(
  scope: Construct,
  id: string,
  role: IRole,
  statements: readonly PolicyStatement[],
  encrypted: readonly IConstruct[],
): ManagedPolicy[] {
  if (statements.length === 0) return [];
  const policies = attachPermissions(scope, id, role, statements);
  encrypted.forEach((resource) => {
    useAfter(resource, policies, role);
  });
  return policies;
}

/**
 * Makes a resource wait for the permissions of a role. A role that waits for the resource, for example because of a managed policy or a
 * boundary that names it, makes this impossible.
 */
export function useAfter({ node }: IConstruct, permissions: readonly IConstruct[], role: IRole): void {
  if (permissions.length === 0) return;
  // The key of the resource may be a child, for which nothing has permissions before it exists.
  const resource = node.defaultChild;
  resource?.node.addDependency(
    decidedAtSynth(() => {
      const { defaultChild } = role.node;
      return defaultChild && pathToResource([defaultChild], resource) ? [] : [...permissions];
    }),
  );
}

/**
 * Statements whose resources are added one after another. All of them are in one policy, because a role holds only ten managed
 * policies by default.
 */
export class AccumulatedPermissions {
  private readonly _statements: PolicyStatement[] = [];
  private _policies: ManagedPolicy[] = [];

  constructor(
    private readonly _scope: Construct,
    private readonly _id: string,
    private readonly _role: IRole,
  ) {}

  /** What a resource that uses the permissions must depend on. */
  public get policies(): readonly ManagedPolicy[] {
    return this._policies;
  }

  /** Allows actions on resources, in the statement with this ID. */
  public allow(sid: string, actions: string[], resources: string[]): void {
    const known = this._statements.find((statement) => statement.sid === sid);
    if (known) {
      known.addResources(...resources);
      return;
    }
    const statement = new PolicyStatement({ sid, actions, resources });
    this._statements.push(statement);
    if (this._statements.length === 1) {
      this._policies = attachPermissions(this._scope, this._id, this._role, this._statements);
    } else {
      this._policies.forEach((policy) => policy.addStatements(statement));
    }
  }
}

/** Statements as they appear in the template of the scope's stack. */
export function renderStatements(scope: IConstruct, statements: readonly PolicyStatement[]): string {
  return JSON.stringify(Stack.of(scope).resolve(statements.map((statement): unknown => statement.toStatementJson())));
}

/** A policy that notices whether a role accepts it. */
class Probe extends Policy {
  public isAccepted = false;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // A role that is created in advance does not attach policies. It reads their statements for the report of CDK.
    Object.defineProperty(this, 'document', {
      get: () => {
        this.isAccepted = true;
        return new PolicyDocument();
      },
    });
  }

  public override attachToRole(): void {
    this.isAccepted = true;
  }
}

const MAX_POLICIES = 10;
const MAX_CHARACTERS = 6_144;

/** The policies that are attached to each role of an app. */
const attached = new WeakMap<IConstruct, Map<string, ManagedPolicy[]>>();

/**
 * Checks the quotas of IAM at synth, when all policies are attached.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
function checkQuotas(scope: Construct, role: IRole, policy: ManagedPolicy, statements: () => unknown): void {
  policy.node.addValidation({
    validate: () => {
      const length = minimumLength(statements());
      return length > MAX_CHARACTERS
        ? [
            `the policy ${policy.node.path} has at least ${length} characters, and IAM accepts ${MAX_CHARACTERS}: ` +
              'name fewer resources, or use another role for some of them',
          ]
        : [];
    },
  });
  const roles = attached.get(scope.node.root) ?? new Map<string, ManagedPolicy[]>();
  attached.set(scope.node.root, roles);
  const name = Token.isUnresolved(role.roleArn) ? role.node.path : role.roleArn;
  const policies = roles.get(name) ?? [];
  roles.set(name, [...policies, policy]);
  if (policies.length > 0) return;
  scope.node.addValidation({
    validate: () => {
      const count = roles.get(name)!.length + ownPolicies(role);
      if (count >= MAX_POLICIES) {
        warn(
          scope,
          'managedPolicyQuota',
          `the role ${role.node.path} has ${count} managed policies, and an update needs one more: IAM accepts ` +
            `${MAX_POLICIES} by default, so use another role for some of the endpoints, or raise the quota`,
        );
      }
      return [];
    },
  });
}

/** The managed policies that the users give a role. Those of an imported role are not known. */
function ownPolicies(role: IRole): number {
  const resource = role.node.defaultChild;
  if (!CfnResource.isCfnResource(resource) || resource.cfnResourceType !== CfnRole.CFN_RESOURCE_TYPE_NAME) return 0;
  const arns: unknown = Stack.of(role).resolve((resource as CfnRole).managedPolicyArns);
  return Array.isArray(arns) ? arns.length : 0;
}

/** The length of a document as JSON without what is only known at deployment. */
function minimumLength(document: unknown): number {
  return JSON.stringify(document, (_, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const [name, ...others] = Object.keys(value);
    if (others.length > 0 || !name || !/^(Ref|Fn::\w+)$/.test(name)) return value;
    const parts: unknown = name === 'Fn::Join' ? (Object.values(value) as [[string, unknown]])[0][1] : [];
    return Array.isArray(parts) ? parts.filter((part) => typeof part === 'string').join('') : '';
  }).length;
}

/** Whether CDK can add permissions to a role. ManagedPolicy attaches to all roles without telling. */
function isModifiable(scope: Construct, role: IRole): boolean {
  if (Role.isRole(role)) return true;
  const probe = new Probe(scope, 'RoleProbe');
  role.attachInlinePolicy(probe);
  scope.node.tryRemoveChild('RoleProbe');
  return probe.isAccepted;
}

interface RenderedPermissions {
  readonly statements: unknown;
  /**
   * Changes whenever the permissions change: with the statements, with the role, and with the resources that they refer to. A bucket
   * of the same stack that gets another name is another bucket, although the text of the statement stays the same.
   */
  readonly fingerprint: string;
}

function renderPermissions(
  scope: Construct,
  { roleArn }: IRole,
  statements: readonly PolicyStatement[],
): RenderedPermissions {
  const stack = Stack.of(scope);
  const { value, targets } = resolveWithTargets(scope, {
    statements: statements.map((statement): unknown => statement.toStatementJson()),
    roleArn,
  });
  const resources = [...new Set([...targets, ...namedIn(JSON.stringify(value), targets, stack)])]
    .filter((target) => CfnResource.isCfnResource(target))
    .filter((resource) => resource.stack === stack && !isPolicy(resource))
    .map((resource) => identityOf(stack.resolve(templateOf(resource)) as Template));
  const hash = createHash('sha256').update(JSON.stringify([value, resources]));
  return { statements: value.statements, fingerprint: hash.digest('hex').slice(0, 16) };
}

/** The elements that a text names by their logical IDs alone, as `Fn.ref` and `Fn.getAtt` do. */
function namedIn(text: string, known: readonly IConstruct[], stack: Stack): CfnElement[] {
  const idOf = (element: CfnElement) => stack.resolve(element.logicalId) as string;
  const ids = new Set([...text.matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([A-Za-z0-9]+)"/g)].map(([, id]) => id!));
  for (const each of known) if (CfnElement.isCfnElement(each) && each.stack === stack) ids.delete(idOf(each));
  if (ids.size === 0) return [];
  const elements = stack.node.findAll().filter((node) => CfnElement.isCfnElement(node));
  return elements.filter((element) => element.stack === stack && ids.has(idOf(element)));
}

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Properties?: Readonly<Record<string, unknown>> }>>;
}

/** The properties of a resource that may replace it. Tags never do, and some teams change them with every deployment. */
function identityOf({ Resources }: Template): unknown {
  return Object.entries(Resources).map(([logicalId, { Properties }]) => [
    logicalId,
    { ...Properties, Tags: undefined },
  ]);
}

/** Rendering a policy of this kind would compute its fingerprint again. */
function isPolicy(resource: CfnResource): boolean {
  return resource.cfnResourceType === CfnManagedPolicy.CFN_RESOURCE_TYPE_NAME;
}
