// Code blocks of complete apps are copies of files under examples/, which are tested. This finds copies that differ, and apps that are
// no copy. With `--write` it updates the copies.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeBlock } from './code-block';
import { codeBlocksOf, readPages, withSources } from './code-block';
import { exampleCode } from './example-region';
import { CheckError, part, ROOT } from './part';

function problemsOf({ page, line, code, source }: CodeBlock): string[] {
  if (source === undefined) {
    return code.includes('new App(')
      ? [
          `${page}:${line}: a complete app must be a copy of an example: put <!-- source: examples/… --> above the block`,
        ]
      : [];
  }
  return code === exampleCode(source) ? [] : [`${page}:${line}: the code differs from ${source}: run npm run docs`];
}

void part(() => {
  const write = process.argv.includes('--write');
  const blocks = readPages().flatMap(({ page, text }) => {
    const updated = write ? withSources(text, exampleCode) : text;
    if (updated !== text) writeFileSync(join(ROOT, page), updated);
    return codeBlocksOf(page, updated);
  });
  const problems = blocks.flatMap(problemsOf);
  if (problems.length > 0) throw new CheckError(problems.join('\n'));
  const copies = blocks.filter(({ source }) => source !== undefined).length;
  console.log(`${blocks.length} code blocks, ${copies} of them copies of examples`);
});
