import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Builds the invoker as a `NodejsFunction` would that is told to minify, to take `mainFields: ['module', 'main']` and to bundle
 * the SDK, and nothing else.
 *
 * @param withS3 whether the client for payloads that go through S3 is in the file, as esbuild puts it there; ours has it in a file of its own
 * @returns where it is
 */
export async function buildStock({ withS3 }: { readonly withS3: boolean }): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'stock-bundle-')), 'index.js');
  await build({
    absWorkingDir: join(__dirname, '..'),
    entryPoints: ['lambda/invoker/index.ts'],
    external: withS3 ? [] : ['./input-store.js'],
    outfile,
    bundle: true,
    minify: true,
    mainFields: ['module', 'main'],
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    tsconfigRaw: {},
    logLevel: 'silent',
  });
  return outfile;
}
