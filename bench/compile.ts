import { join } from 'node:path';
import { build } from 'esbuild';

const compiled = new Map<string, Promise<string>>();

/**
 * Compiles a process of the bench into a file that plain Node.js runs, as users run what is compiled: a loader that compiles on the
 * way has its own part in every function that is made. The file lies beside its source, and finds what that finds.
 */
export function compile(name: string): Promise<string> {
  // Once: a process that has just been started may be reading the file
  const known = compiled.get(name) ?? write(name);
  compiled.set(name, known);
  return known;
}

async function write(name: string): Promise<string> {
  const outfile = join(__dirname, `.${name}.cjs`);
  await build({
    entryPoints: [join(__dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    packages: 'external',
    plugins: [
      {
        name: 'library',
        setup: (esbuild) => {
          esbuild.onResolve({ filter: /^\.\.\/lib$/ }, () => ({ path: '../dist/index.js', external: true }));
        },
      },
    ],
    platform: 'node',
    target: 'node20',
    tsconfigRaw: {},
    logLevel: 'error',
  });
  return outfile;
}
