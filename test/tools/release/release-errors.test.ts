import { releaseErrors, releaseNotes } from '../../../tools/release/release-errors';
import { PLACEHOLDER_OWNER } from '../../../tools/release/repository-owner';

const ready = {
  tag: 'v1.2.3',
  version: '1.2.3',
  changelog:
    '# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-12-01\n\n- A feature.\n\n## 1.2.2 - 2026-11-01\n\n- Another.\n',
  readme: '# Readme\n',
  repositoryUrl: 'https://github.com/octo-cat/repository',
};

test('a commit that is ready has no errors', () => expect(releaseErrors(ready)).toEqual([]));

test.each([
  ['the placeholder', { repositoryUrl: `https://github.com/${PLACEHOLDER_OWNER}/repository` }, 'set-repository OWNER'],
  ['another tag', { tag: 'v1.2.4' }, "the tag must be v1.2.3, the version in package.json, got 'v1.2.4'"],
  ['a tag without v', { tag: '1.2.3' }, 'the tag must be v1.2.3'],
  ['a version without a heading', { changelog: '# Changelog\n' }, 'must have the heading `## 1.2.3 - YYYY-MM-DD`'],
  [
    'the heading of a longer version',
    { changelog: '## 1.2.30 - 2026-12-01\n\n- A feature.\n' },
    'must have the heading',
  ],
  ['a heading without a date', { changelog: '## 1.2.3\n\n- A feature.\n' }, 'must end with a date'],
  [
    'a version without notes',
    { changelog: '## 1.2.3 - 2026-12-01\n\n## 1.2.2\n\n- Another.\n' },
    'must say what changed',
  ],
  [
    'a README that says how to build an unpublished package',
    { readme: '<!-- unreleased -->\nBuild it.\n<!-- /unreleased -->\n' },
    'run `npm run release:readme`',
  ],
  [
    'notes under Unreleased',
    { changelog: '## Unreleased\n\n- More.\n\n## 1.2.3 - 2026-12-01\n\n- A feature.\n' },
    'must have nothing under "Unreleased"',
  ],
])('%s is an error', (_, change, message) => {
  expect(releaseErrors({ ...ready, ...change })).toEqual([expect.stringContaining(message)]);
});

test('the notes of a release are those of its version', () => {
  expect(releaseNotes(ready.changelog, '1.2.3')).toBe('- A feature.');
  expect(() => releaseNotes(ready.changelog, '2.0.0')).toThrow('says nothing about 2.0.0');
});
