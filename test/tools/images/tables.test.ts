import { newestTags, repositoriesIn } from '../../../tools/images/tables';

const IRELAND = { 'eu-west-1': '111111111111' };
const BOTH = { ...IRELAND, 'us-east-1': '222222222222' };

/** Tables in the shapes that AWS uses. */
const TABLES = {
  scoped: {
    scope: ['inference'],
    processors: ['gpu'],
    versions: {
      '0.9.0': { repository: 'server', registries: BOTH, tag_prefix: '0.9.0', container_version: { gpu: 'cu128' } },
      '0.10.0': {
        repository: 'server',
        registries: IRELAND,
        tag_prefix: '0.10.0',
        py_versions: ['py311', 'py312'],
        container_version: { gpu: 'cu130-ubuntu24.04' },
      },
    },
  },
  nested: {
    training: {
      processors: ['gpu'],
      versions: { '1.0': { repository: 'framework-training', registries: BOTH } },
    },
    inference: {
      processors: ['gpu', 'cpu'],
      versions: {
        '4.9.0': {
          'pytorch2.10.0': {
            repository: 'framework-inference',
            registries: IRELAND,
            py_versions: ['py312'],
            container_version: { gpu: 'cu124-ubuntu22.04', cpu: 'ubuntu22.04' },
          },
          'pytorch2.6.0': { repository: 'framework-inference', registries: BOTH, py_versions: ['py312'] },
        },
        '4.51.0': {
          'pytorch2.6.0': {
            repository: 'framework-inference',
            registries: IRELAND,
            py_versions: ['py312'],
            container_version: { gpu: 'cu124-ubuntu22.04' },
          },
        },
      },
    },
    inference_graviton: {
      processors: ['cpu'],
      versions: { '2.0': { repository: 'framework-graviton', registries: IRELAND } },
    },
    eia: { processors: ['cpu'], versions: { '1.0': { repository: 'framework-eia', registries: IRELAND } } },
  },
  silent: {
    scope: ['inference'],
    versions: {
      '1': { repository: 'lmi', registries: IRELAND, tag_prefix: '0.38.0-lmi29.0.0-cu130' },
      '2': { processor_in_tag: false, processors: ['cpu'], repository: 'a', registries: IRELAND, tag_prefix: 'cpu-v2' },
    },
  },
};

test('repositories for inference, with all regions and processors of their versions', () => {
  expect(repositoriesIn(TABLES)).toEqual({
    server: { accounts: BOTH, processors: new Set(['gpu']) },
    'framework-inference': { accounts: BOTH, processors: new Set(['gpu', 'cpu']) },
    'framework-graviton': { accounts: IRELAND, processors: new Set(['cpu']) },
    lmi: { accounts: IRELAND, processors: new Set() },
    a: { accounts: IRELAND, processors: new Set(['cpu']) },
  });
});

test('a repository with two accounts in a region is an error', () => {
  const other = { scope: ['inference'], repository: 'server', registries: { 'eu-west-1': '333333333333' } };
  expect(() => repositoriesIn({ ...TABLES, other })).toThrow(
    'server has the accounts 111111111111 and 333333333333 in eu-west-1',
  );
});

test.each([
  ['scoped', ['server gpu 0.10.0-gpu-py312-cu130-ubuntu24.04']],
  [
    'nested',
    [
      'framework-inference gpu 2.6.0-transformers4.51.0-gpu-py312-cu124-ubuntu22.04',
      'framework-inference cpu 2.10.0-transformers4.9.0-cpu-py312-ubuntu22.04',
      'framework-graviton cpu 2.0-cpu',
    ],
  ],
  ['silent', ['lmi gpu 0.38.0-lmi29.0.0-cu130', 'a cpu cpu-v2']],
] as const)('the newest tags of the table %s', (name, expected) => {
  const tags = newestTags(name, TABLES[name]);
  expect(tags.map(({ repository, processor, tag }) => `${repository} ${processor} ${tag}`)).toEqual(expected);
  for (const { table } of tags) expect(table).toBe(name);
});
