// The syntax of the pages' Python code blocks, where Python is installed.
import { spawnSync } from 'node:child_process';
import { codeBlocksOf, readPages } from './code-block';

/** The exit code of a part of the gate that cannot run here. */
const SKIPPED = 77;

const blocks = readPages()
  .flatMap(({ page, text }) => codeBlocksOf(page, text))
  .filter(({ language }) => language === 'python');

if (spawnSync('python3', ['--version']).status !== 0) {
  process.stdout.write(`python3 is not installed, so ${blocks.length} Python blocks are not checked\n`);
  process.exitCode = SKIPPED;
} else {
  const problems = blocks.flatMap(({ page, line, code }) => {
    const compile = 'import sys; compile(sys.stdin.read(), sys.argv[1], "exec")';
    const { status, stderr } = spawnSync('python3', ['-c', compile, `${page}:${line}`], {
      input: code,
      encoding: 'utf8',
    });
    return status === 0 ? [] : [`${page}:${line}: ${stderr.trim()}`];
  });
  process.stdout.write([...problems, `${blocks.length} Python blocks, ${problems.length} problems`, ''].join('\n'));
  process.exitCode = problems.length === 0 && blocks.length > 0 ? 0 : 1;
}
