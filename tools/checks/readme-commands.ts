// The first commands of the README in a fresh copy of the project, under the Node.js version of the argument. None of them may
// fail or print a warning. Under the version that Lambda uses, this also tests the shipped bundles where they run. Of the tests, those
// run that depend on Node.js itself. The gate runs all of them once, under its own version.
import { cpSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeOf } from './node-version';
import { CheckError, output, part, ROOT, run } from './part';

const TESTS = ['bin', 'lambda', 'local', 'runtime'].map((folder) => `test/${folder}`).join(' ');
const COMMANDS = ['npm ci --no-audit --no-fund', `npm test -- ${TESTS}`, 'npm run demo'];

/** Copies what a commit of the working tree would hold. */
function copyProject(folder: string): void {
  const files = output('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: ROOT,
  });
  const deleted = new Set(output('git', ['ls-files', '-z', '--deleted'], { cwd: ROOT }).split('\0'));
  for (const file of files.split('\0').filter((name) => name && !deleted.has(name))) {
    cpSync(join(ROOT, file), join(folder, file), { preserveTimestamps: true });
  }
  // A user has a clone, and some tests ask Git for the files of the project.
  output('git', ['init', '--quiet'], { cwd: folder });
  output('git', ['add', '--all'], { cwd: folder });
}

void part((folder) => {
  const [, , major = ''] = process.argv;
  const node = nodeOf(major, folder);
  const project = join(folder, 'project');
  copyProject(project);
  const env = { PATH: `${dirname(node)}:${process.env.PATH}` };
  console.log(`Node.js ${output('node', ['--version'], { cwd: project, env }).trim()}`);
  for (const command of COMMANDS) {
    const [executable, ...args] = command.split(' ');
    const { status, stdout, stderr } = run(executable!, args, { cwd: project, env });
    if (status !== 0) throw new CheckError(`${command} ended with ${status}:\n${stdout}${stderr}`);
    const warnings = `${stdout}\n${stderr}`.split('\n').filter((line) => /\bwarn(ing)?\b/i.test(line));
    if (warnings.length > 0) throw new CheckError(`${command} prints warnings:\n${warnings.join('\n')}`);
    console.log(`${command}: no error, no warning`);
  }
});
