// The tests of the handlers and of the shipped bundles, under the Node.js version that Lambda runs them with.
import { join } from 'node:path';
import { CheckError, fetchOrSkip, INSTALL, output, part, ROOT, run } from './part';

const TESTS = ['test/lambda', 'test/tools/bundle', 'test/examples'];

void part((folder) => {
  const name = `node-${process.platform}-${process.arch}`;
  fetchOrSkip('The Node.js version of Lambda', 'npm', [...INSTALL, '--prefix', folder, `${name}@24`], folder);
  const node = join(folder, 'node_modules', name, 'bin/node');
  console.log(output(node, ['--version'], { cwd: ROOT }).trim());
  const { status, stdout, stderr } = run(node, [join(ROOT, 'node_modules/jest/bin/jest.js'), ...TESTS], { cwd: ROOT });
  if (status !== 0) throw new CheckError(`${stdout}${stderr}`);
  console.log(stderr.trim().split('\n').slice(-5).join('\n'));
});
