// Writes docs/security.md: every statement of every policy, read from the templates, and what the checkers find.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { DeployedTemplate } from '../showcase/deployed-template';
import { pathsOf } from '../showcase/paths';
import { plainShowcase, strictShowcase } from '../showcase/showcase';
import { statedPolicies } from '../showcase/stated-policies';
import type { PlacedStatement, Statement } from '../showcase/stated-policies';
import { ENV } from '../showcase/stacks';
import { FINDINGS } from './findings';
import { REASONS } from './statements';
import type { Reason } from './statements';

/** What users make themselves, whose policies hold besides what is nobody's business here. */
const YOURS = /^(Models|Output|Inputs|Failures|ModelKey|InputKey|LogKey)$/;
const YOUR_OWN_STATEMENT =
  /^(kms:\* by the account|sts:AssumeRole by ec2\.amazonaws\.com|AllowPublishThroughSSLOnly of Alarms)$/;

/** A template whose resources go by their paths. */
class ReadableTemplate extends DeployedTemplate {
  private readonly paths: ReadonlyMap<string, string>;

  constructor(stack: Stack) {
    super(stack);
    this.paths = pathsOf(stack);
  }

  public override nameOf(logicalId: string): string {
    return `<${this.paths.get(logicalId)!}>`;
  }

  public override arnOf(logicalId: string): string {
    return `<${this.paths.get(logicalId)!}>`;
  }
}

interface Row {
  readonly owner: string;
  readonly key: string;
  readonly statement: Statement;
}

function rowsOf(stack: Stack): Row[] {
  return statedPolicies(new ReadableTemplate(stack))
    .map((placed) => ({
      owner: ownerOf(placed),
      key: keyOf(placed.statement),
      statement: placed.statement,
    }))
    .filter(
      ({ owner, key }) =>
        !YOURS.test(owner) && !YOUR_OWN_STATEMENT.test(key) && !YOUR_OWN_STATEMENT.test(`${key} of ${owner}`),
    );
}

const list = (value: unknown): string[] => (value === undefined ? [] : ([value].flat() as string[]));

function ownerOf({ owner }: PlacedStatement): string {
  return /<(.*)>$/.exec(owner)![1]!;
}

/** The Sid of a statement, if it has one that means something. Otherwise its actions and its principals. */
function keyOf({ Sid, Action, Principal }: Statement): string {
  if (Sid && !/^\d+$/.test(Sid)) return Sid;
  const { Service, AWS } = (Principal ?? {}) as { Service?: string; AWS?: string };
  const who = Service ?? (AWS === '*' ? 'anybody' : AWS?.endsWith(':root') ? 'the account' : AWS?.slice(1, -1));
  return list(Action).join(', ') + (who ? ` by ${who}` : '');
}

function readable(text: string): string {
  return text
    .replaceAll(ENV.account, '<account>')
    .replaceAll(ENV.region, '<region>')
    .replace(/stack-endpoint-[0-9a-f]{8}/g, '<endpoint>')
    .replace(/^arn:aws:(s3:::|[a-z0-9-]+:<region>:<account>:)(<.*)$/, '$2');
}

/** Text of ours and of templates in a cell of a table. */
const cell = (...lines: readonly string[]) => lines.map((line) => line.replaceAll('|', '\\|')).join('<br>');
const code = (values: readonly string[]) => cell(...values.map((value) => `\`${readable(value)}\``));

const conditions = (condition: unknown) =>
  Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([name, value]) => `${operator} ${name} ${list(value).join(', ')}`),
  );

