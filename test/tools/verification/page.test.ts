import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AREAS, ENTRIES } from '../../../local/aws/unconfirmed';
import { verificationPage } from '../../../tools/verification/page';

const ROOT = join(__dirname, '../../..');
const GENERATED = 'docs/verification.md';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

function filesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => pattern.test(file));
}

/** The paragraphs, items and rows of a file, each in one line and without the stars of a comment. */
function paragraphs(text: string): string[] {
  return text
    .replaceAll(/^\s*\* ?/gm, '')
    .split(/\n\s*\n|\n(?=\s*(?:[-|*]|\d+\.)\s)/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' '));
}

/** A page explains the mark itself where it says what the mark means. */
const explains = (paragraph: string) => /marked? \*?\(?|\*\(unconfirmed\)\* marks/.test(paragraph);

const marked = [...filesIn('docs', /\.md$/), ...filesIn('examples', /\.md$/), ...filesIn('lib', /\.ts$/), 'README.md']
  // The API reference repeats docstrings.
  .filter((file) => file !== GENERATED && !file.startsWith('docs/api/'))
  .flatMap((file) =>
    paragraphs(read(file))
      .filter((paragraph) => /\bunconfirmed\b/.test(paragraph) && !explains(paragraph))
      .map((paragraph) => ({ file, paragraph })),
  );
const marks = ENTRIES.flatMap(([id, entry]) => (entry.marks ?? []).map(([file, words]) => ({ id, file, words })));

test('docs/verification.md is what the list says', () => expect(read(GENERATED)).toBe(verificationPage()));

test('each entry is in the section of its area, and severe ones are named first', () => {
  const [first, ...sections] = verificationPage().split('\n## ').slice(1);
  const severe = ENTRIES.filter(([, { isSevere }]) => isSevere);
  expect([...first!.matchAll(/\]\(#(\w+)\)/g)].map(([, id]) => id)).toEqual(severe.map(([id]) => id));
  expect(severe.filter(([, { ifWrong }]) => ifWrong.startsWith('Nothing breaks'))).toEqual([]);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(AREAS);
  for (const [id, { area }] of ENTRIES) {
    const found = sections.filter((section) => section.includes(`<a id="${id}">`));
    expect(found.map((section) => section.split('\n')[0])).toEqual([area]);
  }
});

test('whatever a page or a docstring marks as unconfirmed is on the list', () => {
  const missing = marked.filter(
    ({ file, paragraph }) => !marks.some((mark) => mark.file === file && paragraph.includes(mark.words)),
  );
  expect(
    missing.map(({ file, paragraph }) => `${file}: add a mark to local/aws/unconfirmed.ts for: ${paragraph}`),
  ).toEqual([]);
});

test('each mark of the list is in its file', () => {
  const stale = marks.filter(
    ({ file, words }) => !marked.some((place) => place.file === file && place.paragraph.includes(words)),
  );
  expect(
    stale.map(({ id, file, words }) => `${id}: ${file} marks nothing as unconfirmed with the words: ${words}`),
  ).toEqual([]);
});
