import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { absoluteLinks } from './absolute-links';
import { metadata, repositoryUrl, ROOT } from './metadata';

const FILE = join(ROOT, '.jsii.gz');

interface Assembly {
  readonly readme: { markdown: string };
}

/** Makes the links of the README in the compiled assembly absolute. PyPI, Maven and NuGet show that text. */
export function linkReadme(): void {
  const assembly = JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as Assembly;
  assembly.readme.markdown = absoluteLinks(assembly.readme.markdown, `${repositoryUrl}/blob/v${metadata.version}/`);
  writeFileSync(FILE, gzipSync(JSON.stringify(assembly)));
}
