import { Aws } from 'aws-cdk-lib';
import { InstanceType } from '../../../lib';
import { processorOf, unknownType } from '../../../lib/model/processor';

test.each([
  ['ml.g5.xlarge', 'GPU'],
  ['ml.p5en.48xlarge', 'GPU'],
  ['ml.p6-b200.48xlarge', 'GPU'],
  ['ml.inf2.xlarge', 'Neuron'],
  ['ml.trn1n.32xlarge', 'Neuron'],
  ['ml.c7g.xlarge', 'Graviton'],
  ['ml.m6gd.xlarge', 'Graviton'],
  ['ml.m5.xlarge', 'x86'],
  ['ml.c6in.large', 'x86'],
  ['ml.dl1.24xlarge', undefined],
  [Aws.STACK_NAME, undefined],
])('the processor of %s is %s', (name, processor) => {
  expect(processorOf(InstanceType.of(name))).toBe(processor);
});

test.each([
  ['ml.m5.xlarg', 'ml.m5.xlarg (the sizes of this family are large, xlarge, 2xlarge, 4xlarge, 12xlarge, 24xlarge)'],
  ['ml.gg5.xlarge', 'ml.gg5.xlarge'],
  ['ml.g5.xlarge', undefined],
  [Aws.STACK_NAME, undefined],
])('of %s, what is unknown is %s', (name, text) => {
  expect(unknownType(InstanceType.of(name))).toBe(text);
});
