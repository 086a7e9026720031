// The language of the pages, and of comments and messages in the sources: the word list in prose.yml, terminology, sentences of at
// most 35 words, and no semicolons. The rules are those of .textlintrc.json, which editors read as well.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLinter, loadTextlintrc } from 'textlint';
import type { PageFindings } from './exempt-pages';
import { conclude } from './exempt-pages';
import { pages, sources } from './files';
import { part, ROOT } from './part';
import { proseOf } from './source-prose';

type Reporter = (context: unknown, options: unknown) => Record<string, unknown>;

async function createProseLinter() {
  const descriptor = await loadTextlintrc({ configFilePath: join(ROOT, '.textlintrc.json') });
  const { rules = [] } = descriptor.toKernelOptions();
  const loaded = rules
    .map(({ ruleId }) => ruleId)
    .sort()
    .join(', ');
  // textlint ignores a configuration that it cannot read.
  if (loaded !== 'prh, sentence-length, terminology')
    throw new Error(`textlint has loaded the rules ${loaded || 'none'}`);
  return createLinter({
    descriptor: descriptor.shallowMerge({
      rules: rules.map((rule) => (rule.ruleId === 'sentence-length' ? { ...rule, rule: withCells(rule.rule) } : rule)),
    }),
  });
}

/** The rule for sentences, for cells of tables too: by itself it reads paragraphs only. */
function withCells<Rule>(rule: Rule): Rule {
  const extended: Reporter = (context, options) => {
    const handlers = (rule as Reporter)(context, options);
    return { ...handlers, TableCell: handlers.Paragraph };
  };
  return extended as Rule;
}

/** The rule counts one character per word: the pattern of the configuration skips all others. */
function inWords(message: string): string {
  const [, words] = /sentence length\((\d+)/.exec(message) ?? [];
  return words ? `a sentence has ${words} words: write sentences of at most 35` : message.replace(/\s+/g, ' ');
}

/** Checks every file against the list of exempt ones, or shows all that is found in the files that are named. */
async function checkProse(named: readonly string[]): Promise<void> {
  const linter = await createProseLinter();
  const results: PageFindings[] = [];
  for (const page of named.length > 0 ? named : [...pages(), ...sources()]) {
    const source = readFileSync(resolve(ROOT, page), 'utf8');
    const prose = page.endsWith('.md') ? undefined : proseOf(page, source);
    const { messages } = await linter.lintText(prose?.markdown ?? source, 'prose.md');
    const findings = messages.map(
      ({ line, message }) => `${page}:${prose?.lines[line - 1] ?? line}: ${inWords(message)}`,
    );
    results.push({ page, findings });
  }
  conclude('prose', results, named.length > 0 ? [] : undefined);
}

void part(() => checkProse(process.argv.slice(2).filter((argument) => !argument.startsWith('--'))));
