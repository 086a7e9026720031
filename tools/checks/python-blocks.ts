// The syntax of the Python code blocks of the pages.
import { spawnSync } from 'node:child_process';
import { codeBlocksOf, readPages } from './code-block';
import { CheckError, part, SkipError } from './part';

const COMPILE = 'import sys; compile(sys.stdin.read(), sys.argv[1], "exec")';

void part(() => {
  const blocks = readPages()
    .flatMap(({ page, text }) => codeBlocksOf(page, text))
    .filter(({ language }) => ['py', 'python'].includes(language));
  if (blocks.length === 0) throw new CheckError('There are no Python blocks.');
  if (spawnSync('python3', ['--version']).status !== 0) {
    throw new SkipError(`Python is not installed. ${blocks.length} Python blocks were not checked.`);
  }
  const problems = blocks.flatMap(({ page, line, code }) => {
    const { status, stderr } = spawnSync('python3', ['-c', COMPILE, `${page}:${line}`], {
      input: code,
      encoding: 'utf8',
    });
    return status === 0 ? [] : [`${page}:${line}: ${stderr.trim()}`];
  });
  if (problems.length > 0) throw new CheckError(problems.join('\n'));
  console.log(`${blocks.length} Python blocks have no syntax error`);
});
