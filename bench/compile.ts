import { join } from 'node:path';
import { build } from 'esbuild';

const compiled = new Map<string, Promise<string>>();

/**
 * Compiles a process of the bench into a file that plain Node.js runs, as users do. A loader that compiles during the run would be
 * part of every measurement. The file is beside its source, so that its imports work.
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
