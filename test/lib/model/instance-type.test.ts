import { Aws } from 'aws-cdk-lib';
import { InstanceType } from '../../../lib';

const members = Object.entries(InstanceType).filter(
  (entry): entry is [string, InstanceType] => entry[1] instanceof InstanceType,
);

test('each member is named as its type is', () => {
  expect(members.length).toBeGreaterThan(200);
  for (const [name, type] of members) {
    expect(`ML_${name}`).toBe(type.instanceTypeName.toUpperCase().replace(/[.-]/g, '_'));
    expect(type.toString()).toBe(type.instanceTypeName);
  }
});

test('no member is of a family that asynchronous inference does not support', () => {
  expect(members.filter(([name]) => name.startsWith('INF1_'))).toEqual([]);
});

test.each(['ml.g5.xlarge', 'ml.p6-b200.48xlarge', Aws.STACK_NAME])('of takes %s', (name) => {
  expect(InstanceType.of(name).instanceTypeName).toBe(name);
});

test.each(['', 'g5.xlarge', 'ml.g5', 'ML.G5.XLARGE', ' ml.g5.xlarge', 'ml.g5.xlarge '])('of fails on %p', (name) => {
  expect(() => InstanceType.of(name)).toThrow(
    `InstanceType.of: instanceTypeName must be of the form ml.family.size, for example 'ml.g5.xlarge', got '${name}'`,
  );
});
