import { CfnGuardValidator } from '@cdklabs/cdk-validator-cfnguard';
import type { App } from 'aws-cdk-lib';
import {
  AwsSolutionsChecks,
  HIPAASecurityChecks,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
  ServerlessChecks,
} from 'cdk-nag';
import { differences } from '../../../tools/security/findings';
import type { Found } from '../../../tools/security/findings';
import { pathsOf } from '../../../tools/showcase/paths';
import { plainShowcase, strictShowcase } from '../../../tools/showcase/showcase';
import type { Showcase } from '../../../tools/showcase/showcase';

const PACKS = [
  AwsSolutionsChecks,
  ServerlessChecks,
  HIPAASecurityChecks,
  NIST80053R4Checks,
  NIST80053R5Checks,
  PCIDSS321Checks,
];

const CHECKERS: Record<string, { readonly rules: RegExp; readonly check: (showcase: Showcase) => Found[] }> = {
  'cdk-nag': {
    rules: /^(AwsSolutions|Serverless|HIPAA|NIST|PCI)/,
    check: ({ stack }) => {
      const app = stack.node.root as App;
      return PACKS.flatMap((Pack) => new Pack(app).validateScope(app).violations).flatMap(
        ({ ruleName, violatingResources }) =>
          violatingResources.map(({ constructPath }): Found => [ruleName, constructPath!]),
      );
    },
  },
  'the rules of AWS Control Tower': {
    rules: /^CT\./,
    check: ({ stack }) => {
      const templatePaths = (stack.node.root as App).synth().stacks.map(({ templateFullPath }) => templateFullPath);
      const paths = pathsOf(stack);
      // A rule on key policies reports nowhere in particular besides.
      return new CfnGuardValidator()
        .validate({ templatePaths })
        .violations.flatMap(({ description, violatingResources }) =>
          violatingResources
            .filter(({ resourceLogicalId }) => resourceLogicalId)
            .map(({ resourceLogicalId }): Found => [
              /^\[(.*?)\]/.exec(description)![1]!,
              paths.get(resourceLogicalId)!,
            ]),
        );
    },
  },
};

describe.each([
  ['with no more than is required', false, plainShowcase()],
  ['with the stricter choices', true, strictShowcase()],
] as const)('%s', (_, isStrict, showcase) => {
  test.each(Object.entries(CHECKERS))(
    '%s: what they find is explained, and what is explained they find',
    (__, { rules, check }) => {
      expect(differences(check(showcase), isStrict, (rule) => rules.test(rule))).toEqual([]);
    },
  );
});
