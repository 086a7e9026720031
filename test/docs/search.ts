import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(__dirname, '../../docs');

/** A heading with what follows it. */
export interface Section {
  readonly page: string;
  readonly heading: string;
  /** The text up to the next heading of its level or above. */
  readonly text: string;
  /** The text up to the next heading of any level. */
  readonly beginning: string;
}

export const PAGES = readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.md'));

export const readPage = (page: string): string => readFileSync(join(DOCS, page), 'utf8');

/** The sections of a page. Headings in code blocks are none. */
export function sectionsOf(page: string): Section[] {
  const text = readPage(page);
  const prose = text.replaceAll(/^( *)```[^]*?^\1```/gm, (block) => ' '.repeat(block.length));
  const headings = [...prose.matchAll(/^(#+) (.+)$/gm)].map((match) => ({
    level: match[1]!.length,
    heading: match[2]!,
    start: match.index,
  }));
  return headings.map(({ level, heading, start }, index) => {
    const next = headings.slice(index + 1).find((later) => later.level <= level);
    return {
      page,
      heading,
      text: text.slice(start, next?.start),
      beginning: text.slice(start, headings[index + 1]?.start),
    };
  });
}

const STOP_WORDS = new Set(
  'a an and are at be by can do does for from get how i in is it my not of on or the this to was what when where which with'.split(
    ' ',
  ),
);

function termsOf(text: string): string[] {
  // Readers search for words, not for the targets of links.
  const words = text.replaceAll(/\]\([^)]*\)/g, ']');
  return (words.toLowerCase().match(/[a-z0-9]+/g) ?? [])
    .filter((term) => !STOP_WORDS.has(term))
    .map((term) => term.replace(/(?<=[a-z]{3})(?:es|s|ed|ing)$/, ''));
}

/** The pages by how well their best section matches the words of a query, best first: BM25, with headings counted three times. */
export function search(sections: readonly Section[], query: string): string[] {
  const documents = sections.map(({ page, heading, beginning }) => ({
    page,
    terms: termsOf(`${heading} ${heading} ${beginning}`),
  }));
  const mean = documents.reduce((sum, { terms }) => sum + terms.length, 0) / documents.length;
  const scores = new Map<string, number>();
  const rarity = new Map(
    [...new Set(termsOf(query))].map((term) => {
      const having = documents.filter(({ terms }) => terms.includes(term)).length;
      return [term, Math.log(1 + (documents.length - having + 0.5) / (having + 0.5))] as const;
    }),
  );
  for (const { page, terms } of documents) {
    const score = [...rarity].reduce((sum, [term, weight]) => {
      const count = terms.filter((other) => other === term).length;
      return sum + (weight * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * terms.length) / mean));
    }, 0);
    scores.set(page, Math.max(score, scores.get(page) ?? 0));
  }
  return [...scores].sort(([, one], [, other]) => other - one).map(([page]) => page);
}
