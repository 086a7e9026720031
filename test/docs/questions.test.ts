import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { QUESTIONS } from './questions';
import { PAGES, readPage, search, sectionsOf } from './search';

/** What a search for a user's words should find within the first results. */
const FIRST = 3;

const DOCS = join(__dirname, '../../docs');
const sections = PAGES.filter((page) => !page.startsWith('api/')).flatMap(sectionsOf);

/** The pages under docs/ that a page links to. */
function linksOf(page: string): string[] {
  return [...readPage(page).matchAll(/\]\(([^)#\s]+)/g)]
    .map(([, target]) => normalize(join(dirname(page), target!)).replaceAll('\\', '/'))
    .filter((target) => target.endsWith('.md') && existsSync(join(DOCS, target)) && !target.startsWith('..'));
}

test('every page is reachable from the index', () => {
  const reached = new Set(['README.md']);
  for (const page of reached) for (const target of linksOf(page)) reached.add(target);
  expect(PAGES.filter((page) => !reached.has(page)).map((page) => `docs/README.md leads to docs/${page}`)).toEqual([]);
});

test('the index links to each page of its own folder directly', () => {
  const linked = linksOf('README.md');
  expect(PAGES.filter((page) => !page.includes('/') && page !== 'README.md' && !linked.includes(page))).toEqual([]);
});

test.each(QUESTIONS)('"$question" is answered', ({ answer: [page, heading], words }) => {
  const section = sections.find((other) => other.page === page && other.heading === heading);
  const text = section?.text.replaceAll(/\s+/g, ' ').toLowerCase();
  expect({ page, heading, isThere: section !== undefined }).toEqual({ page, heading, isThere: true });
  expect(words.filter((word) => !text?.includes(word.toLowerCase()))).toEqual([]);
});

test.each(QUESTIONS)('"$question" is found by its own words', ({ question, answer: [page] }) => {
  expect(search(sections, question).slice(0, FIRST)).toContain(page);
});

test('no question is asked twice', () => {
  expect(new Set(QUESTIONS.map(({ question }) => question)).size).toBe(QUESTIONS.length);
});
