import { moduleSource } from '../../../tools/images/module';

const facts = (accounts: Record<string, string>, ...processors: string[]) => ({
  accounts,
  processors: new Set(processors),
});

test('repositories with the same accounts share a registry, and that of Deep Learning Containers is the first one', () => {
  const source = moduleSource(
    {
      algorithm: facts({ 'eu-west-1': '333333333333' }),
      far: facts({ 'us-east-1': '222222222222', 'us-west-2': '111111111111' }, 'inf', 'neuronx'),
      'pytorch-inference': facts({ 'eu-west-1': '111111111111', 'us-west-2': '111111111111' }, 'cpu', 'gpu'),
      tei: facts({ 'eu-west-1': '444444444444' }, 'gpu'),
    },
    'tables 1.0',
  );
  expect(source).toContain('from the tables of tables 1.0.');
  expect(JSON.parse(/RegistryTable\[\] = (.*)$/.exec(source)![1]!)).toEqual([
    {
      accounts: '111111111111:eu-west-1,us-west-2 222222222222:us-east-1',
      repositories: [
        ['far:neuron', 'eu-west-1'],
        ['pytorch-inference', 'us-east-1'],
      ],
    },
    { accounts: '444444444444:eu-west-1', repositories: [['tei:gpu', '']] },
  ]);
});
