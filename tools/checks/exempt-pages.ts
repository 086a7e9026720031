import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CheckError, readJson, ROOT } from './part';

const LIST = 'tools/checks/exempt-pages.json';

/** The checks that a file can be exempt from. */
export type PageCheck = 'prose' | 'codeBlocks';

/** What a check finds in one file, a line per finding. */
export interface PageFindings {
  readonly page: string;
  readonly findings: readonly string[];
}

/** The reasons for which a check fails: findings in files that are not exempt, and stale entries of the list. */
export function failures(results: readonly PageFindings[], exempt: readonly string[]): string[] {
  const failing = failingPages(results);
  return [
    ...results.filter(({ page }) => !exempt.includes(page)).flatMap(({ findings }) => findings),
    ...exempt
      .filter((page) => !failing.includes(page))
      .map((page) => `${page} passes or does not exist, but ${LIST} has it: remove the entry, or run with --write`),
  ];
}

function failingPages(results: readonly PageFindings[]): string[] {
  return results.filter(({ findings }) => findings.length > 0).map(({ page }) => page);
}

/** The files that the list exempts from a check. With `--write`, stale entries leave the list. It never grows by itself. */
function exemptFrom(check: PageCheck, results: readonly PageFindings[]): readonly string[] {
  const list = readJson<Record<PageCheck, string[]>>(ROOT, LIST);
  if (process.argv.includes('--write')) {
    const failing = failingPages(results);
    list[check] = list[check].filter((page) => failing.includes(page));
    writeFileSync(join(ROOT, LIST), `${JSON.stringify(list, null, 2)}\n`);
  }
  return list[check];
}

/**
 * Ends a check of files.
 *
 * @throws CheckError if there are findings in files that are not exempt, or stale entries in the list
 */
export function conclude(
  check: PageCheck,
  results: readonly PageFindings[],
  exempt: readonly string[] = exemptFrom(check, results),
): void {
  if (results.length === 0) throw new CheckError(`${check}: there is no file to check`);
  const lines = failures(results, exempt);
  const summary = `${check}: ${results.length} files, ${exempt.length} of them exempt, ${lines.length} problems`;
  if (lines.length > 0) throw new CheckError([...lines, summary].join('\n'));
  console.log(summary);
}
