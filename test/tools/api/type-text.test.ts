import { call, foreignName, plainType, result } from '../../../tools/api/type-text';

const topic = { id: 'aws-cdk-lib.aws_sns.ITopic', fqn: 'aws_cdk.aws_sns.ITopic', displayName: 'ITopic' };
const duration = { id: 'aws-cdk-lib.Duration', fqn: 'aws_cdk.Duration', displayName: 'Duration' };

test('a type of CDK has its module, if it has one', () => {
  expect([topic, duration].map(foreignName)).toEqual(['aws_sns.ITopic', 'Duration']);
});

test('types within types', () => {
  const list = {
    formattingPattern: 'typing.List[%]',
    types: [{ formattingPattern: 'typing.Mapping[%]', types: [topic] }],
  };
  expect(plainType(list)).toBe('List[Mapping[str, ITopic]]');
  expect(plainType(list, foreignName)).toBe('List[Mapping[str, aws_sns.ITopic]]');
});

test.each([
  ['typescript', undefined, ': void'],
  ['python', undefined, ' -> None'],
  ['typescript', { primitive: 'number' }, ': number'],
  ['python', { primitive: 'number' }, ' -> Union[int, float]'],
  ['python', { primitive: 'date' }, ' -> date'],
  ['typescript', { collection: { kind: 'array', elementtype: { fqn: 'pkg.Rule' } } }, ': Rule[]'],
  ['python', { collection: { kind: 'array', elementtype: { fqn: 'pkg.Rule' } } }, ' -> List[Rule]'],
  ['typescript', { collection: { kind: 'map', elementtype: { primitive: 'any' } } }, ': { [key: string]: any }'],
  ['python', { collection: { kind: 'map', elementtype: { primitive: 'any' } } }, ' -> Mapping[str, Any]'],
] as const)('what a method returns in %s: %j', (language, returned, text) => {
  expect(result(language, returned)).toBe(text);
});

test('a struct is one parameter in TypeScript, and keyword arguments in Python', () => {
  const parameter = { id: 'm.parameter.options', displayName: 'options', optional: true, docs: {} };
  const original = { id: 'm', displayName: 'm', parameters: [{ ...parameter, type: topic }] };
  expect(call('typescript', 'm', original, original)).toBe('m(options?: ITopic)');
  expect(call('python', 'm', { ...original, parameters: [] }, original)).toBe('m(**options: ITopic)');
});
