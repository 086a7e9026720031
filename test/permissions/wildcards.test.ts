import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { pathsOf } from '../../tools/showcase/paths';
import { strictShowcase } from '../../tools/showcase/showcase';
import { resources } from '../../tools/showcase/stacks';

// Every statement of every role gets a resource with an asterisk. Each has one of its own, so that a finding names its statement.

const WILDCARD = /arn:aws:any::\d+:\*/g;

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Makes all statements of roles wider, for as long as a function runs. */
function withWildcards<T>(run: () => T): T {
  const numbers = new Map<PolicyStatement, number>();
  const render = Reflect.get(PolicyStatement.prototype, 'toStatementJson') as (this: PolicyStatement) => unknown;
  const widen = jest.spyOn(PolicyStatement.prototype, 'toStatementJson').mockImplementation(function (
    this: PolicyStatement,
  ): unknown {
    const json = render.call(this) as { readonly Principal?: unknown };
    if (json.Principal) return json;
    if (!numbers.has(this)) numbers.set(this, numbers.size);
    return { ...json, Resource: `arn:aws:any::${numbers.get(this)}:*` };
  });
  try {
    return run();
  } finally {
    widen.mockRestore();
  }
}

const wildcardsIn = (text: string) => [...new Set(text.match(WILDCARD))].sort();
const templateOf = (stack: ReturnType<typeof strictShowcase>['stack']) => Template.fromStack(stack).toJSON();

/** The actions of each statement of each role, by the path of the role. */
function statementsOf(stack: ReturnType<typeof strictShowcase>['stack']): string[] {
  const paths = pathsOf(stack);
  const policies = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'].flatMap((type) =>
    Object.values(resources(stack, type)),
  );
  return policies
    .flatMap(({ Properties }) =>
      (Properties.Roles as { readonly Ref: string }[]).flatMap(({ Ref }) =>
        (Properties.PolicyDocument as { readonly Statement: Statement[] }).Statement.map(
          ({ Action }) => `${paths.get(Ref)}: ${[Action].flat().join()}`,
        ),
      ),
    )
    .sort();
}

const before = strictShowcase().stack;
const expected = statementsOf(before);
const after = withWildcards(() => {
  const { stack } = strictShowcase();
  const assembly = (stack.node.root as App).synth();
  const rules = new AwsSolutionsChecks(stack.node.root as App)
    .validateScope(stack.node.root as App)
    .violations.map(({ ruleName }) => ruleName);
  return { stack, template: templateOf(stack), directory: assembly.directory, rules };
});
const wildcards = wildcardsIn(JSON.stringify(after.template));

test('every statement of every role has a wildcard of its own', () => {
  expect(expected.length).toBeGreaterThan(50);
  expect(wildcards).toHaveLength(expected.length);
});

test('cdk-nag notices each of them', () => {
  expect(wildcardsIn(after.rules.join())).toEqual(wildcards);
});

test('cdk diff --security-only notices each of them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wildcards-'));
  const template = join(folder, 'before.json');
  writeFileSync(template, JSON.stringify(templateOf(before)));
  const cdk = join(__dirname, '../../node_modules/aws-cdk/bin/cdk');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cdk, 'diff', '--app', after.directory, '--template', template, '--security-only', '--no-notices', 'Stack'],
    {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder, COLUMNS: '400', NO_COLOR: '1', CDK_DISABLE_CLI_TELEMETRY: 'true' },
    },
  );
  expect(wildcardsIn(stdout + stderr)).toEqual(wildcards);
});

test('the report of Role.customizeRoles has each of them', () => {
  const roles = Object.keys(resources(before, 'AWS::IAM::Role')).map(
    (logicalId) => `Stack/${pathsOf(before).get(logicalId)}`,
  );
  const usePrecreatedRoles = Object.fromEntries(roles.map((path, index) => [path, `role-${index}`]));
  const report = withWildcards(() => {
    const { stack } = strictShowcase((app) => Role.customizeRoles(app, { usePrecreatedRoles }));
    const { directory } = (stack.node.root as App).synth();
    return JSON.parse(readFileSync(join(directory, 'iam-policy-report.json'), 'utf8')) as {
      readonly roles: readonly {
        readonly roleConstructPath: string;
        readonly managedPolicyStatements: readonly Statement[];
        readonly identityPolicyStatements: readonly Statement[];
      }[];
    };
  });
  const found = report.roles.flatMap(({ roleConstructPath, managedPolicyStatements, identityPolicyStatements }) =>
    [...managedPolicyStatements, ...identityPolicyStatements]
      .filter(({ Resource }) => new RegExp(WILDCARD.source).test(JSON.stringify(Resource)))
      .map(({ Action }) => `${roleConstructPath.replace(/^Stack\//, '')}: ${[Action].flat().join()}`),
  );
  expect([...new Set(found)].sort()).toEqual([...new Set(expected)]);
});
