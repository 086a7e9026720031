import { join } from 'node:path';
import { CheckError, fetchOrSkip, output, run, SkipError } from '../checks/part';
import { goModule } from '../package/metadata';

/** A module that CDK requires in a version that not every proxy serves. An older one has all that is used. */
const SCHEMA = 'github.com/cdklabs/cloud-assembly-schema-go/awscdkcloudassemblyschema/v53';
const OLDER_SCHEMA = `${SCHEMA}@v53.25.0`;

/** Builds a copy of a Go program against the module that this repository generates, and returns the path of the binary. */
export function buildGo(program: string, packages: string): string {
  fetchOrSkip('Go', 'go', ['version'], '/');
  // The replacements are for this copy alone. No published go.mod contains one.
  output(
    'go',
    ['mod', 'edit', `-replace=${goModule}=${join(packages, goModule.slice(goModule.lastIndexOf('/') + 1))}`],
    {
      cwd: program,
    },
  );
  resolveModules(program);
  const unformatted = output('gofmt', ['-l', '.'], { cwd: program }).trim();
  if (unformatted) throw new CheckError(`gofmt would change ${unformatted}`);
  output('go', ['vet', './...'], { cwd: program });
  const binary = join(program, 'app');
  output('go', ['build', '-o', binary, '.'], { cwd: program });
  return binary;
}

function resolveModules(program: string): void {
  const tidy = () => run('go', ['mod', 'tidy'], { cwd: program });
  let { status, stderr } = tidy();
  if (status !== 0 && stderr.includes(SCHEMA)) {
    process.stdout.write(
      `The proxy for Go modules does not serve the version of ${SCHEMA} that CDK requires. Using an older one.\n`,
    );
    output('go', ['mod', 'edit', `-replace=${SCHEMA}=${OLDER_SCHEMA}`], { cwd: program });
    ({ status, stderr } = tidy());
  }
  if (status !== 0) throw new SkipError(`the Go modules are not available: ${stderr.trim().split('\n').at(-1)}`);
}