/** The statements that a reason is given for, with the resources of all its owners. */
function line({ of, statement: key, why, since }: Reason, rows: readonly Row[]): string {
  const statements = rows.filter((row) => of.includes(row.owner) && row.key === key).map(({ statement }) => statement);
  const [{ Effect, Action, Sid }] = statements as [Statement];
  const unique = (read: (statement: Statement) => readonly string[]) => [...new Set(statements.flatMap(read))];
  const title = key === Sid ? `**${Sid}**<br>` : '';
  const [, whom] = /( by .*)$/.exec(key) ?? [];
  return `| ${[
    cell(...of.map((owner) => `\`${owner}\``)),
    `${title}${Effect === 'Deny' ? 'not ' : ''}${code(list(Action))}${whom ?? ''}`,
    code(unique(({ Resource }) => list(Resource))),
    code(unique(({ Condition }) => conditions(Condition))),
    cell(why, ...(since ? [`Only with ${since}.`] : [])),
  ].join(' | ')} |`;
}

function statements(): string {
  const plain = rowsOf(plainShowcase().stack);
  const strict = rowsOf(strictShowcase().stack);
  const is =
    ({ owner, key }: Row) =>
    (reason: Reason) =>
      reason.of.includes(owner) && reason.statement === key;
  const added = strict.filter((row) => !plain.some(({ owner, key }) => owner === row.owner && key === row.key));
  const rows = [...plain, ...added];
  const faults = [
    ...rows
      .filter((row) => REASONS.filter(is(row)).length !== 1)
      .map(({ owner, key }) => `${owner} has ${key}, which needs one reason`),
    ...added
      .filter((row) => REASONS.some((reason) => is(row)(reason) && !reason.since))
      .map(
        ({ owner, key }) => `${owner} has ${key} with a stricter choice only, and its reason does not say with which`,
      ),
    ...REASONS.flatMap((reason) =>
      reason.of
        .filter((owner) => !rows.some((row) => row.owner === owner && row.key === reason.statement))
        .map((owner) => `${owner} has no ${reason.statement}, for which a reason is given`),
    ),
  ];
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return [...new Set(REASONS.map(({ section }) => section))]
    .map(
      (section) => `### ${section}

| Whose | What | On | If | Why |
|---|---|---|---|---|
${REASONS.filter((reason) => reason.section === section)
  .map((reason) => line(reason, rows))
  .join('\n')}
`,
    )
    .join('\n');
}

function findings(): string {
  return FINDINGS.map(
    ({ concern, rules, on, why, choice, since }) => `### ${concern}

${why}${since ? ` Only with ${since}.` : ''}

${choice ? `Your choice: ${choice}.` : 'There is no prop for it.'}

Rules: ${rules.map((rule) => `\`${rule}\``).join(', ')}. On: ${on.map((path) => `\`${path}\``).join(', ')}.
`,
  ).join('\n');
}

const page = `<!-- Generated by \`npm run docs\`. Do not edit: the reasons are in tools/security/. -->

# Security

This page is generated from templates of everything that the package defines, once with no more than is required and once with customer
keys, networks and all the other stricter choices. Paths are those of constructs:

- \`Endpoint\` is an endpoint, and \`Archivist\` is an invoker whose payloads go through S3.
- \`Requests\`, \`Results\`, \`Pipe\`, \`Callback\` and \`Monitoring\` are the other constructs.
- \`Client\` is a grantee, and \`Workflow\` is a state machine of yours.
- \`Key\`, \`QueueKey\`, \`VolumeKey\` and \`Alarms\` are keys and a topic of yours.

\`<Path>\` stands for the ARN or the name.

What is said here is held by tests (\`npm test\`):

- An IAM evaluator judges the policies on every call that is made for a request, on those that the local run records and on many that
  must fail. Each statement, action and resource is taken away in turn, and some call must miss it.
- cdk-nag's six packs and AWS Control Tower's rules find what is listed below, and nothing else. In CI, cfn-lint, checkov and
  CloudFormation's own rules do the same.

None of it asks AWS: how a service uses its role is read from AWS's documentation, and AWS may do otherwise.

## Statements

${statements()}
## Findings

${findings()}`;

writeFileSync(join(__dirname, '../../docs/security.md'), page);
