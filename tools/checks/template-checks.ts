// What public checkers find in the templates of everything that the package defines, compared with the list of docs/security.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Found } from '../security/findings';
import { differences } from '../security/findings';
import { DeployedTemplate } from '../showcase/deployed-template';
import { pathsOf } from '../showcase/paths';
import { plainShowcase, strictShowcase } from '../showcase/showcase';
import { CheckError, fetchOrSkip, INSTALL, part, run } from './part';

interface Checker {
  /** Installs the checker in a folder. */
  install(folder: string): void;
  /** Which rules of the list belong to the checker. */
  readonly rules: RegExp;
  /** What the checker finds in a template: rules and the logical IDs of resources. */
  check(folder: string, template: string): readonly (readonly [rule: string, logicalId: string | undefined])[];
}

function installFromPyPi(folder: string, requirement: string): void {
  fetchOrSkip('a virtual environment of Python', 'python3', ['-m', 'venv', folder], folder);
  fetchOrSkip(
    requirement,
    join(folder, 'bin/pip'),
    ['install', '--quiet', '--disable-pip-version-check', requirement],
    folder,
  );
}

/** What a command of the virtual environment prints. A checker ends with an error if it finds something. */
function jsonOf<T>(folder: string, command: string, ...args: readonly string[]): T {
  const { stdout, stderr } = run(join(folder, 'bin', command), args, { cwd: folder });
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new CheckError(`expected JSON of ${command}, got:\n${stdout}\n${stderr}`);
  }
}

interface CfnLintFinding {
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path?: readonly string[] };
}

interface CheckovReport {
  readonly summary: { readonly passed: number; readonly parsing_errors: number };
  readonly results: { readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[] };
}

interface ValidatePlugin {
  validate(context: object): {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly violatingResources: readonly { readonly resourceLogicalId: string }[];
    }[];
  };
}

const CHECKERS: Readonly<Record<string, Checker>> = {
  'cfn-lint': {
    install: (folder) => {
      installFromPyPi(folder, 'cfn-lint==1.58.0');
    },
    rules: /^[EWI]\d{4}$/,
    check: (folder, template) =>
      jsonOf<readonly CfnLintFinding[]>(folder, 'cfn-lint', '--format', 'json', '--', template).map(
        ({ Rule, Location }) => [Rule.Id, Location.Path?.[1]] as const,
      ),
  },
  checkov: {
    install: (folder) => {
      installFromPyPi(folder, 'checkov==3.3.30');
    },
    rules: /^CKV/,
    check: (folder, template) => {
      const options = '--framework cloudformation --output json --compact --skip-download'.split(' ');
      const { results, summary } = jsonOf<CheckovReport>(folder, 'checkov', '--file', template, ...options);
      if (summary.passed === 0 || summary.parsing_errors > 0) {
        throw new CheckError(`checkov could not read the template: ${JSON.stringify(summary)}`);
      }
      return results.failed_checks.map(({ check_id, resource }) => [check_id, resource.split('.').at(-1)] as const);
    },
  },
  // CDK fails on these with the feature flag validateAgainstDefaultRules. It has them since 2.262.0, which is above our floor.
  'default-rules': {
    install: (folder) => {
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      fetchOrSkip('the newest CDK', 'npm', [...INSTALL, 'aws-cdk-lib@2', 'constructs@10'], folder);
    },
    rules: /^(?!)/,
    check: (folder, templatePath) => {
      const { CloudFormationValidatePlugin } = createRequire(join(folder, 'package.json'))('aws-cdk-lib') as {
        CloudFormationValidatePlugin: new () => ValidatePlugin;
      };
      const { violations } = new CloudFormationValidatePlugin().validate({
        stackTemplates: [{ stackConstructPath: 'Stack', templatePath, accountId: '111122223333', region: 'eu-west-1' }],
      });
      return violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ resourceLogicalId }) => [ruleName, resourceLogicalId] as const),
      );
    },
  },
};

void part((folder) => {
  const checker = CHECKERS[process.argv[2] ?? ''];
  if (!checker) throw new CheckError(`expected one of ${Object.keys(CHECKERS).join(', ')}, got ${process.argv[2]}`);
  checker.install(folder);
  const errors = [false, true].flatMap((isStrict) => {
    const { stack } = isStrict ? strictShowcase() : plainShowcase();
    const template = join(folder, 'template.json');
    writeFileSync(template, JSON.stringify(new DeployedTemplate(stack).stack.template));
    const paths = pathsOf(stack);
    const found = checker
      .check(folder, template)
      .map(([rule, logicalId = 'template']): Found => [rule, paths.get(logicalId) ?? logicalId]);
    console.log(`${isStrict ? 'strict' : 'default'} options: ${found.length} findings`);
    return differences(found, isStrict, (rule) => checker.rules.test(rule));
  });
  if (errors.length > 0) throw new CheckError(errors.join('\n'));
  console.log('no finding differs from the list');
});
