import { Aws } from 'aws-cdk-lib';
import { unknownType } from '../../../lib/model/known-instance-types';

test.each([
  ['ml.m5.xlarg', 'ml.m5.xlarg (the sizes of this family are large, xlarge, 2xlarge, 4xlarge, 12xlarge, 24xlarge)'],
  ['ml.gg5.xlarge', 'ml.gg5.xlarge'],
  ['ml.g5.xlarge', undefined],
  [Aws.STACK_NAME, undefined],
])('of %s, what is unknown is %s', (name, text) => {
  expect(unknownType(name)).toBe(text);
});
