import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { WARNINGS, warn } from '../../../lib/shared/warnings';
import { warningsPage } from '../../../tools/warnings/page';

test('docs/warnings.md lists every warning with its cause and advice', () => {
  expect(readFileSync(join(__dirname, '../../../docs/warnings.md'), 'utf8')).toBe(warningsPage());
  for (const id of Object.keys(WARNINGS)) expect(warningsPage()).toContain(`\`${id}\``);
});

test('a warning is acknowledged by the ID on the page', () => {
  const stack = new Stack(new App(), 'Stack');
  warn(stack, 'regionNotAnnounced', 'text');
  Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('text'));
  Validations.of(stack).acknowledge({ id: 'cdk-sagemaker-async-inference:regionNotAnnounced', reason: 'tested' });
  Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
});
