import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Builds the invoker like a `NodejsFunction` with `minify`, `mainFields: ['module', 'main']` and the SDK in the bundle, and no other
 * option.
 *
 * @param withS3 the invoker that also puts payloads in S3
 * @returns where it is
 */
export async function buildStock({ withS3 }: { readonly withS3: boolean }): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'stock-bundle-')), 'index.js');
  await build({
    absWorkingDir: join(__dirname, '..'),
    entryPoints: [`lambda/${withS3 ? 'requests' : 'invoker'}/index.ts`],
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
