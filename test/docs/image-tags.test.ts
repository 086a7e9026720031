import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import imageTags from '../../bin/image-tags.json';

const ROOT = join(__dirname, '../..');
const TAG = /\d[\d.]*-transformers[\d.]+-cpu-[a-z0-9.-]+/g;

const pages = ['README.md', 'docs', 'examples', 'lib', 'test/languages'].flatMap((path) =>
  path.endsWith('.md')
    ? [path]
    : readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && /\.(ts|md|py|go|java|cs)$/.test(entry.name))
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
        // Generated from the docstrings.
        .filter((page) => !page.startsWith('docs/api/')),
);

test('every page and example names the newest Hugging Face image of the tables', () => {
  const newest = imageTags.find(
    ({ repository, processor }) => repository === 'huggingface-pytorch-inference' && processor === 'cpu',
  )!.tag;
  const tags = pages.flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(TAG)].map(([tag]) => `${page}: ${tag}`),
  );
  expect(tags.length).toBeGreaterThan(10);
  expect(tags.filter((tag) => !tag.endsWith(`: ${newest}`))).toEqual([]);
});
