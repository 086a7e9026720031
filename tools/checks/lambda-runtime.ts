// The shipped bundles as Lambda runs them: by AWS's runtime interface client, under the Node.js version of the functions. Only the
// runtime API and the services are emulated. The client is compiled on the machine, so this needs a C++ compiler, make and CMake.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nodeOf } from './node-version';
import { CheckError, fetchOrSkip, INSTALL, output, part, ROOT, run, SkipError } from './part';

/** The major version of Node.js in the runtime of the functions, and a client that supports it. */
const NODE = '24';
const CLIENT = 'aws-lambda-ric@4.0.2';
const COMPILERS = ['g++', 'make', 'cmake', 'python3', 'xz'];

/** Installs the client and returns its entry point. Only the client's own scripts run, which compile it. */
function installClient(folder: string, node: string): string {
  const nodeFolder = join(dirname(node), '..');
  const missing = COMPILERS.filter(
    (command) => run('sh', ['-c', `command -v ${command}`], { cwd: folder }).status !== 0,
  );
  if (missing.length > 0) throw new SkipError(`${CLIENT} could not be compiled without ${missing.join(', ')}`);
  // The client is for Linux alone, and node-gyp would download the headers of Node.js.
  if (process.platform !== 'linux') throw new SkipError(`${CLIENT} could not be compiled on ${process.platform}`);
  if (!existsSync(join(nodeFolder, 'include/node/node.h')))
    throw new SkipError(`${CLIENT} could not be compiled without the headers of Node.js beside ${node}`);
  fetchOrSkip(CLIENT, 'npm', [...INSTALL, '--prefix', folder, CLIENT], folder);
  output('npm', ['rebuild', 'aws-lambda-ric'], {
    cwd: folder,
    env: { PATH: `${dirname(node)}:${process.env.PATH}`, npm_config_nodedir: nodeFolder },
  });
  return join(folder, 'node_modules/aws-lambda-ric/index.mjs');
}

void part((folder) => {
  const node = nodeOf(NODE, folder);
  const client = installClient(folder, node);
  console.log(`Node.js ${output(node, ['--version'], { cwd: folder }).trim()}, ${CLIENT}`);
  const { status, stdout, stderr } = run(
    'npx',
    ['--no-install', 'jest', '--testPathIgnorePatterns=/node_modules/', '--testMatch=**/*.runtime-client.test.ts'],
    { cwd: ROOT, env: { LAMBDA_NODE: node, RUNTIME_INTERFACE_CLIENT: client } },
  );
  console.log(stderr);
  if (status !== 0) throw new CheckError(`the tests ended with ${status}:\n${stdout}`);
});
