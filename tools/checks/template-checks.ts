// What a checker from elsewhere finds in the templates of everything that the package defines, against the list of docs/security.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differences } from '../security/findings';
import { DeployedTemplate } from '../showcase/deployed-template';
import { pathsOf } from '../showcase/paths';
import { plainShowcase, strictShowcase } from '../showcase/showcase';

const work = mkdtempSync(join(tmpdir(), 'template-checks-'));

class Missing extends Error {}

function fetch(what, command, ...args) {
  const { status, stderr, error } = spawnSync(command, args, { cwd: work, encoding: 'utf8' });
  if (status !== 0)
    throw new Missing(`${what} could not be fetched: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
}

function fetchFromPyPi(requirement) {
  fetch('an environment for Python', 'python3', '-m', 'venv', work);
  fetch(requirement, join(work, 'bin/pip'), 'install', '--quiet', '--disable-pip-version-check', requirement);
}

function json(command, ...args) {
  const { stdout, stderr } = spawnSync(join(work, 'bin', command), args, {
    cwd: work,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`${command} answered:\n${stdout}\n${stderr}`);
  }
}

/** How to get a checker, which rules of the list are its own, and what it finds: rules with the logical ids of resources. */
const CHECKERS = {
  'cfn-lint': {
    fetch: () => fetchFromPyPi('cfn-lint==1.58.0'),
    rules: /^[EWI]\d{4}$/,
    check: (template) =>
      json('cfn-lint', '--format', 'json', '--', template).map(({ Rule, Location }) => [Rule.Id, Location.Path?.[1]]),
  },
  checkov: {
    fetch: () => fetchFromPyPi('checkov==3.3.30'),
    rules: /^CKV/,
    check: (template) => {
      const { results, summary } = json(
        'checkov',
        '--file',
        template,
        '--framework',
        'cloudformation',
        '--output',
        'json',
        '--compact',
        '--skip-download',
      );
      if (summary.passed === 0 || summary.parsing_errors > 0)
        throw new Error(`checkov could not read it: ${JSON.stringify(summary)}`);
      return results.failed_checks.map(({ check_id, resource }) => [check_id, resource.split('.').at(-1)]);
    },
  },
  // With @aws-cdk/core:validateAgainstDefaultRules CDK fails on them; it has them since 2.262.0, which is above the floor.
  'default-rules': {
    fetch: () => {
      writeFileSync(join(work, 'package.json'), '{ "private": true }');
      fetch(
        'the newest CDK',
        'npm',
        'install',
        '--no-audit',
        '--no-fund',
        '--ignore-scripts',
        'aws-cdk-lib@2',
        'constructs@10',
      );
    },
    rules: /^(?!)/,
    check: (templatePath) => {
      const { CloudFormationValidatePlugin } = createRequire(join(work, 'package.json'))('aws-cdk-lib');
      const { violations } = new CloudFormationValidatePlugin().validate({
        stackTemplates: [{ stackConstructPath: 'Stack', templatePath, accountId: '111122223333', region: 'eu-west-1' }],
      });
      return violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ resourceLogicalId }) => [ruleName, resourceLogicalId]),
      );
    },
  },
};

const { fetch: fetchChecker, rules, check } = CHECKERS[process.argv[2]];
try {
  fetchChecker();
  for (const [isStrict, { stack }] of [
    [false, plainShowcase()],
    [true, strictShowcase()],
  ]) {
    const template = join(work, 'template.json');
    writeFileSync(template, JSON.stringify(new DeployedTemplate(stack).stack.template));
    const paths = pathsOf(stack);
    const found = check(template).map(([rule, logicalId]) => [rule, paths.get(logicalId) ?? `${logicalId}`]);
    const faults = differences(found, isStrict, (rule) => rules.test(rule));
    console.log(
      `${isStrict ? 'with the stricter choices' : 'with no more than is required'}: ${found.length} findings, ${faults.length} differ from the list`,
    );
    faults.forEach((fault) => console.log(fault));
    if (faults.length > 0) process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.log(error.message);
  process.exitCode = 77;
} finally {
  rmSync(work, { recursive: true, force: true });
}
