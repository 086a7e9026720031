import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checksums, differentFiles, publishedFiles } from '../../../tools/release/checksums';

const work = mkdtempSync(join(tmpdir(), 'checksums-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function folder(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(work, 'folder-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('checksums have the form that sha256sum reads', () => {
  expect(checksums(folder({ 'java/a.jar': 'abc' }))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  java/a.jar\n',
  );
});

test('checksums and the metadata of a Maven repository are not published', () => {
  expect(publishedFiles(folder({ SHA256SUMS: '', 'java/maven-metadata.xml.md5': '', 'js/a b.tgz': '' }))).toEqual([
    'js/a b.tgz',
  ]);
});

test('files that differ, are missing or are new are found', () => {
  const one = folder({ same: '1', 'changed two': '1', missing: '1' });
  const other = folder({ same: '1', 'changed two': '2', added: '1' });
  expect(differentFiles(one, other)).toEqual(['added', 'changed two', 'missing']);
  expect(differentFiles(one, one)).toEqual([]);
});
