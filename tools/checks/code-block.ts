import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages } from './files';
import { ROOT } from './part';

/** A fenced code block of a page. */
export interface CodeBlock {
  readonly page: string;
  /** The line of the page that the code begins at. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** Where the code comes from, by the marker above the block: a file of the repository, and a region of it. */
  readonly source?: string;
}

/** A block from its marker, if it has one, to its closing fence. Blocks within list items are indented. */
const BLOCK = /^(?:( *)<!-- source: (\S+) -->\n)?( *)```(\w*)[^\n]*\n([^]*?)^\3```$/gm;

export function codeBlocksOf(page: string, text: string): CodeBlock[] {
  return [...text.matchAll(BLOCK)].map((match) => {
    const [whole, , source, indent = '', language = '', code = ''] = match;
    const end = match.index + whole.length - indent.length - '```'.length;
    return {
      page,
      line: text.slice(0, end - code.length).split('\n').length,
      language,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      ...(source !== undefined && { source }),
    };
  });
}

/** The text of `page` with the code of every block that has a source replaced by `codeOf`. */
export function withSources(text: string, codeOf: (source: string) => string): string {
  return text.replaceAll(BLOCK, (whole: string, _: string, source: string | undefined, indent: string) => {
    if (source === undefined) return whole;
    const code = codeOf(source).replace(/^(?=.)/gm, indent);
    const [opening] = /^[^]*?```[^\n]*\n/.exec(whole)!;
    return `${opening}${code}${indent}\`\`\``;
  });
}

export function readPages(): { page: string; text: string }[] {
  return pages().map((page) => ({ page, text: readFileSync(join(ROOT, page), 'utf8') }));
}
