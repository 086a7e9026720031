import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metadata, repositoryUrl } from '../../../tools/package/metadata';
import { isOwner, ownerOf, PLACEHOLDER_OWNER, withOwner } from '../../../tools/release/repository-owner';

const ROOT = join(__dirname, '../../..');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0').filter(Boolean);

test('the owner is in the address of the repository', () => {
  expect(ownerOf('git+https://github.com/octo-cat/repository.git')).toBe('octo-cat');
  expect(() => ownerOf('https://example.com/octo-cat/repository')).toThrow('must be a repository on GitHub');
});

test.each([
  ['https://github.com/octo-cat/repository', 'https://github.com/Acme-2/repository'],
  ['git+https://github.com/octo-cat/repository.git', 'git+https://github.com/Acme-2/repository.git'],
  ['<groupId>io.github.octo-cat</groupId>', '<groupId>io.github.acme-2</groupId>'],
  ['import io.github.octo_cat.repository.Thing;', 'import io.github.acme_2.repository.Thing;'],
  ['--repo octo-cat/repository', '--repo Acme-2/repository'],
  ['https://github.com/octo-cats/repository', 'https://github.com/octo-cats/repository'],
  ['io.github.octo-cat-two', 'io.github.octo-cat-two'],
  ['the octo-cat purrs', 'the octo-cat purrs'],
])('%s becomes %s', (text, expected) => {
  expect(withOwner(text, 'octo-cat', 'Acme-2')).toBe(expected);
});

test('a Java package does not start with a digit', () => {
  expect(withOwner('import io.github.octo_cat.Thing;', 'octo-cat', '2acme')).toBe('import io.github._2acme.Thing;');
});

test('one owner after the other leads to the last', () => {
  const text = 'github.com/octo-cat/x io.github.octo-cat io.github.octo_cat.x';
  expect(withOwner(withOwner(text, 'octo-cat', 'a-b'), 'a-b', 'octo-cat')).toBe(text);
});

test.each(['', 'two words', '-hyphen', 'hyphen-', 'two--hyphens', 'under_score', 'a'.repeat(40)])(
  '%p is no owner',
  (owner) => {
    expect(isOwner(owner)).toBe(false);
  },
);

test.each(['a', 'octo-cat', 'Acme-2', 'a'.repeat(39)])('%p is an owner', (owner) => {
  expect(isOwner(owner)).toBe(true);
});

test('changing the owner leaves the old one nowhere', () => {
  const owner = ownerOf(`${repositoryUrl}/`);
  const forms = new RegExp(`\\b(${owner}|${owner.replaceAll('-', '_')})\\b`, 'i');
  const remaining = tracked.filter((file) =>
    forms.test(withOwner(readFileSync(join(ROOT, file), 'utf8'), owner, 'a-b')),
  );
  expect(remaining).toEqual(owner === PLACEHOLDER_OWNER ? ['tools/release/repository-owner.ts'] : []);
});

test('every target is named after the owner of the repository', () => {
  const { jsii } = metadata as unknown as {
    jsii: { targets: { java: { package: string; maven: { groupId: string } }; go: { moduleName: string } } };
  };
  const owner = ownerOf(`${repositoryUrl}/`);
  expect(jsii.targets.go.moduleName).toBe(`github.com/${owner}/${metadata.name}-go`);
  expect(jsii.targets.java.maven.groupId).toBe(withOwner('io.github.x', 'x', owner));
  expect(jsii.targets.java.package).toBe(withOwner('io.github.x_y.cdk_sagemaker_async_inference', 'x-y', owner));
});
